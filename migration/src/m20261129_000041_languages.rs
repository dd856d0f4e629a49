//! The language of what the server writes into a community's conversations.

use sea_orm_migration::{prelude::*, schema::*};

/// The language of a community.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "communities";
const COLUMN: &str = "language";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string_len(COLUMN, 8).default("en").to_owned();
        manager.alter_table(Table::alter().table(TABLE).add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(TABLE).drop_column(COLUMN).to_owned()).await
    }
}
