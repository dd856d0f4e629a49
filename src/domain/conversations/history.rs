//! Message history, in pages.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::message;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::{
    MessageRow, ReadRight, Target,
    access::{Permission, get_access},
    room_history::list_of_room,
};
use crate::{
    app::App,
    domain::{PageRows, User, Window, all_of},
    error::{Error, Result},
    timeline::select_messages,
};

/// Range of a conversation that the caller may read.
#[derive(Clone, Copy, Debug)]
pub struct History {
    /// The conversation.
    pub conversation_id: Uuid,
    /// Only messages whose event has at most this sequence number.
    pub up_to: Option<i64>,
}

/// Returns the newest `limit` messages before a time, oldest first.
///
/// # Errors
/// The refusal to read the conversation.
pub async fn list_before(
    app: &App,
    actor: &User,
    target: &Target,
    before: Option<DateTime<Utc>>,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    if let Target::Room(community) = target {
        return list_of_room(app, actor, *community, before, limit).await;
    }
    let access = get_access(app, app.db.read(), actor, target, Permission::Read).await?;
    let history = History { conversation_id: access.conversation.id, up_to: None };
    newest(app, history, before, limit).await
}

/// Returns the newest messages before a time, oldest first.
pub(super) async fn newest(
    app: &App,
    history: History,
    before: Option<DateTime<Utc>>,
    limit: u64,
) -> Result<Vec<MessageRow>> {
    let mut select = select_messages().filter(message::Column::ConversationId.eq(history.conversation_id));
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

/// Lists messages of readable conversations, oldest first, by cursor: the same page of each, in one
/// statement.
///
/// The slices have no total: it is the conversation's own count, for a deleted message keeps its place, so that no message
/// ever leaves it.
///
/// # Errors
/// [`Error::Invalid`] for a page number, which messages do not support.
pub async fn list_messages(
    app: &App,
    readable: &[ReadRight],
    window: Window,
) -> Result<HashMap<ReadRight, PageRows<MessageRow>>> {
    let db = app.db.read();
    let rows: Vec<MessageRow> = match readable {
        [one] => part(select_messages(), *one, window)?.into_model().all(db).await?,
        _ => {
            let ids = |right: &ReadRight| {
                let ids = message::Entity::find().select_only().column(message::Column::Id);
                part(ids, *right, window).map(QueryTrait::into_query)
            };
            let ids = readable.iter().map(ids).collect::<Result<Vec<_>>>()?;
            let select = select_messages().filter(message::Column::Id.in_subquery(all_of(ids)));
            sort(select, window).into_model().all(db).await?
        }
    };
    Ok(PageRows::of_each(readable, rows, MessageRow::right, window, None))
}

/// Selects the window's part of a conversation and one more row, which shows that more rows follow.
fn part(
    select: Select<message::Entity>,
    right: ReadRight,
    window: Window,
) -> Result<Select<message::Entity>> {
    use message::Column;
    let all = select.filter(Column::ConversationId.eq(right.conversation_id()));
    // Times do not repeat in a conversation, so they are cursors by themselves.
    let select = match window {
        Window::Forward { after: Some(after), .. } => all.filter(Column::CreatedAt.gt(after.at)),
        Window::Backward { before: Some(before), .. } => all.filter(Column::CreatedAt.lt(before.at)),
        Window::Forward { .. } | Window::Backward { .. } => all,
        Window::Numbered { .. } => {
            return Err(Error::invalid("page", "messages are paged by cursor, not by page number"));
        }
    };
    Ok(sort(select, window).limit(window.limit() + 1))
}

fn sort(select: Select<message::Entity>, window: Window) -> Select<message::Entity> {
    match window {
        Window::Backward { .. } => select.order_by_desc(message::Column::CreatedAt),
        _ => select.order_by_asc(message::Column::CreatedAt),
    }
}
