//! Folds columns anew when the folding has changed, in batches. Repeating it finds less to do.

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryResult, Statement, Value, prelude::Uuid};
use sea_orm_migration::prelude::*;

/// Maximum number of rows of one batch.
const BATCH: u64 = 500;

/// A column that is derived from other columns of its row.
pub(crate) struct Folded {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    /// The source columns.
    pub(crate) from: &'static [&'static str],
    pub(crate) make: fn(&[Option<String>]) -> String,
    /// The columns of its unique index, if any.
    pub(crate) unique_with: Option<&'static str>,
}

/// Returns the value of a source column, or an empty text.
pub(crate) fn part(from: &[Option<String>], at: usize) -> &str {
    from.get(at).and_then(Option::as_deref).unwrap_or_default()
}

impl Folded {
    /// Folds all rows of the table in the order of their ids.
    pub(crate) async fn renew(&self, db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
        // Ids of accounts are text, all others are UUIDs.
        let mut last = if self.table == "users" { Value::from("") } else { Value::from(Uuid::nil()) };
        loop {
            let rows = self.after(db, last).await?;
            let Some(row) = rows.last() else { return Ok(()) };
            last = self.id(row)?;
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

    async fn after(&self, db: &SchemaManagerConnection<'_>, last: Value) -> Result<Vec<QueryResult>, DbErr> {
        let Self { table, column, from, .. } = self;
        let backend = db.get_database_backend();
        let sql = format!(
            "SELECT id, {column}, {} FROM {table} WHERE id > {} ORDER BY id LIMIT {BATCH}",
            from.join(", "),
            place(backend, 1),
        );
        db.query_all_raw(Statement::from_sql_and_values(backend, sql, [last])).await
    }

    fn id(&self, row: &QueryResult) -> Result<Value, DbErr> {
        if self.table == "users" {
            return row.try_get::<String>("", "id").map(Value::from);
        }
        row.try_get::<Uuid>("", "id").map(Value::from)
    }

    /// Returns the row's id and new value, if the value differs.
    fn changed(&self, row: &QueryResult) -> Result<Option<(Value, String)>, DbErr> {
        let stored: String = row.try_get("", self.column)?;
        let from = self.from.iter().map(|column| row.try_get("", column)).collect::<Result<Vec<_>, _>>()?;
        let folded = (self.make)(&from);
        Ok(if folded == stored { None } else { Some((self.id(row)?, folded)) })
    }

    /// Writes the new values. A row keeps its value if the new one would violate a unique index.
    async fn write(
        &self,
        db: &SchemaManagerConnection<'_>,
        changed: Vec<(Value, String)>,
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
        let values = changed.into_iter().flat_map(|(id, value)| [id, Value::from(value)]);
        db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        Ok(())
    }
}

fn place(backend: DatabaseBackend, number: usize) -> String {
    if backend == DatabaseBackend::Postgres { format!("${number}") } else { format!("?{number}") }
}
