//! A chat of any kind: a community's room, a customer's support, a lounge's talk, a space session's chat.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One conversation and the ends of its log.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What kind of chat it is.
    pub kind: Kind,
    /// What it is the conversation of, such as `room:<community>`; what makes it the only one.
    #[sea_orm(unique)]
    pub scope: String,
    /// The community that it belongs to.
    pub community_id: Option<Uuid>,
    /// The space session that it belongs to.
    pub space_session_id: Option<Uuid>,
    /// The one person whom it is for, where it is not for all.
    pub customer_id: Option<String>,
    /// The number of the log's newest event; 0 when there is none.
    pub last_seq: i64,
    /// How many messages were ever posted, which is the newest one's number.
    pub message_count: i64,
    /// The newest event's time, or when it was made, in microseconds since 1970: the next event is later.
    pub last_micros: i64,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What kind of chat a conversation is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// The room of a community, for all its members.
    Room,
    /// One customer's chat with an official account.
    Support,
    /// One person's talk with a lounge's agent.
    Lounge,
    /// The chat of a space session, for those who see the space.
    SpaceSession,
}

/// What a conversation belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The space session that it belongs to.
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
