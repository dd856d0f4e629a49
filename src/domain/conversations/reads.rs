//! Read marks and unread counts. Unread are the messages after the mark that are still visible: not
//! deleted, and not by authors that the reader blocks.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use entity::{conversation, read_mark};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, InsertMany,
    IntoActiveModel, QueryFilter, QueryResult, Statement, Value,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{
    ReadRight, ReadableConversation, Target,
    access::{Permission, get_access},
    post::find_in,
    read_mark_writer::{self, Reading},
};
use crate::{
    app::{App, Change},
    database::Submitted,
    domain::{User, idempotency},
    error::{Error, Result},
};

/// Marks a conversation as read up to a message, or to its end. The mark never moves back.
///
/// # Errors
/// [`Error::NotFound`] for the conversation or the message, and the refusal to read there.
pub async fn mark_read(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    message_id: Option<Uuid>,
) -> Result<ReadableConversation> {
    // A request with an `Idempotency-Key` is written alone, with its key.
    if idempotency::next_slot().is_none() {
        let reading = Reading { reader: actor.clone(), conversation_id, message_id };
        if let Submitted::Done(read) = read_mark_writer::submit(app, reading).await? {
            return Ok(ReadableConversation::checked(read));
        }
    }
    let tx = app.begin_locking(actor, conversation_id).await?;
    let target = Target::Conversation(conversation_id);
    let conversation = get_access(app, &tx, actor, &target, Permission::Read).await?.conversation;
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
    tx.publish([Change::Inbox { user: actor.id.clone(), conversation: Some(conversation_id) }]);
    tx.commit(conversation).await.map(ReadableConversation::checked)
}

/// Moves a read mark forward.
pub(super) async fn mark(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    conversation_id: Uuid,
    user_id: &str,
    number: i64,
) -> Result<()> {
    let mark = read_mark::Model { conversation_id, user_id: user_id.to_owned(), number, updated_at: now };
    mark_all(db, vec![mark]).await
}

/// Moves marks forward.
pub(super) async fn mark_all(db: &impl ConnectionTrait, marks: Vec<read_mark::Model>) -> Result<()> {
    forward(marks).exec_without_returning(db).await?;
    Ok(())
}

/// The write that moves marks forward.
pub(super) fn forward(mut marks: Vec<read_mark::Model>) -> InsertMany<read_mark::ActiveModel> {
    use read_mark::Column;
    // In one order, so that two batches cannot wait for one another; of one reader's marks the furthest.
    marks.sort_by(|a, b| {
        let key = |mark: &read_mark::Model| (mark.conversation_id, Reverse(mark.number));
        a.user_id.cmp(&b.user_id).then_with(|| key(a).cmp(&key(b)))
    });
    marks.dedup_by(|next, kept| next.user_id == kept.user_id && next.conversation_id == kept.conversation_id);
    let new = Expr::col((Alias::new("excluded"), Column::Number));
    let on_conflict = OnConflict::columns([Column::ConversationId, Column::UserId])
        .update_columns([Column::Number, Column::UpdatedAt])
        .action_and_where(Expr::col((read_mark::Entity, Column::Number)).lt(new))
        .to_owned();
    let marks = marks.into_iter().map(|mark| mark.into_active_model().reset_all());
    read_mark::Entity::insert_many(marks).on_conflict(on_conflict)
}

/// Sets the read mark of a new member to the end of the community's room, so that older messages are not
/// unread.
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

/// Returns the user's read marks of conversations; those without a mark are omitted.
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

/// Returns the number of unread messages of each conversation.
///
/// Counts the invisible messages and subtracts them: these are few and have their own indexes.
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
