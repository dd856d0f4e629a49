//! What happened in a conversation, in the order in which it happened: the log.

use sea_orm::entity::prelude::*;

/// One event; what it is about is read where it is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation_events")]
pub struct Model {
    /// In which conversation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: Uuid,
    /// Its number, one more than the one before.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// What happened.
    pub kind: Kind,
    /// The message that it is about.
    pub message_id: Option<Uuid>,
    /// The person that it is about.
    pub user_id: Option<String>,
    /// The name they went by then, where it was not their account's.
    pub alias: Option<String>,
    /// How a support chat stood then, where that is what happened.
    pub support_status: Option<super::support_chat::Status>,
    /// When it happened.
    pub created_at: DateTimeUtc,
}

/// What happened.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "snake_case")]
pub enum Kind {
    /// A message was posted.
    MessagePosted,
    /// A message's text was changed.
    MessageEdited,
    /// A message was deleted.
    MessageDeleted,
    /// Reactions to a message were added or taken back.
    MessageReacted,
    /// What a message says can be heard.
    MessageSpoken,
    /// Somebody became a member.
    MemberJoined,
    /// A member's role, name or rights changed.
    MemberChanged,
    /// A member left.
    MemberLeft,
    /// A member was removed or banned.
    MemberRemoved,
    /// Somebody came into the session, or came back.
    ParticipantJoined,
    /// Somebody left the session.
    ParticipantLeft,
    /// The session's state, phase or status changed.
    SessionChanged,
    /// The support chat stands otherwise: somebody waits, answers or is done.
    SupportChanged,
}

/// What an event belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// In which conversation.
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
