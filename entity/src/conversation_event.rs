//! The event logs of conversations.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An event. It refers to the rows that it is about.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation_events")]
pub struct Model {
    /// Id of the conversation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: Uuid,
    /// Sequence number, one more than the previous one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Kind of the event.
    pub kind: Kind,
    /// Id of the message, if any.
    pub message_id: Option<Uuid>,
    /// Id of the user, if any.
    pub user_id: Option<String>,
    /// Display name of the user at that time, if it differed from the account's name.
    pub alias: Option<String>,
    /// Status of the support chat after the event, for `SupportChanged`.
    pub support_status: Option<super::support_chat::Status>,
    /// Time of the event.
    pub created_at: DateTimeUtc,
}

/// Kind of the event.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "snake_case")]
pub enum Kind {
    /// A message was posted.
    MessagePosted,
    /// A message's text was changed.
    MessageEdited,
    /// A message was deleted.
    MessageDeleted,
    /// Reactions to a message were added or removed.
    MessageReacted,
    /// A message got audio.
    MessageSpoken,
    /// A user became a member.
    MemberJoined,
    /// A member's role, display name or rights changed.
    MemberChanged,
    /// A member left.
    MemberLeft,
    /// A member was removed or banned.
    MemberRemoved,
    /// A user joined or rejoined the session.
    ParticipantJoined,
    /// A participant left the session.
    ParticipantLeft,
    /// The session's state, phase or status changed.
    SessionChanged,
    /// The support chat's status or assignee changed.
    SupportChanged,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The conversation.
    #[sea_orm(
        belongs_to = "super::conversation::Entity",
        from = "Column::ConversationId",
        to = "super::conversation::Column::Id",
        on_delete = "Cascade"
    )]
    Conversation,
}

impl Related<super::conversation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
