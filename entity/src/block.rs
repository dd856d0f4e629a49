//! Whom somebody wants nothing to do with.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One block; at most one a pair. Only who made it knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "blocks")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who made it.
    #[sea_orm(unique_key = "pair")]
    pub blocker_id: String,
    /// Whom they blocked.
    #[sea_orm(unique_key = "pair")]
    pub blocked_id: String,
    /// What they call them in their list.
    pub label: Option<String>,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// What it belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who made it.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::BlockerId", to = "super::user::Column::Id")]
    Blocker,
    /// Whom they blocked.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::BlockedId", to = "super::user::Column::Id")]
    Blocked,
}

impl ActiveModelBehavior for ActiveModel {}
