//! Servers that use the database.

use sea_orm::entity::prelude::*;

/// A running server, and one that ended without notice until its row is removed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "servers")]
pub struct Model {
    /// Id of the process.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Number of messages that it has sent to the other servers.
    pub sent: i64,
    /// Time of the last update.
    pub seen_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
