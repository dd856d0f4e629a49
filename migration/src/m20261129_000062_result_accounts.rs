//! The accounts that stored results mention, so that the deletion of an account finds these results by an index. Results
//! are kept for a day: those that an earlier version stores beside this one are not listed, and gone a day later.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

/// The accounts that stored results mention.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "result_accounts";

/// Lists every account whose id occurs in a stored result.
const SQLITE: &str = "INSERT INTO result_accounts (account_id, actor_id, key) \
    SELECT DISTINCT users.id, kept.actor_id, kept.key FROM idempotency_keys AS kept, json_tree(kept.results) AS part \
    JOIN users ON users.id = part.value WHERE part.type = 'text' AND users.id <> kept.actor_id";
const POSTGRES: &str = "INSERT INTO result_accounts (account_id, actor_id, key) \
    SELECT DISTINCT users.id, kept.actor_id, kept.key FROM idempotency_keys AS kept \
    CROSS JOIN LATERAL jsonb_path_query(kept.results, '$.** ? (@.type() == \"string\")') AS part(value) \
    JOIN users ON users.id = part.value #>> '{}' WHERE users.id <> kept.actor_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_key = ForeignKey::create()
            .name("fk_result_accounts_key")
            .from(TABLE, ("actor_id", "key"))
            .to("idempotency_keys", ("actor_id", "key"))
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let table = Table::create()
            .table(TABLE)
            .col(text("account_id"))
            .col(text("actor_id"))
            .col(text("key"))
            .primary_key(Index::create().col("account_id").col("actor_id").col("key"))
            .foreign_key(&mut of_key.clone())
            .to_owned();
        manager.create_table(table).await?;
        // For the deletion of a key.
        let by_key =
            Index::create().name("ix_result_accounts_key").table(TABLE).col("actor_id").col("key").to_owned();
        manager.create_index(by_key).await?;
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        manager.get_connection().execute_unprepared(if is_postgres { POSTGRES } else { SQLITE }).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TABLE).to_owned()).await
    }
}
