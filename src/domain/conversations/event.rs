//! Events of a conversation, with the data that subscribers see.

use chrono::{DateTime, Utc};
use entity::{conversation_event::Kind, support_chat::Status};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::MessageRow;
use crate::{
    domain::User,
    live::{self, Position},
};

/// A user as shown in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account's id.
    pub id: String,
    /// Name in this conversation.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the name is an alias; the account's name and picture are hidden then.
    pub is_alias: bool,
}

impl Person {
    /// Creates a person with an optional alias, which hides the account's name and picture.
    pub fn known_as(user: User, name: Option<String>) -> Self {
        match name {
            Some(name) => Self::alias(user.id, name),
            None => user.into(),
        }
    }

    /// Creates a person with an alias.
    pub fn alias(id: String, name: String) -> Self {
        Self { id, name, image: None, is_alias: true }
    }
}

/// An event of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    /// The conversation.
    pub conversation_id: Uuid,
    /// Sequence number in the conversation, from 1.
    pub position: Position,
    /// Time of the event.
    pub at: DateTime<Utc>,
    /// Kind of the event.
    pub kind: Kind,
    /// The message concerned, in its current state.
    #[serde(serialize_with = "without_search_text")]
    pub message: Option<MessageRow>,
    /// The person concerned.
    pub person: Option<Person>,
    /// Status of the support chat after the event, if the event changed it.
    pub support: Option<Status>,
}

/// Leaves out the words for search, which no subscriber receives.
fn without_search_text<S: Serializer>(row: &Option<MessageRow>, to: S) -> Result<S::Ok, S::Error> {
    let mut row = row.clone();
    if let Some(row) = &mut row {
        row.message.search_text.clear();
    }
    row.serialize(to)
}

impl live::Event for Event {
    fn position(&self) -> Position {
        self.position
    }
}
