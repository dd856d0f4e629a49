//! Rows about agents that many fields of one answer ask for, loaded together.

use std::collections::HashMap;

use entity::{agent_listing, agent_reply};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        Result,
        agents::{self, Place},
        conversations::ReadRight,
    },
    graphql::dataloader::Loader,
};

/// Loads agents by id, for what refers to them.
pub(in crate::graphql) struct Listings;
/// Loads the answers that messages asked for, by their conversation, which may be read, and the message.
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
    type Key = (ReadRight, Uuid);
    type Value = agent_reply::Model;

    async fn load(app: &App, questions: &[Self::Key]) -> Result<HashMap<Self::Key, agent_reply::Model>> {
        let rows = agents::list_asked_by(app, questions).await?;
        let right = |reply: &agent_reply::Model| {
            questions.iter().copied().find(|(_, question)| *question == reply.question_id)
        };
        Ok(rows.into_iter().filter_map(|reply| Some((right(&reply)?, reply))).collect())
    }
}
