//! What a request with an `Idempotency-Key` came to, so that its retry comes to the same.

use sea_orm::entity::prelude::*;

/// One request. It is made, and its results are added, in the transactions of its writes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Who sent it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: String,
    /// The key they gave it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of it, in lower-case hex.
    pub fingerprint: String,
    /// What each of its writes came to, by the write's place: an object.
    #[sea_orm(column_type = "JsonBinary")]
    pub results: Json,
    /// When it first came.
    pub created_at: DateTimeUtc,
}

/// What a key belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who sent it.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ActorId",
        to = "super::user::Column::Id",
        on_delete = "Cascade"
    )]
    Actor,
}

impl ActiveModelBehavior for ActiveModel {}
