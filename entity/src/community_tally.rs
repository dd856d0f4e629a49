//! How many active communities there are, so that nobody has to count them.

use sea_orm::entity::prelude::*;

/// One count. `*` stands for every kind or every category.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community_tallies")]
pub struct Model {
    /// A kind, or `*`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// A category, or `*`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: String,
    /// How many active communities are of both.
    pub count: i64,
}

/// A count belongs to nothing.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
