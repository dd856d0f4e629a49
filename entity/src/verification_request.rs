//! A business that asks to be verified.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One request; of a community at most one waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "verification_requests")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Which community.
    pub community_id: Uuid,
    /// Who asked.
    pub requester_id: String,
    /// What the business is called.
    pub business_name: Option<String>,
    /// Its number in a register.
    pub business_registration: Option<String>,
    /// Where its documents are; never fetched.
    pub documents_url: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// 1 while it waits, else 0: what waits is listed first.
    pub status_rank: i32,
    /// The administrator that judged it.
    pub reviewer_id: Option<String>,
    /// What they noted.
    pub reviewer_notes: Option<String>,
    /// When it was sent.
    pub created_at: DateTimeUtc,
    /// When it was judged.
    pub reviewed_at: Option<DateTimeUtc>,
}

/// Where a request stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// It waits for an administrator.
    Pending,
    /// The community is who it says.
    Approved,
    /// It was not shown that it is.
    Rejected,
}

/// What it belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// Who asked.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::RequesterId",
        to = "super::user::Column::Id"
    )]
    Requester,
    /// The administrator that judged it.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ReviewerId",
        to = "super::user::Column::Id"
    )]
    Reviewer,
}

impl ActiveModelBehavior for ActiveModel {}
