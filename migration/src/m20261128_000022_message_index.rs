//! An index of messages by conversation and block, and indexes for readable messages.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::tables::index;

/// An index of messages, and indexes for readable messages.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The prefix of each word of a message in the index: the random end of the conversation's id, and the number
/// of its block of 16,384 messages, in hexadecimal digits. A search reads the entries of one block only.
const SQLITE_PLACE: &str =
    "lower(substr(hex({row}.conversation_id), 25, 8)) || printf('%04x', {row}.number >> 14)";
const POSTGRES_PLACE: &str = "right(conversation_id::text, 8) || lpad(to_hex(number >> 14), 4, '0')";

/// The words of a message with its prefix before each.
fn sqlite_terms(row: &str) -> String {
    let place = SQLITE_PLACE.replace("{row}", row);
    format!(
        "CASE {row}.search_text WHEN '' THEN '' \
         ELSE {place} || replace({row}.search_text, ' ', ' ' || {place}) END"
    )
}

/// SQLite's index stores no text and no positions. Its rows are numbered in the order of posting, so that it
/// returns the newest first.
fn sqlite() -> [String; 7] {
    let (of_message, of_new) = (sqlite_terms("message"), sqlite_terms("new"));
    [
        "CREATE TABLE message_index_rows (id INTEGER PRIMARY KEY, message_id BLOB NOT NULL UNIQUE)".to_owned(),
        "CREATE VIRTUAL TABLE message_index USING fts5(terms, content = '', contentless_delete = 1, \
         detail = none, tokenize = 'ascii')"
            .to_owned(),
        "INSERT INTO message_index_rows (message_id) SELECT id FROM messages ORDER BY conversation_id, number"
            .to_owned(),
        format!(
            "INSERT INTO message_index (rowid, terms) SELECT kept.id, {of_message} FROM message_index_rows AS kept \
             JOIN messages AS message ON message.id = kept.message_id ORDER BY kept.id"
        ),
        format!(
            "CREATE TRIGGER message_index_insert AFTER INSERT ON messages BEGIN \
             INSERT INTO message_index_rows (message_id) VALUES (new.id); \
             INSERT INTO message_index (rowid, terms) \
             SELECT id, {of_new} FROM message_index_rows WHERE message_id = new.id; END"
        ),
        format!(
            "CREATE TRIGGER message_index_update AFTER UPDATE OF search_text ON messages \
             WHEN old.search_text <> new.search_text BEGIN \
             UPDATE message_index SET terms = {of_new} \
             WHERE rowid = (SELECT id FROM message_index_rows WHERE message_id = new.id); END"
        ),
        "CREATE TRIGGER message_index_delete AFTER DELETE ON messages BEGIN \
         DELETE FROM message_index WHERE rowid = (SELECT id FROM message_index_rows WHERE message_id = old.id); \
         DELETE FROM message_index_rows WHERE message_id = old.id; END"
            .to_owned(),
    ]
}

/// New entries wait in a list that every search scans, so the list is kept short.
fn postgres() -> String {
    format!(
        "CREATE INDEX ix_messages_terms ON messages USING gin (array_to_tsvector(string_to_array( \
         {POSTGRES_PLACE} || replace(search_text, ' ', ' ' || {POSTGRES_PLACE}), ' '))) \
         WITH (gin_pending_list_limit = 512) WHERE search_text <> ''"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(&postgres()).await?;
        } else {
            for statement in sqlite() {
                db.execute_unprepared(&statement).await?;
            }
        }
        // For counting deleted messages and messages of one author after a read mark.
        let said = ["conversation_id", "author_id", "number"];
        manager.create_index(index("messages", "said", &said)).await?;
        for statement in [
            "CREATE INDEX ix_messages_deleted ON messages (conversation_id, number) WHERE deleted_at IS NOT NULL",
            "DROP INDEX ix_messages_key",
            "CREATE UNIQUE INDEX ix_messages_key ON messages (conversation_id, author_id, client_key) \
             WHERE client_key IS NOT NULL",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared("DROP INDEX ix_messages_terms").await?;
        } else {
            for trigger in ["message_index_insert", "message_index_update", "message_index_delete"] {
                db.execute_unprepared(&format!("DROP TRIGGER {trigger}")).await?;
            }
            for table in ["message_index", "message_index_rows"] {
                db.execute_unprepared(&format!("DROP TABLE {table}")).await?;
            }
        }
        for index in ["said", "deleted", "key"] {
            db.execute_unprepared(&format!("DROP INDEX ix_messages_{index}")).await?;
        }
        let key =
            index("messages", "key", &["conversation_id", "author_id", "client_key"]).unique().to_owned();
        manager.create_index(key).await
    }
}
