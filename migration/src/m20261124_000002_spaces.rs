//! Spaces, invitations, sessions and participants.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{cascade, index, reference};

/// Spaces, invitations, sessions and participants.
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
                    .table("spaces")
                    .col(uuid("id").primary_key())
                    .col(text("owner_id"))
                    .col(text("name"))
                    .col(text("name_fold"))
                    .col(text("description"))
                    .col(text("category"))
                    .col(json_binary("tags"))
                    .col(json_binary("definition"))
                    .col(boolean("is_public"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut reference("spaces", "owner_id", "users"))
                    .to_owned(),
            )
            .await?;
        // For browsing: all spaces, or those of one category, newest first.
        manager.create_index(index("spaces", "browse", &["is_public", "created_at", "id"])).await?;
        manager
            .create_index(index("spaces", "category", &["is_public", "category", "created_at", "id"]))
            .await?;
        manager.create_index(index("spaces", "owner", &["owner_id", "created_at", "id"])).await?;

        manager
            .create_table(
                Table::create()
                    .table("space_invites")
                    .col(uuid("space_id"))
                    .col(text("user_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("space_id").col("user_id"))
                    .foreign_key(&mut cascade("space_invites", "space_id", "spaces"))
                    .foreign_key(&mut cascade("space_invites", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("space_invites", "user", &["user_id"])).await?;

        manager
            .create_table(
                Table::create()
                    .table("space_sessions")
                    .col(uuid("id").primary_key())
                    .col(uuid("space_id"))
                    .col(string_len("status", 16))
                    .col(json_binary("state"))
                    .col(big_integer("version"))
                    .col(text_null("current_phase"))
                    .col(big_integer("prize_pool"))
                    .col(timestamp_with_time_zone_null("started_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut cascade("space_sessions", "space_id", "spaces"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("space_sessions", "space", &["space_id", "created_at", "id"])).await?;

        manager
            .create_table(
                Table::create()
                    .table("participants")
                    .col(uuid("id").primary_key())
                    .col(uuid("session_id"))
                    .col(text("user_id"))
                    .col(uuid_null("agent_id"))
                    .col(text("role"))
                    .col(string_len("control_mode", 16))
                    .col(boolean("is_connected"))
                    .col(timestamp_with_time_zone("joined_at"))
                    .col(timestamp_with_time_zone_null("left_at"))
                    .foreign_key(&mut cascade("participants", "session_id", "space_sessions"))
                    .foreign_key(&mut reference("participants", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        // At most one participant for each user and session, also with concurrent joins.
        manager
            .create_index(
                index("participants", "session_user", &["session_id", "user_id"]).unique().to_owned(),
            )
            .await?;
        manager.create_index(index("participants", "user", &["user_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["participants", "space_sessions", "space_invites", "spaces"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
