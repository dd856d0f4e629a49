//! Paid periods of lounge subscriptions.

use sea_orm::entity::prelude::*;

/// A paid period. Rows are only added.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lounge_periods")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the lounge subscription.
    pub subscription_id: Uuid,
    /// Id of the community.
    pub community_id: Uuid,
    /// Begin of the period.
    pub begins_at: DateTimeUtc,
    /// End of the period.
    pub ends_at: DateTimeUtc,
    /// Price in coins.
    pub price: i64,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The lounge subscription.
    #[sea_orm(
        belongs_to = "super::lounge_subscription::Entity",
        from = "Column::SubscriptionId",
        to = "super::lounge_subscription::Column::Id"
    )]
    Subscription,
}

impl ActiveModelBehavior for ActiveModel {}
