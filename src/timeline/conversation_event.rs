//! Events of a conversation, with the data that subscribers see.

use chrono::{DateTime, Utc};
use entity::{conversation_event::Kind, support_chat::Status};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::{MessageRow, Person};
use crate::live::{self, Position};

/// An event of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConversationEvent {
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

impl live::Event for ConversationEvent {
    fn position(&self) -> Position {
        self.position
    }
}
