//! Response deadlines: since when a customer waits for the team, when that is a breach and when the
//! assignee loses the chat.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{support_chat, support_episode, support_settings};
use sea_orm::ConnectionTrait;

use super::{episodes, lifecycle::Lifecycle};
use crate::error::Result;

/// Adjusts the deadlines of a chat to its next state.
pub(super) fn follow(
    mut chat: support_chat::Model,
    to: &Lifecycle,
    settings: &support_settings::Model,
    now: DateTime<Utc>,
) -> support_chat::Model {
    if *to != Lifecycle::AiActive {
        chat.unasked_from = None;
    }
    match to {
        Lifecycle::AiActive | Lifecycle::Resolved { .. } => return clear(chat),
        Lifecycle::WaitingHuman { .. } => chat.answer_due_at = None,
        Lifecycle::HumanActive { .. } => {
            chat.answer_due_at = chat.unanswered_since.and(after(now, settings.answer_within));
        }
    }
    due(chat)
}

/// Starts the response deadline unless it is already running.
pub(super) fn start(
    mut chat: support_chat::Model,
    episode: &support_episode::Model,
    settings: &support_settings::Model,
    now: DateTime<Utc>,
) -> support_chat::Model {
    if chat.unanswered_since.is_some() {
        return chat;
    }
    chat.unanswered_since = Some(now);
    let within = match episode.first_response_at {
        None => settings.first_response_within,
        Some(_) => settings.next_response_within,
    };
    chat.response_due_at = after(now, within);
    if chat.status == support_chat::Status::HumanActive {
        chat.answer_due_at = after(now, settings.answer_within);
    }
    due(chat)
}

/// Clears all deadlines.
pub(super) fn clear(mut chat: support_chat::Model) -> support_chat::Model {
    chat.unanswered_since = None;
    chat.response_due_at = None;
    chat.answer_due_at = None;
    chat.late_since = None;
    due(chat)
}

/// Records a breach of the response deadline once, also if the response is being written now. The caller saves the chat.
pub(super) async fn miss(
    tx: &impl ConnectionTrait,
    mut chat: support_chat::Model,
    now: DateTime<Utc>,
) -> Result<support_chat::Model> {
    let Some(due_at) = chat.response_due_at.filter(|at| *at <= now) else { return Ok(chat) };
    let mut episode = episodes::get_current(tx, &chat).await?;
    if episode.first_response_at.is_none() {
        episode.first_was_late = true;
    } else {
        episode.next_were_late += 1;
    }
    episodes::save(tx, episode).await?;
    chat.response_due_at = None;
    chat.late_since = Some(due_at);
    chat.last_late_at = Some(due_at);
    Ok(due(chat))
}

fn due(mut chat: support_chat::Model) -> support_chat::Model {
    chat.due_at = [chat.response_due_at, chat.answer_due_at].into_iter().flatten().min();
    chat
}

fn after(now: DateTime<Utc>, seconds: Option<i32>) -> Option<DateTime<Utc>> {
    seconds.map(|seconds| now + TimeDelta::seconds(seconds.into()))
}
