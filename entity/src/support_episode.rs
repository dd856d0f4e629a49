//! Episodes of support chats.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An episode, from a question to its resolution. Only the newest episode of a chat can be open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "support_episodes")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the support chat.
    #[sea_orm(unique_key = "chat_number")]
    pub chat_id: Uuid,
    /// Id of the community.
    pub community_id: Uuid,
    /// Number in the chat, from 1.
    #[sea_orm(unique_key = "chat_number")]
    pub number: i32,
    /// Begin of the episode.
    pub opened_at: DateTimeUtc,
    /// Id of the customer's first message in the episode.
    pub question_id: Option<Uuid>,
    /// Time of the first answer of a person.
    pub first_response_at: Option<DateTimeUtc>,
    /// Time to the first answer, in milliseconds.
    pub first_response_ms: Option<i64>,
    /// Number of later answers of people.
    pub next_responses: i32,
    /// Total time to the later answers, in milliseconds.
    pub next_response_ms: i64,
    /// Number of agent replies.
    pub ai_answers: i32,
    /// Whether the first answer missed its deadline.
    pub first_was_late: bool,
    /// Number of later answers that missed their deadline.
    pub next_were_late: i32,
    /// Whether the away message was posted.
    pub away_told: bool,
    /// Time of the resolution.
    pub resolved_at: Option<DateTimeUtc>,
    /// Kind of the resolver.
    pub resolved_by: Option<ResolvedBy>,
    /// Id of the resolving user.
    pub resolver_id: Option<String>,
    /// The customer's rating, 1 to 5.
    pub rating: Option<i32>,
    /// The customer's comment on the rating.
    pub comment: Option<String>,
    /// Time of the rating.
    pub rated_at: Option<DateTimeUtc>,
}

/// Kind of an episode's resolver.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum ResolvedBy {
    /// The agent: its answers sufficed, and no person answered.
    Ai,
    /// A team member.
    Person,
    /// The customer.
    Customer,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The support chat.
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
