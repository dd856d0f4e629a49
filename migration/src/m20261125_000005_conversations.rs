//! Conversations with their messages, reactions, read marks and logs.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::tables::{cascade, index};

/// Conversations with their messages, reactions, read marks and logs.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// SQLite's full-text index of messages. The message's position is a separate column, so that a search in one
/// conversation and finding the row of a message are look-ups.
pub(crate) const SQLITE_WORDS: [&str; 4] = [
    "CREATE VIRTUAL TABLE message_words USING fts5(place, words, message_id UNINDEXED, \
     tokenize = \"unicode61 remove_diacritics 0\")",
    "CREATE TRIGGER message_words_insert AFTER INSERT ON messages WHEN new.search_text <> '' BEGIN \
     INSERT INTO message_words (place, words, message_id) \
     VALUES (lower(hex(new.conversation_id)) || ' ' || lower(hex(new.id)), new.search_text, new.id); END",
    "CREATE TRIGGER message_words_update AFTER UPDATE OF search_text ON messages BEGIN \
     DELETE FROM message_words WHERE message_words MATCH 'place : \"' || lower(hex(old.id)) || '\"'; \
     INSERT INTO message_words (place, words, message_id) \
     SELECT lower(hex(new.conversation_id)) || ' ' || lower(hex(new.id)), new.search_text, new.id \
     WHERE new.search_text <> ''; END",
    "CREATE TRIGGER message_words_delete AFTER DELETE ON messages WHEN old.search_text <> '' BEGIN \
     DELETE FROM message_words WHERE message_words MATCH 'place : \"' || lower(hex(old.id)) || '\"'; END",
];

/// PostgreSQL's index. It uses the words unchanged, so that both databases find the same.
pub(crate) const POSTGRES_WORDS: &str = "CREATE INDEX ix_messages_words ON messages \
     USING gin (array_to_tsvector(string_to_array(search_text, ' ')))";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("conversations")
                    .col(uuid("id").primary_key())
                    .col(string_len("kind", 16))
                    .col(text("scope").unique_key())
                    .col(uuid_null("community_id"))
                    .col(uuid_null("space_session_id"))
                    .col(text_null("customer_id"))
                    .col(big_integer("last_seq"))
                    .col(big_integer("message_count"))
                    .col(big_integer("last_micros"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut cascade("conversations", "space_session_id", "space_sessions"))
                    .foreign_key(&mut cascade("conversations", "customer_id", "users"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("conversations", "community", &["community_id"])).await?;
        manager.create_index(index("conversations", "session", &["space_session_id"])).await?;
        manager.create_index(index("conversations", "customer", &["customer_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("messages")
                    .col(uuid("id").primary_key())
                    .col(uuid("conversation_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("number"))
                    .col(text_null("author_id"))
                    .col(uuid_null("agent_listing_id"))
                    .col(string_len("kind", 16))
                    .col(text("content"))
                    .col(text("search_text"))
                    .col(uuid_null("reply_to_id"))
                    .col(text_null("client_key"))
                    .col(boolean("is_incomplete"))
                    .col(text_null("tts_audio_url"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("edited_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(&mut cascade("messages", "conversation_id", "conversations"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_messages_author_id")
                            .from("messages", "author_id")
                            .to("users", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        // Times in one conversation are unique, so that they can be cursors.
        for (name, columns) in [
            ("time", ["conversation_id", "created_at"].as_slice()),
            ("number", &["conversation_id", "number"]),
            ("key", &["conversation_id", "author_id", "client_key"]),
        ] {
            manager.create_index(index("messages", name, columns).unique().to_owned()).await?;
        }
        manager.create_index(index("messages", "author", &["author_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("reactions")
                    .col(uuid("message_id"))
                    .col(text("emoji"))
                    .col(text("user_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("message_id").col("emoji").col("user_id"))
                    .foreign_key(&mut cascade("reactions", "message_id", "messages"))
                    .foreign_key(&mut cascade("reactions", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("reactions", "user", &["user_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("read_marks")
                    .col(uuid("conversation_id"))
                    .col(text("user_id"))
                    .col(big_integer("number"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .primary_key(Index::create().col("conversation_id").col("user_id"))
                    .foreign_key(&mut cascade("read_marks", "conversation_id", "conversations"))
                    .foreign_key(&mut cascade("read_marks", "user_id", "users"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("read_marks", "user", &["user_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("conversation_events")
                    .col(uuid("conversation_id"))
                    .col(big_integer("seq"))
                    .col(string_len("kind", 24))
                    .col(uuid_null("message_id"))
                    .col(text_null("user_id"))
                    .col(text_null("alias"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("conversation_id").col("seq"))
                    .foreign_key(&mut cascade("conversation_events", "conversation_id", "conversations"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("conversation_events", "time", &["created_at"])).await?;
        let db = manager.get_connection();
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(POSTGRES_WORDS).await?;
        } else {
            for statement in SQLITE_WORDS {
                db.execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            let db = manager.get_connection();
            for trigger in ["message_words_insert", "message_words_update", "message_words_delete"] {
                db.execute_unprepared(&format!("DROP TRIGGER {trigger}")).await?;
            }
            db.execute_unprepared("DROP TABLE message_words").await?;
        }
        for table in ["conversation_events", "read_marks", "reactions", "messages", "conversations"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
