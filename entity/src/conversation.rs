//! Conversations of all kinds: community rooms, support chats, lounge chats, chats of space sessions.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A conversation and the end of its log.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Kind of the conversation.
    pub kind: Kind,
    /// Unique key of the conversation's subject, such as `room:<community>`.
    #[sea_orm(unique)]
    pub scope: String,
    /// Id of the community.
    pub community_id: Option<Uuid>,
    /// The space session that it belongs to.
    pub space_session_id: Option<Uuid>,
    /// Id of the customer, if the conversation is private to one.
    pub customer_id: Option<String>,
    /// Sequence number of the newest event; 0 if there is none.
    pub last_seq: i64,
    /// Number of messages ever posted, which is the newest message's number.
    pub message_count: i64,
    /// Time of the newest event, or of creation, in microseconds since 1970; the next event is later.
    pub last_micros: i64,
    /// Time of creation.
    pub created_at: DateTimeUtc,
}

/// Kind of a conversation.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// The room of a community, for all its members.
    Room,
    /// One customer's chat with an official account.
    Support,
    /// One member's chat with a lounge's agent.
    Lounge,
    /// The chat of a space session, for all users who can see the space.
    SpaceSession,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The space session.
    #[sea_orm(
        belongs_to = "super::space_session::Entity",
        from = "Column::SpaceSessionId",
        to = "super::space_session::Column::Id",
        on_delete = "Cascade"
    )]
    Session,
}

impl Related<super::space_session::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Session.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
