//! Stored numbers of public spaces, which triggers maintain.

use sea_orm::entity::prelude::*;

/// A count. `*` means every category.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "space_tallies")]
pub struct Model {
    /// A category, or `*`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: String,
    /// Number of public spaces of this category.
    pub count: i64,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
