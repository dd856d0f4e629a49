//! One customer's chat with an official account: how it stands.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One chat; one a customer and community for ever. What happened in it is a conversation, each of its rounds an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "support_chats")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Where it is said.
    #[sea_orm(unique)]
    pub conversation_id: Uuid,
    /// With which community.
    pub community_id: Uuid,
    /// Whose.
    pub customer_id: String,
    /// Who has to do something about it.
    pub status: Status,
    /// Who of the team answers, or answered last.
    pub assignee_id: Option<String>,
    /// Since when the customer waits for somebody to take it.
    pub waiting_since: Option<DateTimeUtc>,
    /// The number of its newest episode, from 1.
    pub episode: i32,
    /// Since when the team owes the customer an answer.
    pub unanswered_since: Option<DateTimeUtc>,
    /// When that answer is late by what the community promises itself; none once it was told.
    pub response_due_at: Option<DateTimeUtc>,
    /// When the assignee loses it unless they answer.
    pub answer_due_at: Option<DateTimeUtc>,
    /// The sooner of the two, which is what timers look for.
    pub due_at: Option<DateTimeUtc>,
    /// Since when the answer that is owed is late.
    pub late_since: Option<DateTimeUtc>,
    /// How many notes the team has made.
    pub note_count: i32,
    /// When it was begun.
    pub created_at: DateTimeUtc,
    /// When somebody last said something or it last changed hands.
    pub updated_at: DateTimeUtc,
}

/// Who has to do something about a support chat.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// An agent answers.
    AiActive,
    /// The customer waits for a person.
    WaitingHuman,
    /// A person answers.
    HumanActive,
    /// Nobody: it is done until the customer comes back.
    Resolved,
}

/// What a chat leads to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Where it is said.
    #[sea_orm(
        belongs_to = "super::conversation::Entity",
        from = "Column::ConversationId",
        to = "super::conversation::Column::Id",
        on_delete = "Cascade"
    )]
    Conversation,
    /// Whose.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::CustomerId",
        to = "super::user::Column::Id"
    )]
    Customer,
}

impl Related<super::conversation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
