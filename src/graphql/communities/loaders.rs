//! Rows about communities that many fields of one answer ask for, loaded together.

use std::{collections::HashMap, hash::Hash};

use chrono::TimeDelta;
use entity::{community, membership, mute};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{Result, communities, wallet},
    graphql::{dataloader::Loader, loaders::Own},
};

/// Loads communities that somebody, or nobody in particular, may see.
pub(in crate::graphql) struct Communities;
/// Loads communities by id, for what refers to them.
pub(in crate::graphql) struct CommunitiesById;
/// Loads somebody's memberships by community.
pub(in crate::graphql) struct OwnMemberships;
/// Loads what somebody earned with their communities in the last 30 days.
pub(in crate::graphql) struct Revenues;
/// Loads mutes in force by community and member.
pub(in crate::graphql) struct Mutes;

/// A community as somebody sees it; none: as everybody does.
pub(in crate::graphql) type Seen = (Option<String>, Uuid);

impl Loader for Communities {
    type Key = Seen;
    type Value = community::Model;

    async fn load(app: &App, keys: &[Seen]) -> Result<HashMap<Seen, community::Model>> {
        let mut found = HashMap::new();
        for (viewer, ids) in by_first(keys) {
            let rows = communities::list_visible(app, viewer.as_deref(), &ids).await?;
            found.extend(rows.into_iter().map(|row| ((viewer.clone(), row.id), row)));
        }
        Ok(found)
    }
}

impl Loader for CommunitiesById {
    type Key = Uuid;
    type Value = community::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, community::Model>> {
        let rows = communities::list_by_ids(app, ids).await?;
        Ok(rows.into_iter().map(|community| (community.id, community)).collect())
    }
}

impl Loader for OwnMemberships {
    type Key = Own;
    type Value = membership::Model;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, membership::Model>> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = communities::list_own(app, user, &ids).await?;
            found.extend(rows.into_iter().map(|row| ((user.clone(), row.community_id), row)));
        }
        Ok(found)
    }
}

impl Loader for Revenues {
    type Key = Own;
    type Value = i64;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, i64>> {
        let since = app.clock.now() - TimeDelta::days(30);
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = wallet::list_earned(app, user, &ids, since).await?;
            found.extend(rows.into_iter().map(|(id, earned)| ((user.clone(), id), earned)));
        }
        Ok(found)
    }
}

impl Loader for Mutes {
    type Key = (Uuid, String);
    type Value = mute::Model;

    async fn load(app: &App, keys: &[(Uuid, String)]) -> Result<HashMap<(Uuid, String), mute::Model>> {
        let rows = communities::list_mutes(app, keys).await?;
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
