//! Support timers: breaches, releases and closures that happen without a request.

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
    chats::{lock, save, transition},
    episodes,
    handover::wake,
    lifecycle::Lifecycle,
    on_reply::{ask_again, unasked},
    response_deadline,
};
use crate::{
    app::{App, Change},
    domain::{
        UnitOfWork, agents,
        communities::{Action, may},
        conversations, due_rows,
        notices::Notice,
    },
    error::Result,
};

/// Handles all due chats: records each breach once; returns chats to the queue, with their wait preserved,
/// if the assignee did not respond in time or no longer serves; asks the agent about messages that were posted during a
/// reply; resolves chats that are over. Returns when to run again.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn run_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    use support_chat::{Column, Entity};
    let late = due_rows::run_due::<Entity, _>(app, Column::Id, Column::DueAt, |chat| {
        run_one(app, chat.conversation_id, false)
    });
    let left = due_rows::run_each::<Entity, _>(app, Column::Id, has_lost_assignee(), |chat| {
        run_one(app, chat.conversation_id, true)
    });
    let over = due_rows::run_each::<Entity, _>(app, Column::Id, needs_no_answer(app.clock.now()), |chat| {
        end_one(app, chat.id)
    });
    let unasked = due_rows::run_each::<Entity, _>(app, Column::Id, unasked(), |chat| {
        ask_again(app, chat.conversation_id)
    });
    let rounds = [late.await?, left.await?, over.await?, unasked.await?];
    Ok(rounds.into_iter().flatten().min())
}

/// Condition for open chats that are over: archived community, banned customer or deleted account.
fn needs_no_answer(now: DateTime<Utc>) -> Expr {
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
        .and_where(user::Column::DeletedAt.is_not_null().or(user::Column::BannedAt.is_not_null()))
        .to_owned();
    let any = Expr::exists(closed).or(Expr::exists(banned)).or(Expr::exists(gone));
    support_chat::Column::Status.ne(Status::Resolved).and(any)
}

/// Resolves a chat that is over, unless it no longer is.
async fn end_one(app: &App, id: Uuid) -> Result<()> {
    let tx = app.begin_without_key().await?;
    let Some(chat) = support_chat::Entity::find_by_id(id).one(&tx).await? else { return Ok(()) };
    conversations::lock(&tx, chat.conversation_id).await?;
    let still =
        support_chat::Entity::find_by_id(id).filter(needs_no_answer(app.clock.now())).one(&tx).await?;
    let Some(chat) = still else { return Ok(()) };
    let Some(to) = Lifecycle::of(&chat).resolve() else { return Ok(()) };
    Box::pin(agents::stop_running(app, &tx, chat.conversation_id)).await?;
    let episode = episodes::get_current(&tx, &chat).await?;
    let customer = chat.customer_id.clone();
    episodes::save(&tx, episodes::close(episode, ResolvedBy::Customer, &customer, app.clock.now())).await?;
    let (_, notification) = transition(app, &tx, chat, to, None).await?;
    tx.publish([notification]);
    tx.commit(()).await
}

/// Condition for chats whose assignee no longer serves.
fn has_lost_assignee() -> Expr {
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

/// Handles one due chat in its own transaction.
async fn run_one(app: &App, conversation_id: Uuid, is_left: bool) -> Result<()> {
    let tx = app.begin_without_key().await?;
    let Some(mut chat) = lock(&tx, conversation_id).await? else { return Ok(()) };
    let now = app.clock.now();
    let is_due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
    if is_due(chat.response_due_at) {
        chat = save(&tx, response_deadline::miss(&tx, chat, now).await?).await?;
        tx.publish([Change::Queue(chat.community_id)]);
    }
    // Checked again under the lock: the assignee may have responded or changed.
    let is_left = is_left && chat.status == Status::HumanActive && !serves(&tx, &chat).await?;
    if is_due(chat.answer_due_at) || is_left {
        chat = release(app, &tx, chat).await?;
    }
    wake(&tx, &chat);
    tx.commit(()).await
}

/// Returns the chat to the queue.
async fn release(app: &App, tx: &UnitOfWork, chat: support_chat::Model) -> Result<support_chat::Model> {
    let before = chat.assignee_id.clone();
    let since = chat.unanswered_since.unwrap_or_else(|| app.clock.now());
    let to = Lifecycle::of(&chat).release(since)?;
    let (chat, notification) = transition(app, tx, chat, to, None).await?;
    let notice = conversations::post_as_system(app, tx, chat.conversation_id, &Notice::AssigneeAway).await?;
    tx.publish([notification, notice]);
    let conversation = Some(chat.conversation_id);
    tx.publish(before.map(|user| Change::Inbox { user, conversation }));
    Ok(chat)
}

async fn serves(tx: &UnitOfWork, chat: &support_chat::Model) -> Result<bool> {
    let left = support_chat::Entity::find_by_id(chat.id).filter(has_lost_assignee()).one(tx).await?;
    Ok(left.is_none())
}
