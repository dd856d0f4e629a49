//! One round of a support chat: from a question to its resolution.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One episode; the one that is not resolved is the chat's newest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "support_episodes")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which chat.
    #[sea_orm(unique_key = "chat_number")]
    pub chat_id: Uuid,
    /// With which community.
    pub community_id: Uuid,
    /// The how manieth of its chat it is, from 1.
    #[sea_orm(unique_key = "chat_number")]
    pub number: i32,
    /// When it began.
    pub opened_at: DateTimeUtc,
    /// The customer's first message in it.
    pub question_id: Option<Uuid>,
    /// When a person first answered.
    pub first_response_at: Option<DateTimeUtc>,
    /// How long the customer waited for that, in milliseconds.
    pub first_response_ms: Option<i64>,
    /// How many answers of people followed that were owed.
    pub next_responses: i32,
    /// How long the customer waited for all of these together, in milliseconds.
    pub next_response_ms: i64,
    /// How many answers an agent gave.
    pub ai_answers: i32,
    /// Whether the first answer of a person was late.
    pub first_was_late: bool,
    /// How many of the answers that followed were late.
    pub next_were_late: i32,
    /// Whether the customer was told that nobody is there at this hour.
    pub away_told: bool,
    /// When it was resolved.
    pub resolved_at: Option<DateTimeUtc>,
    /// By whom.
    pub resolved_by: Option<ResolvedBy>,
    /// Who said that it is resolved.
    pub resolver_id: Option<String>,
    /// What the customer gave it, 1 to 5.
    pub rating: Option<i32>,
    /// What the customer said to that.
    pub comment: Option<String>,
    /// When they did.
    pub rated_at: Option<DateTimeUtc>,
}

/// By whom an episode was resolved.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum ResolvedBy {
    /// By an agent: the customer was content with its answers, and no person took part.
    Ai,
    /// By the team.
    Person,
    /// By the customer.
    Customer,
}

/// What an episode belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which chat.
    #[sea_orm(
        belongs_to = "super::support_chat::Entity",
        from = "Column::ChatId",
        to = "super::support_chat::Column::Id",
        on_delete = "Cascade"
    )]
    Chat,
}

impl Related<super::support_chat::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Chat.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
