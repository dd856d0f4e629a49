//! Batched loading of lounges, voice allowances and subscriptions.

use std::collections::HashMap;

use entity::{lounge, lounge_subscription};
use uuid::Uuid;

use crate::{
    app::App,
    domain::lounges::{self, Allowance},
    error::Result,
    graphql::{
        dataloader::{Loader, by_first},
        loaders::Own,
    },
};

/// Loads the fields that only lounges have.
pub(in crate::graphql) struct Lounges;
/// Loads the viewer's voice allowance of today by lounge.
pub(in crate::graphql) struct Allowances;
/// Loads the viewer's subscriptions by lounge.
pub(in crate::graphql) struct OwnSubscriptions;

impl Loader for Lounges {
    type Key = Uuid;
    type Value = lounge::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, lounge::Model>> {
        let rows = lounges::list_by_ids(app, ids).await?;
        Ok(rows.into_iter().map(|lounge| (lounge.community_id, lounge)).collect())
    }
}

impl Loader for Allowances {
    type Key = Own;
    type Value = Allowance;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, Allowance>> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = lounges::list_allowances(app, user, &ids).await?;
            found.extend(rows.into_iter().map(|(id, allowance)| ((user.clone(), id), allowance)));
        }
        Ok(found)
    }
}

impl Loader for OwnSubscriptions {
    type Key = Own;
    type Value = lounge_subscription::Model;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, lounge_subscription::Model>> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = lounges::list_own(app, user, &ids).await?;
            found.extend(rows.into_iter().map(|row| ((user.clone(), row.community_id), row)));
        }
        Ok(found)
    }
}
