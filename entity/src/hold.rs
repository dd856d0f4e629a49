//! Holds: coins reserved for running work.

use sea_orm::entity::prelude::*;

use super::journal::{CauseKind, Kind};

/// A hold, which is captured or voided once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holds")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Id of the payer.
    pub payer_id: String,
    /// Id of the payee.
    pub payee_id: String,
    /// Kind of the payment.
    pub kind: Kind,
    /// Coins, at least 1.
    pub amount: i64,
    /// Kind of the cause.
    pub cause_kind: CauseKind,
    /// Id of the cause.
    pub cause_id: String,
    /// Text of the statement line.
    pub what: String,
    /// Status of the hold.
    pub status: Status,
    /// Time of creation.
    pub created_at: DateTimeUtc,
    /// Time at which it was captured or voided.
    pub settled_at: Option<DateTimeUtc>,
}

/// Status of a hold.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// The coins are held.
    Held,
    /// The coins were paid.
    Captured,
    /// The coins were returned.
    Voided,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The payer.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::PayerId", to = "super::user::Column::Id")]
    Payer,
    /// The payee.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::PayeeId", to = "super::user::Column::Id")]
    Payee,
}

impl ActiveModelBehavior for ActiveModel {}
