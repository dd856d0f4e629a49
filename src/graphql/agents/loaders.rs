//! Rows about agents that many fields of one answer ask for, loaded together.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use entity::{agent_listing, agent_reply};
use uuid::Uuid;

use crate::{
    app::App,
    domain::agents::{self, Place},
    graphql::loaders::Shared,
};

/// Loads agents by id, for what refers to them.
pub(in crate::graphql) struct Listings(pub(in crate::graphql) App);
/// Loads the answers that messages asked for.
pub(in crate::graphql) struct AskedBy(pub(in crate::graphql) App);
/// Loads the agents of communities.
pub(in crate::graphql) struct Places(pub(in crate::graphql) App);

impl Loader<Uuid> for Listings {
    type Value = agent_listing::Model;
    type Error = Shared;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, agent_listing::Model>, Shared> {
        let rows = agents::list_by_ids(&self.0, ids).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|listing| (listing.id, listing)).collect())
    }
}

impl Loader<Uuid> for Places {
    type Value = Vec<Place>;
    type Error = Shared;

    async fn load(&self, communities: &[Uuid]) -> Result<HashMap<Uuid, Vec<Place>>, Shared> {
        let rows = agents::list_places(&self.0, communities).await.map_err(Arc::new)?;
        let mut by_community: HashMap<Uuid, Vec<Place>> = HashMap::new();
        for row in rows {
            by_community.entry(row.0.community_id).or_default().push(row);
        }
        Ok(by_community)
    }
}

impl Loader<Uuid> for AskedBy {
    type Value = agent_reply::Model;
    type Error = Shared;

    async fn load(&self, questions: &[Uuid]) -> Result<HashMap<Uuid, agent_reply::Model>, Shared> {
        let rows = agents::list_asked_by(&self.0, questions).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|reply| (reply.question_id, reply)).collect())
    }
}
