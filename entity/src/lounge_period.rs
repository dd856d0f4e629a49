//! A period that a subscription to a lounge was paid for.

use sea_orm::entity::prelude::*;

/// One paid period; rows are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lounge_periods")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which subscription.
    pub subscription_id: Uuid,
    /// Of which lounge.
    pub community_id: Uuid,
    /// From when.
    pub begins_at: DateTimeUtc,
    /// Until when.
    pub ends_at: DateTimeUtc,
    /// Whole coins that it cost.
    pub price: i64,
}

/// What a period belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which subscription.
    #[sea_orm(
        belongs_to = "super::lounge_subscription::Entity",
        from = "Column::SubscriptionId",
        to = "super::lounge_subscription::Column::Id"
    )]
    Subscription,
}

impl ActiveModelBehavior for ActiveModel {}
