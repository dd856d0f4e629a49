//! Replaces the unique constraint on the owner of a ledger account by an index. The account's id is derived
//! from owner and kind and is already unique. With two constraints on the same data, PostgreSQL resolves a
//! conflict on one and fails on the other when two transactions open an account concurrently.

use sea_orm_migration::prelude::*;

use crate::tables::index;

/// Replaces the unique constraint on the owner of a ledger account by an index.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "ledger_accounts";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_ledger_accounts_owner").table(TABLE).to_owned()).await?;
        manager.create_index(index(TABLE, "owner", &["owner_id", "kind"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_ledger_accounts_owner").table(TABLE).to_owned()).await?;
        manager.create_index(index(TABLE, "owner", &["owner_id", "kind"]).unique().to_owned()).await
    }
}
