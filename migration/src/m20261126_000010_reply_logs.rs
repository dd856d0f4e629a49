//! Compaction of the logs of replies.

use sea_orm_migration::{prelude::*, schema::*};

/// Compaction of the logs of replies.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// For replies to compact: few rows.
const UNTRIMMED: &str = "CREATE INDEX ix_agent_replies_untrimmed ON agent_replies (finished_at) \
     WHERE is_trimmed = FALSE AND finished_at IS NOT NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = boolean("is_trimmed").default(false).to_owned();
        manager.alter_table(Table::alter().table("agent_replies").add_column(column).to_owned()).await?;
        manager.get_connection().execute_unprepared(UNTRIMMED).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX ix_agent_replies_untrimmed").await?;
        manager.alter_table(Table::alter().table("agent_replies").drop_column("is_trimmed").to_owned()).await
    }
}
