//! Indexes for the list of accounts, and for the bans of a user.

use sea_orm_migration::prelude::*;

use crate::tables::index;

/// Indexes for the list of accounts, and for the bans of a user.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX ix_users_listed ON users (created_at, id) WHERE deleted_at IS NULL",
            )
            .await?;
        manager.create_index(index("bans", "user", &["user_id", "community_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["ix_users_listed", "ix_bans_user"] {
            manager.get_connection().execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
        Ok(())
    }
}
