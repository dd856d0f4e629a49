//! The row that the readiness check writes.

use sea_orm_migration::{prelude::*, schema::*};

/// The row that the readiness check writes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "readiness";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(integer("id").primary_key().check(Expr::col("id").eq(1)))
            .col(big_integer("checks"))
            .col(blob_null("payload"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TABLE).to_owned()).await
    }
}
