//! Events of agent replies.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An event of a reply.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "agent_reply_events")]
pub struct Model {
    /// Id of the agent reply.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reply_id: Uuid,
    /// Sequence number in the reply, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Kind of the event.
    pub kind: Kind,
    /// A piece of the reply, an error, or the URL of the audio; an empty piece is the whole text of the reply.
    pub text: String,
}

/// Kind of an event.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// The reply began.
    Meta,
    /// A piece of text.
    Chunk,
    /// The reply failed.
    Error,
    /// The reply ended.
    Done,
    /// The audio is available.
    AudioReady,
    /// The expected audio will not come. It is not published; it only ends the wait for the audio.
    Silent,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
