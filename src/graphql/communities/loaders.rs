//! Rows about communities that many fields of one answer ask for, loaded together.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::dataloader::Loader;
use chrono::TimeDelta;
use entity::{community, membership, mute};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{communities, wallet},
    graphql::loaders::{Own, Shared},
};

/// Loads communities that somebody, or nobody in particular, may see.
pub(in crate::graphql) struct Communities(pub(in crate::graphql) App);
/// Loads communities by id, for what refers to them.
pub(in crate::graphql) struct CommunitiesById(pub(in crate::graphql) App);
/// Loads somebody's memberships by community.
pub(in crate::graphql) struct OwnMemberships(pub(in crate::graphql) App);
/// Loads what somebody earned with their communities in the last 30 days.
pub(in crate::graphql) struct Revenues(pub(in crate::graphql) App);
/// Loads mutes in force by community and member.
pub(in crate::graphql) struct Mutes(pub(in crate::graphql) App);

/// A community as somebody sees it; none: as everybody does.
pub(in crate::graphql) type Seen = (Option<String>, Uuid);

impl Loader<Seen> for Communities {
    type Value = community::Model;
    type Error = Shared;

    async fn load(&self, keys: &[Seen]) -> Result<HashMap<Seen, community::Model>, Shared> {
        let mut found = HashMap::new();
        for (viewer, ids) in by_first(keys) {
            let rows = communities::list_visible(&self.0, viewer.as_deref(), &ids).await.map_err(Arc::new)?;
            found.extend(rows.into_iter().map(|row| ((viewer.clone(), row.id), row)));
        }
        Ok(found)
    }
}

impl Loader<Uuid> for CommunitiesById {
    type Value = community::Model;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, community::Model>, Shared> {
        let rows = communities::list_by_ids(&self.0, ids).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|community| (community.id, community)).collect())
    }
}

impl Loader<Own> for OwnMemberships {
    type Value = membership::Model;
    type Error = Shared;

    async fn load(&self, keys: &[Own]) -> Result<HashMap<Own, membership::Model>, Shared> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = communities::list_own(&self.0, user, &ids).await.map_err(Arc::new)?;
            found.extend(rows.into_iter().map(|row| ((user.clone(), row.community_id), row)));
        }
        Ok(found)
    }
}

impl Loader<Own> for Revenues {
    type Value = i64;
    type Error = Shared;

    async fn load(&self, keys: &[Own]) -> Result<HashMap<Own, i64>, Shared> {
        let since = self.0.clock.now() - TimeDelta::days(30);
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = wallet::list_earned(&self.0, user, &ids, since).await.map_err(Arc::new)?;
            found.extend(rows.into_iter().map(|(id, earned)| ((user.clone(), id), earned)));
        }
        Ok(found)
    }
}

impl Loader<(Uuid, String)> for Mutes {
    type Value = mute::Model;
    type Error = Shared;

    async fn load(&self, keys: &[(Uuid, String)]) -> Result<HashMap<(Uuid, String), mute::Model>, Shared> {
        let rows = communities::list_mutes(&self.0, keys).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|mute| ((mute.community_id, mute.user_id.clone()), mute)).collect())
    }
}

/// Requests of several people may be loaded together: a statement for each of them.
pub(in crate::graphql) fn by_first<A: Eq + Hash>(keys: &[(A, Uuid)]) -> HashMap<&A, Vec<Uuid>> {
    let mut ids: HashMap<&A, Vec<Uuid>> = HashMap::new();
    for (who, id) in keys {
        ids.entry(who).or_default().push(*id);
    }
    ids
}
