//! Work outside transactions that only one server at a time may do.

use sea_orm::entity::prelude::*;

/// One such piece of work, held by the request that does it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claims")]
pub struct Model {
    /// SHA-256 of the name of the work, in lower-case hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Id of the current holder, which differs from those of earlier holders (UUID v7).
    pub holder: Uuid,
    /// When the claim expires.
    pub until: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
