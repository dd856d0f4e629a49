//! Verification requests of official accounts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A request. A community has at most one pending request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "verification_requests")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the community.
    pub community_id: Uuid,
    /// Id of the requester.
    pub requester_id: String,
    /// Name of the business.
    pub business_name: Option<String>,
    /// Registration number of the business.
    pub business_registration: Option<String>,
    /// URL of the documents, which is never fetched.
    pub documents_url: Option<String>,
    /// Status of the request.
    pub status: Status,
    /// 1 while pending, else 0; pending requests are listed first.
    pub status_rank: i32,
    /// Id of the deciding administrator.
    pub reviewer_id: Option<String>,
    /// Notes of the administrator.
    pub reviewer_notes: Option<String>,
    /// Time of the request.
    pub created_at: DateTimeUtc,
    /// Time of the decision.
    pub reviewed_at: Option<DateTimeUtc>,
}

/// Status of a request.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// An administrator has not decided.
    Pending,
    /// The official account is verified.
    Approved,
    /// The request was rejected.
    Rejected,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// The requester.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::RequesterId",
        to = "super::user::Column::Id"
    )]
    Requester,
    /// The deciding administrator.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ReviewerId",
        to = "super::user::Column::Id"
    )]
    Reviewer,
}

impl ActiveModelBehavior for ActiveModel {}
