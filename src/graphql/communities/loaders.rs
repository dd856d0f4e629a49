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
/// Loads somebody's memberships by community.
pub(in crate::graphql) struct OwnMemberships;
/// Loads what somebody earned with their communities in the last 30 days.
pub(in crate::graphql) struct Revenues;
/// Loads mutes in force by community and member.
pub(in crate::graphql) struct Mutes;

/// Who wants to see a community.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::graphql) enum Seer {
    /// Who is not signed in.
    Anybody,
    /// An account.
    Account(String),
    /// An administrator, where something refers to it that administrators look after.
    Administrator,
}

/// A community as somebody sees it.
pub(in crate::graphql) type Seen = (Seer, Uuid);

impl Loader for Communities {
    type Key = Seen;
    type Value = community::Model;

    async fn load(app: &App, keys: &[Seen]) -> Result<HashMap<Seen, community::Model>> {
        let mut found = HashMap::new();
        for (seer, ids) in by_first(keys) {
            let rows = match seer {
                Seer::Anybody => communities::list_visible(app, None, &ids).await,
                Seer::Account(id) => communities::list_visible(app, Some(id), &ids).await,
                Seer::Administrator => communities::list_by_ids(app, &ids).await,
            };
            found.extend(rows?.into_iter().map(|row| ((seer.clone(), row.id), row)));
        }
        Ok(found)
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
