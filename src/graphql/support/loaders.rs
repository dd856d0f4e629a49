//! Batched loading of support chats and episodes.

use std::collections::HashMap;

use entity::{support_chat, support_episode};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{communities, conversations::Person, support},
    error::Result,
    graphql::{dataloader::Loader, lists},
};

/// Loads support chats by conversation.
pub(in crate::graphql) struct Chats;
/// Loads users under their names in communities.
pub(in crate::graphql) struct Known;
/// Loads positions of waiting customers by community and chat.
pub(in crate::graphql) struct Positions;
/// Loads episodes by chat.
pub(in crate::graphql) struct Episodes;

impl Loader for Chats {
    type Key = Uuid;
    type Value = support_chat::Model;

    async fn load(app: &App, conversations: &[Uuid]) -> Result<HashMap<Uuid, support_chat::Model>> {
        let rows = support::list_chats(app, conversations).await?;
        Ok(rows.into_iter().map(|chat| (chat.conversation_id, chat)).collect())
    }
}

impl Loader for Known {
    type Key = (Uuid, String);
    type Value = Person;

    async fn load(app: &App, keys: &[(Uuid, String)]) -> Result<HashMap<(Uuid, String), Person>> {
        let known = communities::list_known(app, keys).await?;
        Ok(known.into_iter().map(|(community, person)| ((community, person.id.clone()), person)).collect())
    }
}

impl Loader for Positions {
    type Key = (Uuid, Uuid);
    type Value = u64;

    async fn load(app: &App, chats: &[(Uuid, Uuid)]) -> Result<HashMap<(Uuid, Uuid), u64>> {
        support::list_positions(app, chats).await
    }
}

impl Loader for Episodes {
    type Key = Uuid;
    type Value = Vec<support_episode::Model>;

    async fn load(app: &App, chats: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>> {
        let rows = support::list_episodes(app, chats, lists::EPISODES as u64).await?;
        let mut by_chat: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in rows {
            by_chat.entry(row.chat_id).or_default().push(row);
        }
        Ok(by_chat)
    }
}
