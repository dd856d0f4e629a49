//! Rows about lounges that many fields of one answer ask for, loaded together.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use entity::{lounge, lounge_subscription};
use uuid::Uuid;

use crate::{
    app::App,
    domain::lounges::{self, Allowance},
    graphql::{
        communities::loaders::by_first,
        loaders::{Own, Shared},
    },
};

/// Loads what lounges have of their own.
pub(in crate::graphql) struct Lounges(pub(in crate::graphql) App);
/// Loads what somebody may hear of lounges today.
pub(in crate::graphql) struct Allowances(pub(in crate::graphql) App);
/// Loads somebody's subscriptions by lounge.
pub(in crate::graphql) struct OwnSubscriptions(pub(in crate::graphql) App);

impl Loader<Uuid> for Lounges {
    type Value = lounge::Model;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, lounge::Model>, Shared> {
        let rows = lounges::list_by_ids(&self.0, ids).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|lounge| (lounge.community_id, lounge)).collect())
    }
}

impl Loader<Own> for Allowances {
    type Value = Allowance;
    type Error = Shared;

    async fn load(&self, keys: &[Own]) -> Result<HashMap<Own, Allowance>, Shared> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = lounges::list_allowances(&self.0, user, &ids).await.map_err(Arc::new)?;
            found.extend(rows.into_iter().map(|(id, allowance)| ((user.clone(), id), allowance)));
        }
        Ok(found)
    }
}

impl Loader<Own> for OwnSubscriptions {
    type Value = lounge_subscription::Model;
    type Error = Shared;

    async fn load(&self, keys: &[Own]) -> Result<HashMap<Own, lounge_subscription::Model>, Shared> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let rows = lounges::list_own(&self.0, user, &ids).await.map_err(Arc::new)?;
            found.extend(rows.into_iter().map(|row| ((user.clone(), row.community_id), row)));
        }
        Ok(found)
    }
}
