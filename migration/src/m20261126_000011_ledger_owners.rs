//! Who owns an account of the ledger is found by an index that is no constraint: the account's id is made of its owner and
//! its kind, and is the only one. Two constraints on the same would be one too many: PostgreSQL settles a conflict on one of
//! them and refuses the other, when two transactions open an account at once.

use sea_orm_migration::prelude::*;

use crate::tables::index;

/// Who owns an account of the ledger is found by an index that is no constraint.
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
