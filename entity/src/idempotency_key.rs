//! Stored results of requests with an `Idempotency-Key`, for their repetition.

use sea_orm::entity::prelude::*;

/// A request. The row is created, and its results are added, in the transactions of its writes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Id of the caller.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: String,
    /// The caller's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the request in lower-case hex.
    pub fingerprint: String,
    /// Results of its writes, a JSON object by the write's position.
    #[sea_orm(column_type = "JsonBinary")]
    pub results: Json,
    /// Time of the first request.
    pub created_at: DateTimeUtc,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The caller.
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::ActorId",
        to = "super::user::Column::Id",
        on_delete = "Cascade"
    )]
    Actor,
}

impl ActiveModelBehavior for ActiveModel {}
