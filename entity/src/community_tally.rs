//! Stored numbers of active communities.

use sea_orm::entity::prelude::*;

/// A count. `*` means every kind or every category.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community_tallies")]
pub struct Model {
    /// A kind, or `*`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// A category, or `*`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: String,
    /// Number of active communities of this kind and category.
    pub count: i64,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
