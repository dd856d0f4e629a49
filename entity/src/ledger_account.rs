//! Where coins are.

use sea_orm::entity::prelude::*;

/// One account of the ledger; at most one an owner and kind.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_accounts")]
pub struct Model {
    /// Made of the kind and the owner, so that nobody has to look it up.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What the coins in it are.
    pub kind: Kind,
    /// Whose coins; none for the platform's.
    pub owner_id: Option<String>,
    /// Whole coins: the sum of its lines.
    pub balance: i64,
    /// How many lines it has.
    pub lines: i64,
}

/// What the coins in an account are.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
pub enum Kind {
    /// A user's, to spend.
    Available,
    /// A user's, promised for what is being done.
    Held,
    /// The platform's share of what was paid.
    Earnings,
    /// What was ever granted and paid in, below zero: where all coins come from.
    Issued,
}

/// What an account belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whose coins.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::OwnerId", to = "super::user::Column::Id")]
    Owner,
}

impl ActiveModelBehavior for ActiveModel {}
