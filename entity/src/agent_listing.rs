//! An agent as its owner wrote it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "agent_listings")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who wrote it.
    pub owner_id: String,
    /// What it is called, 1 to 100 characters.
    pub agent_name: String,
    /// Name and description folded, which is what a search looks at.
    pub search_fold: String,
    /// What it is for; empty where nothing was said.
    pub description: String,
    /// URL of its picture.
    pub avatar_url: Option<String>,
    /// The model that answers for it by its name; empty: the operator's default.
    pub model: String,
    /// What the model is told to be. For the owner's eyes only.
    pub system_prompt: String,
    /// What it says to one who opens a chat with it.
    pub welcome: String,
    /// The most characters of a question.
    pub input_char_limit: i32,
    /// The voice that reads its answers; empty: the operator's default.
    pub tts_voice: String,
    /// Whole coins that may be spent on it in one day of UTC; none: no limit.
    pub daily_spend_cap: Option<i64>,
    /// Whether it answers.
    pub status: Status,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// Whether an agent answers.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// It answers.
    Active,
    /// Its owner took it back.
    Archived,
}

/// What an agent belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who wrote it.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::OwnerId", to = "super::user::Column::Id")]
    Owner,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
