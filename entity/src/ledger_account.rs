//! Ledger accounts.

use sea_orm::entity::prelude::*;

/// A ledger account, at most one for each owner and kind.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_accounts")]
pub struct Model {
    /// Id derived from the kind and the owner, so that it needs no query.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Kind of the account.
    pub kind: Kind,
    /// Id of the owner; `None` for the platform.
    pub owner_id: Option<String>,
    /// Balance in coins, the sum of the lines.
    pub balance: i64,
    /// Number of lines.
    pub lines: i64,
}

/// Kind of a ledger account.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// Spendable coins of a user.
    Available,
    /// Held coins of a user.
    Held,
    /// The platform's share of payments.
    Earnings,
    /// All issued coins, as a negative balance: the source of all coins.
    Issued,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The owner.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::OwnerId", to = "super::user::Column::Id")]
    Owner,
}

impl ActiveModelBehavior for ActiveModel {}
