//! Agent listings.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An agent listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "agent_listings")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the owner.
    pub owner_id: String,
    /// Name, 1 to 100 characters.
    pub agent_name: String,
    /// Folded name and description, for search.
    pub search_fold: String,
    /// Description; may be empty.
    pub description: String,
    /// URL of the picture.
    pub avatar_url: Option<String>,
    /// Name of the model; empty: the operator's default.
    pub model: String,
    /// System prompt, which only the owner may read.
    pub system_prompt: String,
    /// Message shown when a user opens a chat with the agent.
    pub welcome: String,
    /// Maximum characters of a question.
    pub input_char_limit: i32,
    /// Voice of spoken replies; empty: the operator's default.
    pub tts_voice: String,
    /// Maximum coins that may be spent on it in one UTC day; `None`: no limit.
    pub daily_spend_cap: Option<i64>,
    /// Whether the agent is active.
    pub status: Status,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time of the last change.
    pub updated_at: DateTimeUtc,
}

/// Status of an agent.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// The agent answers questions.
    Active,
    /// The owner archived the agent.
    Archived,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The owner.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::OwnerId", to = "super::user::Column::Id")]
    Owner,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
