//! Folds searched columns anew: a run of spaces is folded to one. Words of messages are as before.
//!
//! It runs in batches and can be repeated: an interrupted migration starts again and finds less to do.

use sea_orm_migration::prelude::*;

use crate::m20261129_000061_folds::FOLDED;

/// Folds runs of spaces.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for folded in FOLDED.iter().filter(|folded| folded.table != "messages") {
            folded.renew(manager.get_connection()).await?;
        }
        Ok(())
    }

    /// The folded columns stay: an earlier version finds fewer of them.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
