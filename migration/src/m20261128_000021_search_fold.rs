//! What is searched is folded anew, without the marks that readers leave out: `terms::search_fold`.
//!
//! Done in batches, and as often as it takes: a migration that was interrupted begins again and finds less to do.

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryResult, Statement, Value, prelude::Uuid};
use sea_orm_migration::prelude::*;
use terms::{search_fold, search_text};

use crate::m20261125_000005_conversations::{POSTGRES_WORDS, SQLITE_WORDS};

/// Rows of one batch.
const BATCH: u64 = 500;

/// What is searched is folded anew.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// A column that is made of others of its row.
struct Folded {
    table: &'static str,
    column: &'static str,
    /// The columns that it is made of.
    from: &'static [&'static str],
    make: fn(&[Option<String>]) -> String,
    /// The columns that have to differ with it, where each is there once.
    unique_with: Option<&'static str>,
}

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

fn part(from: &[Option<String>], at: usize) -> &str {
    from.get(at).and_then(Option::as_deref).unwrap_or_default()
}

impl Folded {
    /// Folds all rows of the table, in the order of their ids.
    async fn renew(&self, db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
        let mut last = Uuid::nil();
        loop {
            let rows = self.after(db, last).await?;
            let Some(row) = rows.last() else { return Ok(()) };
            last = row.try_get("", "id")?;
            let mut changed = Vec::new();
            for row in &rows {
                changed.extend(self.changed(row)?);
            }
            if self.unique_with.is_some() {
                for one in changed {
                    self.write(db, vec![one]).await?;
                }
            } else if !changed.is_empty() {
                self.write(db, changed).await?;
            }
        }
    }

    async fn after(&self, db: &SchemaManagerConnection<'_>, last: Uuid) -> Result<Vec<QueryResult>, DbErr> {
        let Self { table, column, from, .. } = self;
        let backend = db.get_database_backend();
        let sql = format!(
            "SELECT id, {column}, {} FROM {table} WHERE id > {} ORDER BY id LIMIT {BATCH}",
            from.join(", "),
            place(backend, 1),
        );
        db.query_all_raw(Statement::from_sql_and_values(backend, sql, [last.into()])).await
    }

    /// A row's id and what it should have, where it has something else.
    fn changed(&self, row: &QueryResult) -> Result<Option<(Uuid, String)>, DbErr> {
        let stored: String = row.try_get("", self.column)?;
        let from = self.from.iter().map(|column| row.try_get("", column)).collect::<Result<Vec<_>, _>>()?;
        let folded = (self.make)(&from);
        Ok(if folded == stored { None } else { Some((row.try_get("", "id")?, folded)) })
    }

    /// Writes what rows should have. Where that would be there twice, the row keeps what it has.
    async fn write(
        &self,
        db: &SchemaManagerConnection<'_>,
        changed: Vec<(Uuid, String)>,
    ) -> Result<(), DbErr> {
        let Self { table, column, unique_with, .. } = self;
        let backend = db.get_database_backend();
        let pair = |at: usize| format!("({}, {})", place(backend, 2 * at + 1), place(backend, 2 * at + 2));
        let pairs: Vec<String> = (0..changed.len()).map(pair).collect();
        let unique = unique_with.map_or_else(String::new, |with| {
            format!(
                " AND NOT EXISTS (SELECT 1 FROM {table} AS other JOIN folded ON other.{column} = folded.value \
                 WHERE other.{with} = {table}.{with} AND other.id <> {table}.id)"
            )
        });
        let sql = format!(
            "WITH folded (id, value) AS (VALUES {}) UPDATE {table} \
             SET {column} = (SELECT value FROM folded WHERE folded.id = {table}.id) \
             WHERE id IN (SELECT id FROM folded){unique}",
            pairs.join(", "),
        );
        let values = changed.into_iter().flat_map(|(id, value)| [Value::from(id), Value::from(value)]);
        db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }
}

fn place(backend: DatabaseBackend, number: usize) -> String {
    if backend == DatabaseBackend::Postgres { format!("${number}") } else { format!("?{number}") }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // The index of what was folded before would be written for nothing; the next migration makes another.
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

    /// The index comes back; what is folded stays so.
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
