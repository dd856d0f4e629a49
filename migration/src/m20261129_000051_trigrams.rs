//! Trigram indexes of the folded names of spaces, and of the folded names and descriptions of communities.
//!
//! PostgreSQL needs its extension `pg_trgm`. Without the right to create it, no index is created and every search
//! scans; the server reports that at start.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

/// Trigram indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// A table with its searched column, and the condition of the rows that are searched.
pub(crate) type Searched = (&'static str, &'static str, &'static str);

const SEARCHED: [Searched; 2] =
    [("spaces", "name_fold", "is_public"), ("communities", "search_fold", "status = 'active'")];

/// An error of the block undoes only what the block did. New entries go to the index at once: a list of pending
/// entries would be scanned by every search.
fn postgres(searched: &[Searched]) -> String {
    let indexes: String = searched
        .iter()
        .map(|(table, column, condition)| {
            format!(
                "CREATE INDEX ix_{table}_trigrams ON {table} USING gin ({column} gin_trgm_ops) \
                 WITH (fastupdate = off) WHERE {condition};"
            )
        })
        .collect();
    format!(
        "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; {indexes} \
         EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported \
         THEN RAISE NOTICE 'pg_trgm cannot be created: %', SQLERRM; END $$"
    )
}

/// SQLite's index has neither text nor positions: the search compares the text of each row that it finds. A table
/// numbers the rows, because `VACUUM` may change a row id that is not a primary key.
fn sqlite(table: &str, column: &str) -> [String; 7] {
    let number = |row: &str| format!("(SELECT number FROM {table}_index_rows WHERE id = {row}.id)");
    let (of_old, of_new) = (number("old"), number("new"));
    [
        format!("CREATE TABLE {table}_index_rows (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE)"),
        format!(
            "CREATE VIRTUAL TABLE {table}_index USING fts5(folded, content = '', contentless_delete = 1, \
             detail = none, tokenize = 'trigram case_sensitive 1')"
        ),
        format!("INSERT INTO {table}_index_rows (id) SELECT id FROM {table} ORDER BY created_at, id"),
        format!(
            "INSERT INTO {table}_index (rowid, folded) SELECT kept.number, row.{column} \
             FROM {table}_index_rows AS kept JOIN {table} AS row ON row.id = kept.id ORDER BY kept.number"
        ),
        format!(
            "CREATE TRIGGER {table}_index_insert AFTER INSERT ON {table} BEGIN \
             INSERT INTO {table}_index_rows (id) VALUES (new.id); \
             INSERT INTO {table}_index (rowid, folded) VALUES ({of_new}, new.{column}); END"
        ),
        format!(
            "CREATE TRIGGER {table}_index_update AFTER UPDATE OF {column} ON {table} \
             WHEN old.{column} <> new.{column} BEGIN \
             UPDATE {table}_index SET folded = new.{column} WHERE rowid = {of_new}; END"
        ),
        format!(
            "CREATE TRIGGER {table}_index_delete AFTER DELETE ON {table} BEGIN \
             DELETE FROM {table}_index WHERE rowid = {of_old}; \
             DELETE FROM {table}_index_rows WHERE id = old.id; END"
        ),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, &SEARCHED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &SEARCHED).await
    }
}

/// Creates the indexes of these tables.
pub(crate) async fn create(manager: &SchemaManager<'_>, searched: &[Searched]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        db.execute_unprepared(&postgres(searched)).await?;
        return Ok(());
    }
    for (table, column, _) in searched {
        for statement in sqlite(table, column) {
            db.execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// Drops the indexes of these tables. The extension stays: other tables of the database may use it.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, searched: &[Searched]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    for (table, _, _) in searched {
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(&format!("DROP INDEX IF EXISTS ix_{table}_trigrams")).await?;
            continue;
        }
        for change in ["insert", "update", "delete"] {
            db.execute_unprepared(&format!("DROP TRIGGER {table}_index_{change}")).await?;
        }
        db.execute_unprepared(&format!("DROP TABLE {table}_index")).await?;
        db.execute_unprepared(&format!("DROP TABLE {table}_index_rows")).await?;
    }
    Ok(())
}
