//! Rows about agents that many fields of one answer ask for, loaded together.

use std::collections::HashMap;

use entity::{agent_listing, agent_reply};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        Result,
        agents::{self, Place},
    },
    graphql::dataloader::Loader,
};

/// Loads agents by id, for what refers to them.
pub(in crate::graphql) struct Listings;
/// Loads the answers that messages asked for.
pub(in crate::graphql) struct AskedBy;
/// Loads the agents of communities.
pub(in crate::graphql) struct Places;

impl Loader for Listings {
    type Key = Uuid;
    type Value = agent_listing::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, agent_listing::Model>> {
        let rows = agents::list_by_ids(app, ids).await?;
        Ok(rows.into_iter().map(|listing| (listing.id, listing)).collect())
    }
}

impl Loader for Places {
    type Key = Uuid;
    type Value = Vec<Place>;

    async fn load(app: &App, communities: &[Uuid]) -> Result<HashMap<Uuid, Vec<Place>>> {
        let rows = agents::list_places(app, communities).await?;
        let mut by_community: HashMap<Uuid, Vec<Place>> = HashMap::new();
        for row in rows {
            by_community.entry(row.0.community_id).or_default().push(row);
        }
        Ok(by_community)
    }
}

impl Loader for AskedBy {
    type Key = Uuid;
    type Value = agent_reply::Model;

    async fn load(app: &App, questions: &[Uuid]) -> Result<HashMap<Uuid, agent_reply::Model>> {
        let rows = agents::list_asked_by(app, questions).await?;
        Ok(rows.into_iter().map(|reply| (reply.question_id, reply)).collect())
    }
}
