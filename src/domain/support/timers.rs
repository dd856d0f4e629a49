//! What happens to customers by itself, because nobody did anything in time.

use chrono::{DateTime, Utc};
use entity::{
    ban, community, membership,
    support_chat::{self, Status},
    support_episode::ResolvedBy,
    user,
};
use sea_orm::{
    ColumnTrait, EntityTrait, Iterable, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    chats::{enter, hold, save},
    episodes,
    handover::wake,
    lifecycle::Lifecycle,
    owed,
};
use crate::{
    app::App,
    domain::{
        Result, Write, agents,
        communities::{Action, may},
        conversations, due,
    },
};

/// What the customer is told when whoever answered no longer does.
const RELEASED: &str = "Whoever answered you is away. Somebody else will take over.";

/// Looks after all chats in which something is due: an answer is late, which is told once; or an assignee has not answered
/// in time or no longer serves, and the customer is back in the queue, at the place that their waiting gives them. Gives
/// when to come back.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn tend(app: &App) -> Result<Option<DateTime<Utc>>> {
    use support_chat::{Column, Entity};
    let late = due::each::<Entity, _>(app, Column::Id, Column::DueAt, |chat| {
        tend_one(app, chat.conversation_id, false)
    });
    let left = due::each_of::<Entity, _>(app, Column::Id, left_behind(), |chat| {
        tend_one(app, chat.conversation_id, true)
    });
    let over =
        due::each_of::<Entity, _>(app, Column::Id, over(app.clock.now()), |chat| end_one(app, chat.id));
    Ok(late.await?.into_iter().chain(left.await?).chain(over.await?).min())
}

/// Chats that wait or are answered, and need not be: the community is closed, its customer banned there or gone.
fn over(now: DateTime<Utc>) -> Expr {
    let closed = Query::select()
        .expr(Expr::val(1))
        .from(community::Entity)
        .and_where(
            Expr::col((community::Entity, community::Column::Id))
                .equals((support_chat::Entity, support_chat::Column::CommunityId)),
        )
        .and_where(community::Column::Status.eq(community::Status::Archived))
        .to_owned();
    let banned = Query::select()
        .expr(Expr::val(1))
        .from(ban::Entity)
        .and_where(
            Expr::col((ban::Entity, ban::Column::CommunityId))
                .equals((support_chat::Entity, support_chat::Column::CommunityId)),
        )
        .and_where(
            Expr::col((ban::Entity, ban::Column::UserId))
                .equals((support_chat::Entity, support_chat::Column::CustomerId)),
        )
        .and_where(ban::Column::Until.is_null().or(ban::Column::Until.gt(now)))
        .to_owned();
    let gone = Query::select()
        .expr(Expr::val(1))
        .from(user::Entity)
        .and_where(
            Expr::col((user::Entity, user::Column::Id))
                .equals((support_chat::Entity, support_chat::Column::CustomerId)),
        )
        .and_where(user::Column::DeletedAt.is_not_null())
        .to_owned();
    let any = Expr::exists(closed).or(Expr::exists(banned)).or(Expr::exists(gone));
    support_chat::Column::Status.ne(Status::Resolved).and(any)
}

/// Ends the episode of a chat that is over, unless it is not any more.
async fn end_one(app: &App, id: Uuid) -> Result<()> {
    let tx = app.begin_apart().await?;
    let Some(chat) = support_chat::Entity::find_by_id(id).one(&tx).await? else { return Ok(()) };
    conversations::lock(&tx, chat.conversation_id).await?;
    let still = support_chat::Entity::find_by_id(id).filter(over(app.clock.now())).one(&tx).await?;
    let Some(chat) = still else { return Ok(()) };
    let Some(to) = Lifecycle::of(&chat).resolve() else { return Ok(()) };
    Box::pin(agents::silence(app, &tx, chat.conversation_id)).await?;
    let episode = episodes::get_current(&tx, &chat).await?;
    let customer = chat.customer_id.clone();
    episodes::save(&tx, episodes::close(episode, ResolvedBy::Customer, &customer, app.clock.now())).await?;
    let (_, bell) = enter(app, &tx, chat, to, None).await?;
    tx.tell([bell]);
    tx.commit(()).await
}

/// Chats that are answered by somebody who no longer serves.
fn left_behind() -> Expr {
    let serving = membership::Role::iter().filter(|role| may(*role, Action::Serve));
    let there = Expr::col((membership::Entity, membership::Column::CommunityId))
        .equals((support_chat::Entity, support_chat::Column::CommunityId));
    let theirs = Expr::col((membership::Entity, membership::Column::UserId))
        .equals((support_chat::Entity, support_chat::Column::AssigneeId));
    let account =
        Expr::col((membership::Entity, membership::Column::UserId)).equals((user::Entity, user::Column::Id));
    let serves = Query::select()
        .expr(Expr::val(1))
        .from(membership::Entity)
        .inner_join(user::Entity, account)
        .and_where(user::Column::BannedAt.is_null())
        .and_where(there)
        .and_where(theirs)
        .and_where(membership::Column::Role.is_in(serving))
        .to_owned();
    support_chat::Column::Status.eq(Status::HumanActive).and(Expr::exists(serves).not())
}

/// Does what is due in one chat, in a transaction of its own.
async fn tend_one(app: &App, conversation_id: Uuid, is_left: bool) -> Result<()> {
    let tx = app.begin_apart().await?;
    let Some(mut chat) = hold(&tx, conversation_id).await? else { return Ok(()) };
    let now = app.clock.now();
    let is_due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
    if is_due(chat.response_due_at) {
        chat = miss(&tx, chat).await?;
    }
    // Read again under the lock: they may have answered, or it may be another's by now.
    let is_left = is_left && chat.status == Status::HumanActive && !serves(&tx, &chat).await?;
    if is_due(chat.answer_due_at) || is_left {
        chat = release(app, &tx, chat).await?;
    }
    wake(&tx, &chat);
    tx.commit(()).await
}

/// Tells that an answer is late.
async fn miss(tx: &Write, chat: support_chat::Model) -> Result<support_chat::Model> {
    let mut episode = episodes::get_current(tx, &chat).await?;
    if episode.first_response_at.is_none() {
        episode.first_was_late = true;
    } else {
        episode.next_were_late += 1;
    }
    episodes::save(tx, episode).await?;
    let community = chat.community_id;
    tx.after(move |app| app.queues.touched(community));
    save(tx, owed::late(chat)).await
}

/// Lets the customer wait for another.
async fn release(app: &App, tx: &Write, chat: support_chat::Model) -> Result<support_chat::Model> {
    let before = chat.assignee_id.clone();
    let since = chat.unanswered_since.unwrap_or_else(|| app.clock.now());
    let to = Lifecycle::of(&chat).release(since)?;
    let (chat, bell) = enter(app, tx, chat, to, None).await?;
    let word = conversations::say_as_system(app, tx, chat.conversation_id, RELEASED.to_owned()).await?;
    tx.tell([bell, word]);
    tx.after(move |app| {
        if let Some(before) = before {
            app.inbox.changed_for(&before);
        }
    });
    Ok(chat)
}

async fn serves(tx: &Write, chat: &support_chat::Model) -> Result<bool> {
    let left = support_chat::Entity::find_by_id(chat.id).filter(left_behind()).one(tx).await?;
    Ok(left.is_none())
}
