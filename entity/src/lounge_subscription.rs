//! Somebody's subscription to a lounge's voice.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One subscription; at most one a user and lounge, however often it was paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "lounge_subscriptions")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// To which lounge.
    #[sea_orm(unique_key = "community_user")]
    pub community_id: Uuid,
    /// Whose.
    #[sea_orm(unique_key = "community_user")]
    pub user_id: String,
    /// Until when it is paid.
    pub paid_until: DateTimeUtc,
    /// Whether it ends with what is paid, by its owner's wish.
    pub is_cancelled: bool,
    /// The most that the next period may cost when it renews itself; none when it does not.
    pub agreed_price: Option<i64>,
    /// When renewing it is tried next.
    pub renew_at: Option<DateTimeUtc>,
    /// When it was first paid for.
    pub created_at: DateTimeUtc,
}

/// What a subscription belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// To which lounge.
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

impl ActiveModelBehavior for ActiveModel {}
