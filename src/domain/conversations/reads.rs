//! How far somebody has read. What is unread is counted from it: the newest message's number minus the mark.

use chrono::{DateTime, Utc};
use entity::{conversation, read_mark};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{
    ReadableConversation, Target,
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
