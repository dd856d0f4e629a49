//! Read marks: up to which message each user has read a conversation.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use entity::{conversation, read_mark};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, InsertMany, IntoActiveModel, QueryFilter,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::Target;
use crate::{app::App, error::Result};

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
    // Sorted, so that two batches cannot deadlock; of several marks of one reader, the furthest.
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
/// [`crate::error::Error::Internal`].
pub async fn list_read_marks(app: &App, user_id: &str, ids: &[Uuid]) -> Result<Vec<read_mark::Model>> {
    Ok(read_mark::Entity::find()
        .filter(read_mark::Column::UserId.eq(user_id))
        .filter(read_mark::Column::ConversationId.is_in(ids.iter().copied()))
        .all(app.db.read())
        .await?)
}
