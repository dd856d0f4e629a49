//! Rows about support chats that many fields of one answer ask for, loaded together.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use entity::{support_chat, support_episode};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{communities, conversations::Person, support},
    graphql::loaders::Shared,
};

/// Loads support chats by conversation.
pub(in crate::graphql) struct Chats(pub(in crate::graphql) App);
/// Loads people as they are known in communities.
pub(in crate::graphql) struct Known(pub(in crate::graphql) App);
/// Loads those who wait, in their order, by community.
pub(in crate::graphql) struct Waiting(pub(in crate::graphql) App);
/// Loads episodes by chat.
pub(in crate::graphql) struct Episodes(pub(in crate::graphql) App);

impl Loader<Uuid> for Chats {
    type Value = support_chat::Model;
    type Error = Shared;

    async fn load(&self, conversations: &[Uuid]) -> Result<HashMap<Uuid, support_chat::Model>, Shared> {
        let rows = support::list_chats(&self.0, conversations).await.map_err(Arc::new)?;
        Ok(rows.into_iter().map(|chat| (chat.conversation_id, chat)).collect())
    }
}

impl Loader<(Uuid, String)> for Known {
    type Value = Person;
    type Error = Shared;

    async fn load(&self, keys: &[(Uuid, String)]) -> Result<HashMap<(Uuid, String), Person>, Shared> {
        let known = communities::list_known(&self.0, keys).await.map_err(Arc::new)?;
        Ok(known.into_iter().map(|(community, person)| ((community, person.id.clone()), person)).collect())
    }
}

impl Loader<Uuid> for Waiting {
    type Value = Vec<Uuid>;
    type Error = Shared;

    async fn load(&self, communities: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, Shared> {
        support::list_waiting(&self.0, communities).await.map_err(Arc::new)
    }
}

impl Loader<Uuid> for Episodes {
    type Value = Vec<support_episode::Model>;
    type Error = Shared;

    async fn load(&self, chats: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Shared> {
        let rows = support::list_episodes(&self.0, chats).await.map_err(Arc::new)?;
        let mut by_chat: HashMap<Uuid, Self::Value> = HashMap::new();
        for row in rows {
            by_chat.entry(row.chat_id).or_default().push(row);
        }
        Ok(by_chat)
    }
}
