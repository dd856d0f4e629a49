//! Unread counts. A message is unread if it is after the read mark and still visible: not deleted, and not by authors
//! that the reader blocks.

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryResult, Statement, Value};

use super::ReadRight;
use crate::{app::App, error::Result};

/// Returns the number of unread messages of each conversation.
///
/// Counts the invisible messages and subtracts them: these are few and have their own indexes.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_unread(app: &App, user_id: &str, readable: &[ReadRight]) -> Result<Vec<(ReadRight, i64)>> {
    if readable.is_empty() {
        return Ok(Vec::new());
    }
    let backend = app.db.backend();
    let place = |number: usize| match backend {
        DatabaseBackend::Postgres => format!("${number}"),
        _ => format!("?{number}"),
    };
    let user = place(1);
    let these: Vec<String> = (0..readable.len()).map(|at| place(at + 2)).collect();
    // Counted for each of the few blocked users, so that a planner cannot start from the messages.
    let sql = format!(
        "SELECT c.id, c.message_count - COALESCE(r.number, 0) \
         - (SELECT COUNT(*) FROM messages AS m WHERE m.conversation_id = c.id \
            AND m.number > COALESCE(r.number, 0) AND m.deleted_at IS NOT NULL) \
         - (SELECT CAST(COALESCE(SUM((SELECT COUNT(*) FROM messages AS m WHERE m.conversation_id = c.id \
            AND m.author_id = b.blocked_id AND m.number > COALESCE(r.number, 0) AND m.deleted_at IS NULL)), 0) \
            AS bigint) FROM blocks AS b WHERE b.blocker_id = {user}) AS unread \
         FROM conversations AS c \
         LEFT JOIN read_marks AS r ON r.conversation_id = c.id AND r.user_id = {user} \
         WHERE c.id IN ({})",
        these.join(", ")
    );
    let values = [Value::from(user_id)]
        .into_iter()
        .chain(readable.iter().map(|right| Value::from(right.conversation_id())));
    let rows = app.db.read().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let read = |row: QueryResult| {
        Ok((ReadRight::checked(row.try_get("", "id")?), Ord::max(row.try_get("", "unread")?, 0)))
    };
    rows.into_iter().map(read).collect()
}
