//! Lines of journals.

use sea_orm::entity::prelude::*;

/// A line of a journal, at most one for each journal and account. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_lines")]
pub struct Model {
    /// Id of the ledger account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// Number of the line in the account, from 1 without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Id of the journal.
    pub journal_id: Uuid,
    /// Coins added, or removed if negative; never zero.
    pub amount: i64,
    /// Balance of the account after the line, in coins.
    pub balance: i64,
}

/// Relations to other tables.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The ledger account.
    #[sea_orm(
        belongs_to = "super::ledger_account::Entity",
        from = "Column::AccountId",
        to = "super::ledger_account::Column::Id"
    )]
    Account,
    /// The journal.
    #[sea_orm(
        belongs_to = "super::journal::Entity",
        from = "Column::JournalId",
        to = "super::journal::Column::Id"
    )]
    Journal,
}

impl Related<super::journal::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Journal.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
