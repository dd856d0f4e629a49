//! What was said, in parts.

use chrono::{DateTime, Utc};
use entity::message;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    MessageRow, ReadableConversation, Target,
    access::{Intent, get_seat},
    messages,
};
use crate::{
    app::App,
    domain::{Cursor, Error, Result, Slice, User, Window},
};

/// Which part of a conversation that the caller has already been shown.
#[derive(Clone, Copy, Debug)]
pub struct History {
    /// The conversation.
    pub conversation_id: Uuid,
    /// Only messages whose event has at most this number.
    pub up_to: Option<i64>,
}

/// The newest `limit` messages before a time, oldest first.
///
/// # Errors
/// Why the actor may not read there.
pub async fn list_before(
    app: &App,
    actor: &User,
    target: &Target,
    before: Option<DateTime<Utc>>,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let seat = get_seat(app, app.db.read(), actor, target, Intent::Read).await?;
    let history = History { conversation_id: seat.conversation.id, up_to: None };
    newest(app, history, before, limit).await
}

/// The newest messages before a time, oldest first.
pub(super) async fn newest(
    app: &App,
    history: History,
    before: Option<DateTime<Utc>>,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let mut select = messages::select().filter(message::Column::ConversationId.eq(history.conversation_id));
    if let Some(before) = before {
        select = select.filter(message::Column::CreatedAt.lt(before));
    }
    if let Some(up_to) = history.up_to {
        select = select.filter(message::Column::Seq.lte(up_to));
    }
    let mut rows: Vec<MessageRow> =
        select.order_by_desc(message::Column::CreatedAt).limit(limit).into_model().all(app.db.read()).await?;
    rows.reverse();
    Ok(rows)
}

/// A part of a conversation, oldest first, by cursor; without an end to begin at, the newest.
///
/// The total is the conversation's own count: a deleted message keeps its place, so that no message ever leaves it.
///
/// # Errors
/// [`Error::Invalid`] for a page number, which a chat does not have.
pub async fn list_messages(
    app: &App,
    readable: &ReadableConversation,
    window: Window,
) -> Result<Slice<MessageRow>> {
    use message::Column;
    let all = messages::select().filter(Column::ConversationId.eq(readable.id));
    let count = u64::try_from(readable.message_count).ok();
    // Times do not repeat in a conversation, so they are cursors by themselves.
    let at = |cursor: Cursor| cursor.at;
    let (select, back) = match window {
        Window::Forward { after: Some(after), .. } => (all.filter(Column::CreatedAt.gt(at(after))), false),
        Window::Forward { after: None, .. } => (all, false),
        Window::Backward { before, .. } => match before {
            Some(before) => (all.filter(Column::CreatedAt.lt(at(before))), true),
            None => (all, true),
        },
        Window::Numbered { .. } => {
            return Err(Error::invalid("page", "messages are walked by cursor, not by page number"));
        }
    };
    let select =
        if back { select.order_by_desc(Column::CreatedAt) } else { select.order_by_asc(Column::CreatedAt) };
    let rows = select.limit(window.limit() + 1).into_model().all(app.db.read()).await?;
    Ok(Slice::new(rows, window, count))
}
