//! The log of an agent's answer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One event, as it was told.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "agent_reply_events")]
pub struct Model {
    /// Of which answer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reply_id: Uuid,
    /// Its number, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// What happened.
    pub kind: Kind,
    /// A piece of the answer, what went wrong, or where the speech is; an empty piece is all of the answer's text.
    pub text: String,
}

/// What happens to an answer.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// It was asked for.
    Meta,
    /// A piece of it was said.
    Chunk,
    /// It broke off.
    Error,
    /// It has ended.
    Done,
    /// It can be heard.
    AudioReady,
    /// It was to be heard, and will not be. Nobody is told: whoever waited for it need not any more.
    Silent,
}

/// What an event belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
