//! An index of the sessions of an account in the order of their list, so that a page reads its own rows only.

use sea_orm_migration::prelude::*;

/// The order of an account's sessions.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const NAME: &str = "ix_login_sessions_listed";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let listed = Index::create()
            .name(NAME)
            .table("login_sessions")
            .col("user_id")
            .col("created_at")
            .col("id")
            .to_owned();
        manager.create_index(listed).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(NAME).table("login_sessions").to_owned()).await
    }
}
