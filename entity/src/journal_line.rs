//! What a movement of coins did to one account.

use sea_orm::entity::prelude::*;

/// One line of a journal; at most one a journal and account. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_lines")]
pub struct Model {
    /// Of which account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// Which line of the account, from 1 and without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Of which journal.
    pub journal_id: Uuid,
    /// Whole coins that came in, or went out below zero; never zero.
    pub amount: i64,
    /// Whole coins in the account after it.
    pub balance: i64,
}

/// What a line belongs to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which account.
    #[sea_orm(
        belongs_to = "super::ledger_account::Entity",
        from = "Column::AccountId",
        to = "super::ledger_account::Column::Id"
    )]
    Account,
    /// Of which journal.
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
