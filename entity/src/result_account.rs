//! Accounts that stored results mention, besides the callers.

use sea_orm::entity::prelude::*;

/// An account that the stored results of a request mention.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "result_accounts")]
pub struct Model {
    /// Id of the account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: String,
    /// Id of the caller.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: String,
    /// The caller's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The request.
    #[sea_orm(
        belongs_to = "super::idempotency_key::Entity",
        from = "(Column::ActorId, Column::Key)",
        to = "(super::idempotency_key::Column::ActorId, super::idempotency_key::Column::Key)",
        on_delete = "Cascade"
    )]
    Request,
}

impl Related<super::idempotency_key::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Request.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
