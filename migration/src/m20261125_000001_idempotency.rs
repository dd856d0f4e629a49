//! Stored results of requests with an `Idempotency-Key`.

use sea_orm_migration::{prelude::*, schema::*};

/// Stored results of requests with an `Idempotency-Key`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("idempotency_keys")
                    .col(text("actor_id"))
                    .col(text("key"))
                    .col(text("fingerprint"))
                    .col(json_binary("results"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("actor_id").col("key"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_idempotency_keys_actor_id")
                            .from("idempotency_keys", "actor_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        // For deletion by age.
        manager
            .create_index(
                Index::create()
                    .name("ix_idempotency_keys_age")
                    .table("idempotency_keys")
                    .col("created_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("idempotency_keys").to_owned()).await
    }
}
