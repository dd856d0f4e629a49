//! A trigram index of the folded names and descriptions of agent listings.

use sea_orm_migration::prelude::*;

use crate::m20261129_000051_trigrams::{Searched, create, drop_all};

/// Trigram index of agent listings.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const SEARCHED: [Searched; 1] = [("agent_listings", "search_fold", "status = 'active'")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, &SEARCHED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &SEARCHED).await
    }
}
