//! Subscriptions of users to lounges.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A subscription, at most one for each user and lounge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "lounge_subscriptions")]
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
    /// End of the paid time.
    pub paid_until: DateTimeUtc,
    /// Whether the user cancelled it, so that it ends with the paid time.
    pub is_cancelled: bool,
    /// Maximum price of the next period for automatic renewal; `None` without automatic renewal.
    pub agreed_price: Option<i64>,
    /// Time of the next renewal attempt.
    pub renew_at: Option<DateTimeUtc>,
    /// Time of the first payment.
    pub created_at: DateTimeUtc,
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

impl ActiveModelBehavior for ActiveModel {}
