//! Reports of messages and users.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A report on a message or a user. A reporter has at most one open report on the same target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "reports")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the reporter.
    pub reporter_id: String,
    /// Name of the reporter at that time and place.
    pub reporter_name: String,
    /// Unique key of the target.
    pub target: String,
    /// Id of the community, if any.
    pub community_id: Option<Uuid>,
    /// Id of the space, if any.
    pub space_id: Option<Uuid>,
    /// Id of the conversation.
    pub conversation_id: Option<Uuid>,
    /// Id of the message, if any.
    pub message_id: Option<Uuid>,
    /// Text of the message at the time of the report.
    pub content: Option<String>,
    /// Id of the reported user; `None` for an agent's message.
    pub user_id: Option<String>,
    /// Name of the reported user or agent at that time and place.
    pub user_name: Option<String>,
    /// Rank of the reported user's role; only higher roles see the report.
    pub user_rank: i32,
    /// Reason of the report.
    pub reason: Reason,
    /// The reporter's note.
    pub note: Option<String>,
    /// Status of the report.
    pub status: Status,
    /// Outcome of the report.
    pub outcome: Option<Outcome>,
    /// Id of the closing user.
    pub closed_by_id: Option<String>,
    /// Note of the closing user.
    pub closing_note: Option<String>,
    /// Time of the report.
    pub created_at: DateTimeUtc,
    /// Time of closing.
    pub closed_at: Option<DateTimeUtc>,
}

/// Reason of the report.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Reason {
    /// Unsolicited advertising.
    Spam,
    /// Persecution or insults.
    Harassment,
    /// Attacks on people for their identity.
    Hate,
    /// Violence or incitement to violence.
    Violence,
    /// Sexual content.
    Sexual,
    /// A risk of self-harm.
    SelfHarm,
    /// Fraud.
    Scam,
    /// Impersonation of another person.
    Impersonation,
    /// Another reason, described by the note.
    Other,
}

/// Status of the report.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// Not decided.
    Open,
    /// Decided.
    Closed,
}

/// Outcome of a report.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Outcome {
    /// The report was upheld.
    Upheld,
    /// The report was dismissed.
    Dismissed,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The reporter.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ReporterId",
        to = "super::user::Column::Id"
    )]
    Reporter,
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// The reported user.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
    /// The closing user.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ClosedById",
        to = "super::user::Column::Id"
    )]
    ClosedBy,
}

impl ActiveModelBehavior for ActiveModel {}
