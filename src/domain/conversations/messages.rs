//! Messages by id, and the newest of each conversation.

use entity::{block, conversation, message};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};
use uuid::Uuid;

use super::ReadRight;
use crate::{
    app::App,
    error::Result,
    timeline::{MessageRow, load_messages, select_messages},
};

/// Returns messages by id, in no order, and omits those of other conversations.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_messages_in(app: &App, keys: &[(ReadRight, Uuid)]) -> Result<Vec<MessageRow>> {
    let mut rows = load_messages(app.db.read(), keys.iter().map(|(_, id)| *id)).await?;
    rows.retain(|row| keys.contains(&(row.right(), row.message.id)));
    Ok(rows)
}

/// Returns a message by id without an access check.
pub(in crate::domain) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<MessageRow>> {
    Ok(load_messages(db, [id]).await?.pop())
}

/// Maximum number of newest messages per conversation that are searched for a visible one.
const MAX_SCANNED_MESSAGES: i64 = 1000;

/// Returns the newest visible message of each conversation, in no order: not deleted, and not by an author
/// that the viewer blocks. A conversation with none among its newest 1000 is omitted.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_last(app: &App, viewer: &str, readable: &[ReadRight]) -> Result<Vec<MessageRow>> {
    // One index lookup per conversation; otherwise a planner may scan all messages.
    let conversations = readable.iter().map(|right| right.conversation_id());
    let last = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(
            Expr::col((message::Entity, message::Column::ConversationId))
                .equals((conversation::Entity, conversation::Column::Id)),
        )
        .filter(Expr::col((message::Entity, message::Column::Number)).gt(
            Expr::col((conversation::Entity, conversation::Column::MessageCount)).sub(MAX_SCANNED_MESSAGES),
        ))
        .filter(message::Column::DeletedAt.is_null())
        .filter(is_blocked(viewer).not())
        .order_by_desc(message::Column::Number)
        .limit(1)
        .into_query();
    let newest = Query::select()
        .expr(SimpleExpr::SubQuery(None, Box::new(last.into())))
        .from(conversation::Entity)
        .and_where(conversation::Column::Id.is_in(conversations))
        .take();
    Ok(select_messages()
        .filter(message::Column::Id.in_subquery(newest))
        .into_model()
        .all(app.db.read())
        .await?)
}

/// Condition: the viewer blocks the message's author.
fn is_blocked(viewer: &str) -> SimpleExpr {
    let of_author = Expr::col((block::Entity, block::Column::BlockedId))
        .equals((message::Entity, message::Column::AuthorId));
    let by_viewer = block::Entity::find()
        .select_only()
        .column(block::Column::Id)
        .filter(block::Column::BlockerId.eq(viewer))
        .filter(of_author)
        .into_query();
    Expr::exists(by_viewer)
}

/// Returns a message of the conversation.
pub(super) async fn find_in(
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    id: Uuid,
) -> Result<Option<MessageRow>> {
    Ok(select_messages()
        .filter(message::Column::ConversationId.eq(conversation_id))
        .filter(message::Column::Id.eq(id))
        .into_model()
        .one(tx)
        .await?)
}

/// Returns the stored result of a post with the message as it is now: it may have been deleted since.
pub(super) async fn current(tx: &impl ConnectionTrait, done: MessageRow) -> Result<MessageRow> {
    let now = find_in(tx, done.message.conversation_id, done.message.id).await?;
    let changes = |row: &MessageRow| (row.message.edited_at, row.message.deleted_at);
    Ok(match now {
        Some(now) if changes(&now) != changes(&done) => {
            MessageRow { agent_refusal: done.agent_refusal, ..now }
        }
        _ => done,
    })
}
