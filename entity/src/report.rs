//! What somebody reported.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One report, on a message or a person; of somebody at most one on the same thing is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "reports")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who reported it.
    pub reporter_id: String,
    /// The name that they went by there.
    pub reporter_name: String,
    /// What it is on, as one word.
    pub target: String,
    /// In which community, where it was in one.
    pub community_id: Option<Uuid>,
    /// In which space, where it was in one.
    pub space_id: Option<Uuid>,
    /// In which conversation.
    pub conversation_id: Option<Uuid>,
    /// Which message, where it is on one.
    pub message_id: Option<Uuid>,
    /// What the message said when it was reported.
    pub content: Option<String>,
    /// Who is reported; none for what an agent said.
    pub user_id: Option<String>,
    /// The name that they went by there, a person or an agent.
    pub user_name: Option<String>,
    /// The rank of the role that they had: only those above it see the report.
    pub user_rank: i32,
    /// What is wrong.
    pub reason: Reason,
    /// More of it, in the reporter's words.
    pub note: Option<String>,
    /// Whether somebody has seen to it.
    pub status: Status,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Who closed it.
    pub closed_by_id: Option<String>,
    /// What they noted.
    pub closing_note: Option<String>,
    /// When it was reported.
    pub created_at: DateTimeUtc,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
}

/// What is wrong.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Reason {
    /// Advertising that nobody asked for.
    Spam,
    /// Somebody is pursued or insulted.
    Harassment,
    /// People are attacked for what they are.
    Hate,
    /// Violence, or a call for it.
    Violence,
    /// Sexual content.
    Sexual,
    /// Somebody may harm themselves.
    SelfHarm,
    /// A fraud.
    Scam,
    /// Somebody pretends to be another.
    Impersonation,
    /// Something else; the note says what.
    Other,
}

/// Whether somebody has seen to it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// Nobody has.
    Open,
    /// Somebody has.
    Closed,
}

/// What came of a report.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Outcome {
    /// Something was done about it.
    Upheld,
    /// There was nothing to do.
    Dismissed,
}

/// What it leads to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who reported it.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ReporterId",
        to = "super::user::Column::Id"
    )]
    Reporter,
    /// In which community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// Who is reported.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
    /// Who closed it.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ClosedById",
        to = "super::user::Column::Id"
    )]
    ClosedBy,
}

impl ActiveModelBehavior for ActiveModel {}
