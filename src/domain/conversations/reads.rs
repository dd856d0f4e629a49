//! How far somebody has read, and how much is left. What is unread is what was posted behind the mark and can still be
//! read: no deleted message, and none of somebody whom the reader has blocked.

use chrono::{DateTime, Utc};
use entity::{conversation, read_mark};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QueryResult, Statement, Value,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{
    ReadRight, ReadableConversation, Target,
    access::{Intent, get_seat},
    post::find_in,
};
use crate::{
    app::App,
    domain::{Error, Result, User},
};

/// Marks a conversation as read up to a message, or to its end. The mark never goes back.
///
/// # Errors
/// [`Error::NotFound`] for the conversation or the message, and why the actor may not read there.
pub async fn mark_read(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    message_id: Option<Uuid>,
) -> Result<ReadableConversation> {
    let tx = app.begin_at(actor, conversation_id).await?;
    let target = Target::Conversation(conversation_id);
    let conversation = get_seat(app, &tx, actor, &target, Intent::Read).await?.conversation;
    if let Some(done) = tx.replayed()? {
        return Ok(ReadableConversation::checked(done));
    }
    let number = match message_id {
        None => conversation.message_count,
        Some(id) => {
            let row = find_in(&tx, conversation_id, id).await?;
            row.ok_or(Error::NotFound("Message"))?.message.number
        }
    };
    mark(&tx, app.clock.now(), conversation_id, &actor.id, number).await?;
    let id = actor.id.clone();
    tx.after(move |app| app.inbox.changed_for(&id));
    tx.commit(conversation).await.map(ReadableConversation::checked)
}

/// Moves a mark forward.
pub(super) async fn mark(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    conversation_id: Uuid,
    user_id: &str,
    number: i64,
) -> Result<()> {
    use read_mark::Column;
    let new = read_mark::ActiveModel {
        conversation_id: Set(conversation_id),
        user_id: Set(user_id.to_owned()),
        number: Set(number),
        updated_at: Set(now),
    };
    let forward = OnConflict::columns([Column::ConversationId, Column::UserId])
        .update_columns([Column::Number, Column::UpdatedAt])
        .action_and_where(Expr::col((read_mark::Entity, Column::Number)).lt(number))
        .to_owned();
    read_mark::Entity::insert(new).on_conflict(forward).exec_without_returning(db).await?;
    Ok(())
}

/// Begins the reading of one who comes into a community's room: what was said before is not unread.
pub(in crate::domain) async fn begin_reading(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    community_id: Uuid,
    user_id: &str,
) -> Result<()> {
    let room = conversation::Entity::find().filter(Target::Room(community_id).condition()).one(tx).await?;
    match room {
        Some(room) => mark(tx, now, room.id, user_id, room.message_count).await,
        None => Ok(()),
    }
}

/// How far somebody has read these conversations; those without a mark are not listed.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_read_marks(app: &App, user_id: &str, ids: &[Uuid]) -> Result<Vec<read_mark::Model>> {
    Ok(read_mark::Entity::find()
        .filter(read_mark::Column::UserId.eq(user_id))
        .filter(read_mark::Column::ConversationId.is_in(ids.iter().copied()))
        .all(app.db.read())
        .await?)
}

/// How many messages of each of these conversations somebody has not read and can still read.
///
/// What cannot be read is counted, not what can: it is what indexes have apart, and there is little of it.
///
/// # Errors
/// [`Error::Internal`].
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
    // `CROSS JOIN`: from the few who are blocked to what they said, on SQLite in this order.
    let sql = format!(
        "SELECT c.id, c.message_count - COALESCE(r.number, 0) \
         - (SELECT COUNT(*) FROM messages AS m WHERE m.conversation_id = c.id \
            AND m.number > COALESCE(r.number, 0) AND m.deleted_at IS NOT NULL) \
         - (SELECT COUNT(*) FROM blocks AS b CROSS JOIN messages AS m WHERE b.blocker_id = {user} \
            AND m.conversation_id = c.id AND m.author_id = b.blocked_id \
            AND m.number > COALESCE(r.number, 0) AND m.deleted_at IS NULL) AS unread \
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
