//! Support chats of customers with official accounts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A support chat, exactly one for each customer and community. It has a conversation and one or more episodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "support_chats")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the conversation.
    #[sea_orm(unique)]
    pub conversation_id: Uuid,
    /// Id of the community.
    pub community_id: Uuid,
    /// Id of the customer.
    pub customer_id: String,
    /// Status of the chat.
    pub status: Status,
    /// Id of the current or last assignee.
    pub assignee_id: Option<String>,
    /// Time since when the customer waits for an assignee.
    pub waiting_since: Option<DateTimeUtc>,
    /// Number of the newest episode, from 1.
    pub episode: i32,
    /// Time of the first unanswered customer message.
    pub unanswered_since: Option<DateTimeUtc>,
    /// Response deadline; `None` after the breach was reported.
    pub response_due_at: Option<DateTimeUtc>,
    /// Time at which the assignee loses the chat without an answer.
    pub answer_due_at: Option<DateTimeUtc>,
    /// The earlier of both deadlines, which the timers query.
    pub due_at: Option<DateTimeUtc>,
    /// Time of the breach of the response deadline.
    pub late_since: Option<DateTimeUtc>,
    /// When the last answer that was late should have been given, whether it was given since or not.
    pub last_late_at: Option<DateTimeUtc>,
    /// The number of a message that the customer wrote while the agent answered another: from it on the agent is yet to
    /// be asked.
    pub unasked_from: Option<i64>,
    /// Number of notes.
    pub note_count: i32,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time of the last message or assignment.
    pub updated_at: DateTimeUtc,
}

/// Status of a support chat.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// An agent answers.
    AiActive,
    /// The customer waits for a person.
    WaitingHuman,
    /// A person answers.
    HumanActive,
    /// Resolved until the customer returns.
    Resolved,
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
    /// The customer.
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
