//! Blocks between users.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A block, at most one for each pair and visible to the blocking user only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "blocks")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the blocking user.
    #[sea_orm(unique_key = "pair")]
    pub blocker_id: String,
    /// Id of the blocked user.
    #[sea_orm(unique_key = "pair")]
    pub blocked_id: String,
    /// The blocking user's label for the blocked user.
    pub label: Option<String>,
    /// Time of creation.
    pub created_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The blocking user.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::BlockerId", to = "super::user::Column::Id")]
    Blocker,
    /// The blocked user.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::BlockedId", to = "super::user::Column::Id")]
    Blocked,
}

impl ActiveModelBehavior for ActiveModel {}
