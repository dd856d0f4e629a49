//! Batched loading of agents and agent replies.

use std::collections::HashMap;

use entity::{agent_listing, agent_reply};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        agents::{self, CommunityAgent},
        conversations::ReadRight,
    },
    error::Result,
    graphql::{
        dataloader::{Loader, by_first},
        loaders::Own,
    },
};

/// Loads active agent listings by id.
pub(in crate::graphql) struct Listings;
/// Loads agent replies by conversation and question. The caller has checked the right to read the
/// conversation.
pub(in crate::graphql) struct AskedBy;
/// Loads the knowledge of the viewer's own agents.
pub(in crate::graphql) struct KnowledgeTexts;
/// Loads the agents of communities.
pub(in crate::graphql) struct CommunityAgents;

impl Loader for Listings {
    type Key = Uuid;
    type Value = agent_listing::Model;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, agent_listing::Model>> {
        let rows = agents::list_active_by_ids(app, ids).await?;
        Ok(rows.into_iter().map(|listing| (listing.id, listing)).collect())
    }
}

impl Loader for CommunityAgents {
    type Key = Uuid;
    type Value = Vec<CommunityAgent>;

    async fn load(app: &App, communities: &[Uuid]) -> Result<HashMap<Uuid, Vec<CommunityAgent>>> {
        let rows = agents::list_of_communities(app, communities).await?;
        let mut by_community: HashMap<Uuid, Vec<CommunityAgent>> = HashMap::new();
        for row in rows {
            by_community.entry(row.0.community_id).or_default().push(row);
        }
        Ok(by_community)
    }
}

impl Loader for KnowledgeTexts {
    type Key = Own;
    type Value = Vec<agents::Knowledge>;

    async fn load(app: &App, keys: &[Own]) -> Result<HashMap<Own, Self::Value>> {
        let mut found = HashMap::new();
        for (user, ids) in by_first(keys) {
            let known = agents::list_knowledge(app, user, &ids).await?;
            found.extend(known.into_iter().map(|(id, known)| ((user.clone(), id), known)));
        }
        Ok(found)
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
