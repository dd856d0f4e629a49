//! Memberships of users in communities.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A membership, at most one for each user and community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the community.
    #[sea_orm(unique_key = "community_user")]
    pub community_id: Uuid,
    /// Id of the user.
    #[sea_orm(unique_key = "community_user")]
    pub user_id: String,
    /// Role of the member.
    pub role: Role,
    /// Rank of the role in lists: creator 0, moderators 1, others 2.
    pub role_rank: i32,
    /// Display name in the community, if it differs from the account's name.
    pub display_name: Option<String>,
    /// Time of joining.
    pub joined_at: DateTimeUtc,
    /// End of the paid time; `None` if the membership is free.
    pub paid_until: Option<DateTimeUtc>,
    /// Whether the member cancelled it, so that it ends with the paid time.
    pub is_cancelled: bool,
    /// Maximum price of the next period for automatic renewal; `None` without automatic renewal.
    pub agreed_fee: Option<i64>,
    /// Time of the next renewal attempt.
    pub renew_at: Option<DateTimeUtc>,
}

/// Role of a member.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Role {
    /// Runs the community; there is exactly one.
    Creator,
    /// Moderates the community.
    Moderator,
    /// Answers customers.
    CsAgent,
    /// Has no further rights.
    Member,
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
    /// The user.
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
