//! Batched loading of communities, memberships and mutes.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::{ban, community, membership, mute};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        PageRows, Window,
        communities::{self, MemberRow},
        wallet,
    },
    error::Result,
    graphql::{
        dataloader::{Loader, by_first},
        loaders::Own,
    },
};

/// Loads communities that the viewer may see.
pub(in crate::graphql) struct Communities;
/// Loads memberships by user and community.
pub(in crate::graphql) struct OwnMemberships;
/// Loads the creator's revenue of the last 30 days by community.
pub(in crate::graphql) struct Revenues;
/// Loads mutes in force by community and member.
pub(in crate::graphql) struct Mutes;

/// Loads pages of the members of visible communities.
pub(in crate::graphql) struct Members;
/// Loads pages of bans by community; nothing if the viewer may not see them.
pub(in crate::graphql) struct Bans;

/// A page of members: role or all, window, and whether to count the total.
pub(in crate::graphql) type MembersPart = (Option<membership::Role>, Window, bool);
/// A page of bans: viewer, window, and whether to count the total.
pub(in crate::graphql) type BansPart = (String, Window, bool);

/// The viewer of a community, as far as it decides visibility.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::graphql) enum ViewerId {
    /// A viewer who is not signed in.
    Anonymous,
    /// A signed-in account.
    Account(String),
    /// An administrator, who sees every community that another object refers to.
    Administrator,
}

/// A community and its key for one viewer.
pub(in crate::graphql) type VisibleCommunity = (ViewerId, Uuid);

impl Loader for Communities {
    type Key = VisibleCommunity;
    type Value = community::Model;

    async fn load(
        app: &App,
        keys: &[VisibleCommunity],
    ) -> Result<HashMap<VisibleCommunity, community::Model>> {
        let mut found = HashMap::new();
        for (seer, ids) in by_first(keys) {
            let rows = match seer {
                ViewerId::Anonymous => communities::list_visible(app, None, &ids).await,
                ViewerId::Account(id) => communities::list_visible(app, Some(id), &ids).await,
                ViewerId::Administrator => communities::list_by_ids(app, &ids).await,
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
            let rows = wallet::list_earnings(app, user, &ids, since).await?;
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

impl Loader for Members {
    type Key = (MembersPart, Uuid);
    type Value = PageRows<MemberRow>;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (part, ids) in by_first(keys) {
            let (role, window, total) = *part;
            let slices = communities::list_members(app, &ids, role, window, total).await?;
            found.extend(slices.into_iter().map(|(id, slice)| ((*part, id), slice)));
        }
        Ok(found)
    }
}

impl Loader for Bans {
    type Key = (BansPart, Uuid);
    type Value = PageRows<ban::Model>;

    async fn load(app: &App, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (part, ids) in by_first(keys) {
            let (actor, window, total) = part;
            let slices = communities::list_bans(app, actor, &ids, *window, *total).await?;
            found.extend(slices.into_iter().map(|(id, slice)| ((part.clone(), id), slice)));
        }
        Ok(found)
    }
}
