//! Folds searched columns anew, without optional marks: `terms::search_fold`.
//!
//! It runs in batches and can be repeated: an interrupted migration starts again and finds less to do.

use sea_orm::{ConnectionTrait, DatabaseBackend};
use sea_orm_migration::prelude::*;
use terms::{search_fold, search_text};

use crate::{
    folded::{Folded, part},
    m20261125_000005_conversations::{POSTGRES_WORDS, SQLITE_WORDS},
};

/// Folds searched columns anew.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const FOLDED: [Folded; 5] = [
    Folded {
        table: "messages",
        column: "search_text",
        from: &["content"],
        make: |from| search_text(part(from, 0)),
        unique_with: None,
    },
    Folded {
        table: "spaces",
        column: "name_fold",
        from: &["name"],
        make: |from| search_fold(part(from, 0)),
        unique_with: None,
    },
    Folded {
        table: "communities",
        column: "search_fold",
        from: &["name", "description"],
        make: |from| search_fold(&format!("{}\n{}", part(from, 0), part(from, 1))),
        unique_with: None,
    },
    Folded {
        table: "agent_listings",
        column: "search_fold",
        from: &["agent_name", "description"],
        make: |from| search_fold(&format!("{}\n{}", part(from, 0), part(from, 1))),
        unique_with: None,
    },
    Folded {
        table: "canned_answers",
        column: "title_fold",
        from: &["title"],
        make: |from| search_fold(part(from, 0)),
        unique_with: Some("community_id"),
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // The old index would be maintained for nothing; the next migration creates another.
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared("DROP INDEX IF EXISTS ix_messages_words").await?;
        } else {
            for trigger in ["message_words_insert", "message_words_update", "message_words_delete"] {
                db.execute_unprepared(&format!("DROP TRIGGER IF EXISTS {trigger}")).await?;
            }
            db.execute_unprepared("DROP TABLE IF EXISTS message_words").await?;
        }
        for folded in &FOLDED {
            folded.renew(db).await?;
        }
        Ok(())
    }

    /// Restores the index; the folded columns are kept.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(POSTGRES_WORDS).await?;
            return Ok(());
        }
        for statement in SQLITE_WORDS {
            db.execute_unprepared(statement).await?;
        }
        db.execute_unprepared(
            "INSERT INTO message_words (place, words, message_id) \
             SELECT lower(hex(conversation_id)) || ' ' || lower(hex(id)), search_text, id \
             FROM messages WHERE search_text <> ''",
        )
        .await?;
        Ok(())
    }
}
