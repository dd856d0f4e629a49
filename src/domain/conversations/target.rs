//! Conversations as addressed by clients, and the scopes under which they are stored.

use entity::conversation::{self, Kind};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

/// A conversation as addressed by clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// By its id.
    Conversation(Uuid),
    /// The room of a community.
    Room(Uuid),
    /// The chat of a space session.
    Session(Uuid),
}

impl Target {
    /// Returns the id that addresses it.
    pub(super) fn id(&self) -> Uuid {
        let (Self::Conversation(id) | Self::Room(id) | Self::Session(id)) = self;
        *id
    }

    /// Returns the condition that selects it.
    pub(super) fn condition(&self) -> Condition {
        Condition::all().add(match self {
            Self::Conversation(id) => conversation::Column::Id.eq(*id),
            Self::Room(community) => conversation::Column::Scope.eq(room_scope(*community)),
            Self::Session(session) => conversation::Column::Scope.eq(session_scope(*session)),
        })
    }

    /// Returns whether it addresses this conversation.
    pub(super) fn is(&self, conversation: &conversation::Model) -> bool {
        match self {
            Self::Conversation(id) => conversation.id == *id,
            Self::Room(community) => {
                conversation.kind == Kind::Room && conversation.community_id == Some(*community)
            }
            Self::Session(session) => conversation.space_session_id == Some(*session),
        }
    }
}

/// Returns the unique key of the room of a community.
pub(crate) fn room_scope(community: Uuid) -> String {
    format!("room:{community}")
}

/// Returns the unique key of a customer's support chat.
pub(crate) fn support_scope(community: Uuid, customer: &str) -> String {
    format!("support:{community}:{customer}")
}

/// Returns the unique key of the chat of a space session.
pub(crate) fn session_scope(session: Uuid) -> String {
    format!("session:{session}")
}

/// Returns the unique key of a customer's lounge chat.
pub(crate) fn lounge_chat_scope(community: Uuid, customer: &str) -> String {
    format!("lounge:{community}:{customer}")
}
