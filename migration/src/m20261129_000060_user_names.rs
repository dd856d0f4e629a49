//! The folded names of accounts, by which administrators and people who invite others search. The next migration fills
//! them.

use sea_orm_migration::{prelude::*, schema::*};

/// The folded name of an account.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "users";
const COLUMN: &str = "name_fold";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = text(COLUMN).default("").to_owned();
        manager.alter_table(Table::alter().table(TABLE).add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(TABLE).drop_column(COLUMN).to_owned()).await
    }
}
