//! Customer service: support chats, episodes, notes, canned answers and settings.

use sea_orm_migration::{prelude::*, schema::*};

use crate::tables::{cascade, index, reference};

/// Customer service: support chats, episodes, notes, canned answers and settings.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// For due timers: few rows in a table of any size. The builder has no such index for both databases.
const DUE: &str = "CREATE INDEX ix_support_chats_due ON support_chats (due_at) WHERE due_at IS NOT NULL";
/// For the queue, in the order of service.
const WAITING: &str = "CREATE INDEX ix_support_chats_waiting ON support_chats (community_id, waiting_since, id) \
     WHERE status = 'waiting_human'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let status = string_len_null("support_status", 16);
        manager
            .alter_table(Table::alter().table("conversation_events").add_column(status).to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("support_chats")
                    .col(uuid("id").primary_key())
                    .col(uuid("conversation_id").unique_key())
                    .col(uuid("community_id"))
                    .col(text("customer_id"))
                    .col(string_len("status", 16))
                    .col(text_null("assignee_id"))
                    .col(timestamp_with_time_zone_null("waiting_since"))
                    .col(integer("episode"))
                    .col(timestamp_with_time_zone_null("unanswered_since"))
                    .col(timestamp_with_time_zone_null("response_due_at"))
                    .col(timestamp_with_time_zone_null("answer_due_at"))
                    .col(timestamp_with_time_zone_null("due_at"))
                    .col(timestamp_with_time_zone_null("late_since"))
                    .col(integer("note_count"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut cascade("support_chats", "conversation_id", "conversations"))
                    .foreign_key(&mut cascade("support_chats", "community_id", "communities"))
                    .foreign_key(&mut person("support_chats", "customer_id"))
                    .foreign_key(&mut person("support_chats", "assignee_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("support_chats", "queue", &["community_id", "status", "updated_at", "id"]))
            .await?;
        manager.create_index(index("support_chats", "assignee", &["assignee_id", "status"])).await?;
        let db = manager.get_connection();
        db.execute_unprepared(DUE).await?;
        db.execute_unprepared(WAITING).await?;
        manager
            .create_table(
                Table::create()
                    .table("support_episodes")
                    .col(uuid("id").primary_key())
                    .col(uuid("chat_id"))
                    .col(uuid("community_id"))
                    .col(integer("number"))
                    .col(timestamp_with_time_zone("opened_at"))
                    .col(uuid_null("question_id"))
                    .col(timestamp_with_time_zone_null("first_response_at"))
                    .col(big_integer_null("first_response_ms"))
                    .col(integer("next_responses"))
                    .col(big_integer("next_response_ms"))
                    .col(integer("ai_answers"))
                    .col(boolean("first_was_late"))
                    .col(integer("next_were_late"))
                    .col(boolean("away_told"))
                    .col(timestamp_with_time_zone_null("resolved_at"))
                    .col(string_len_null("resolved_by", 16))
                    .col(text_null("resolver_id"))
                    .col(integer_null("rating"))
                    .col(text_null("comment"))
                    .col(timestamp_with_time_zone_null("rated_at"))
                    .foreign_key(&mut cascade("support_episodes", "chat_id", "support_chats"))
                    .to_owned(),
            )
            .await?;
        let once = index("support_episodes", "chat_number", &["chat_id", "number"]);
        manager.create_index(once.clone().unique().to_owned()).await?;
        manager.create_index(index("support_episodes", "figures", &["community_id", "opened_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("support_notes")
                    .col(uuid("id").primary_key())
                    .col(uuid("chat_id"))
                    .col(text("author_id"))
                    .col(text("text"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut cascade("support_notes", "chat_id", "support_chats"))
                    .foreign_key(&mut person("support_notes", "author_id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("support_notes", "chat", &["chat_id", "created_at", "id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("canned_answers")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    .col(text("title"))
                    .col(text("title_fold"))
                    .col(text("text"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut cascade("canned_answers", "community_id", "communities"))
                    .to_owned(),
            )
            .await?;
        let once = index("canned_answers", "community_title", &["community_id", "title_fold"]);
        manager.create_index(once.clone().unique().to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("support_settings")
                    .col(uuid("community_id").primary_key())
                    .col(big_integer("call_fee"))
                    .col(integer_null("capacity"))
                    .col(integer_null("answer_within"))
                    .col(integer_null("first_response_within"))
                    .col(integer_null("next_response_within"))
                    .col(integer("utc_offset"))
                    .col(json_binary_null("hours"))
                    .col(text_null("away_message"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut cascade("support_settings", "community_id", "communities"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in
            ["support_settings", "canned_answers", "support_notes", "support_episodes", "support_chats"]
        {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager
            .alter_table(Table::alter().table("conversation_events").drop_column("support_status").to_owned())
            .await
    }
}

fn person(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    reference(table, column, "users")
}
