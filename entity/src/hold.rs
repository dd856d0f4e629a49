//! Coins promised for what is being done.

use sea_orm::entity::prelude::*;

use super::journal::{CauseKind, Kind};

/// One promise. It ends once: kept or given back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holds")]
pub struct Model {
    /// UUID v7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose coins.
    pub payer_id: String,
    /// Who gets their share of them.
    pub payee_id: String,
    /// What they are for.
    pub kind: Kind,
    /// Whole coins, at least 1.
    pub amount: i64,
    /// What kind of thing caused it.
    pub cause_kind: CauseKind,
    /// The id of that thing.
    pub cause_id: String,
    /// What is paid for, in the words of the statement.
    pub what: String,
    /// How it stands.
    pub status: Status,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it ended.
    pub settled_at: Option<DateTimeUtc>,
}

/// How a hold stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Status {
    /// The coins are held.
    Held,
    /// They were paid.
    Captured,
    /// They were given back.
    Voided,
}

/// What a hold belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whose coins.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::PayerId", to = "super::user::Column::Id")]
    Payer,
    /// Who gets their share of them.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::PayeeId", to = "super::user::Column::Id")]
    Payee,
}

impl ActiveModelBehavior for ActiveModel {}
