//! What happened in a conversation, with what listeners are shown of it.

use chrono::{DateTime, Utc};
use entity::{conversation_event::Kind, support_chat::Status};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MessageRow;
use crate::{
    domain::User,
    live::{self, Position},
};

/// Somebody as they are known in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account's id.
    pub id: String,
    /// The name they go by here.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the name is not their account's, which is not to be shown then.
    pub is_alias: bool,
}

impl Person {
    /// Somebody who may go by another name here than their own, which is not shown then, nor is their picture.
    pub fn known_as(user: User, name: Option<String>) -> Self {
        match name {
            Some(name) => Self::alias(user.id, name),
            None => user.into(),
        }
    }

    /// Somebody who goes by another name than their own.
    pub fn alias(id: String, name: String) -> Self {
        Self { id, name, image: None, is_alias: true }
    }
}

/// Something that happened in a conversation.
#[derive(Clone, Debug)]
pub struct Event {
    /// In which conversation.
    pub conversation_id: Uuid,
    /// Its number.
    pub position: Position,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: Kind,
    /// The message that it is about, as it is now.
    pub message: Option<MessageRow>,
    /// The person that it is about.
    pub person: Option<Person>,
    /// How a support chat stood then, where that is what happened.
    pub support: Option<Status>,
}

impl live::Event for Event {
    fn position(&self) -> Position {
        self.position
    }
}
