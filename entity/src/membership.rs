//! A person's place in one community.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One membership; at most one a user and community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which community.
    #[sea_orm(unique_key = "community_user")]
    pub community_id: Uuid,
    /// Whose.
    #[sea_orm(unique_key = "community_user")]
    pub user_id: String,
    /// What they may do.
    pub role: Role,
    /// Where the role stands in the list of members: the creator 0, moderators 1, everybody else 2.
    pub role_rank: i32,
    /// The name they go by here instead of their account's.
    pub display_name: Option<String>,
    /// When they came in.
    pub joined_at: DateTimeUtc,
    /// Until when they have paid; none where there is nothing to pay.
    pub paid_until: Option<DateTimeUtc>,
    /// Whether it ends with what is paid, by their own wish.
    pub is_cancelled: bool,
    /// The most that the next period may cost when it renews itself; none when it does not.
    pub agreed_fee: Option<i64>,
    /// When renewing it is tried next.
    pub renew_at: Option<DateTimeUtc>,
}

/// What a member may do.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Role {
    /// Runs the community; there is one.
    Creator,
    /// Keeps order.
    Moderator,
    /// Answers customers.
    CsAgent,
    /// Takes part.
    Member,
}

/// What a membership belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which community.
    #[sea_orm(
        belongs_to = "super::community::Entity",
        from = "Column::CommunityId",
        to = "super::community::Column::Id"
    )]
    Community,
    /// Whose.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<super::community::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Community.def()
    }
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
