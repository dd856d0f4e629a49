//! What happened in a conversation, with what listeners are shown of it.

use chrono::{DateTime, Utc};
use entity::conversation_event::Kind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MessageRow;
use crate::live::{self, Position};

/// Somebody as they are known in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account's id.
    pub id: String,
    /// The name they go by here.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
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
}

impl live::Event for Event {
    fn position(&self) -> Position {
        self.position
    }
}
