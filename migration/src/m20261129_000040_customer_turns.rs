//! State of support chats that timers need: the last breach of a deadline, and the messages that the agent
//! must still answer.

use sea_orm_migration::{prelude::*, schema::*};

/// State of support chats that timers need.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "support_chats";
const LAST_LATE_AT: &str = "last_late_at";
const UNASKED_FROM: &str = "unasked_from";
const INDEX: &str = "support_chats_unasked";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time, because SQLite supports no more.
        for column in [timestamp_with_time_zone_null(LAST_LATE_AT), big_integer_null(UNASKED_FROM)] {
            manager.alter_table(Table::alter().table(TABLE).add_column(column).to_owned()).await?;
        }
        // Few chats have such messages, so the index is small.
        let index =
            format!("CREATE INDEX {INDEX} ON {TABLE} ({UNASKED_FROM}) WHERE {UNASKED_FROM} IS NOT NULL");
        manager.get_connection().execute_unprepared(&index).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(INDEX).table(TABLE).to_owned()).await?;
        for column in [LAST_LATE_AT, UNASKED_FROM] {
            manager.alter_table(Table::alter().table(TABLE).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
