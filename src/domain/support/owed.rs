//! The answer that the team owes a customer: since when, by when it is late, and when its assignee loses the chat.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{support_chat, support_episode, support_settings};

use super::lifecycle::Lifecycle;

/// The chat on its way to where it is to stand: what is owed goes with it, or falls away.
pub(super) fn follow(
    mut chat: support_chat::Model,
    to: &Lifecycle,
    settings: &support_settings::Model,
    now: DateTime<Utc>,
) -> support_chat::Model {
    match to {
        Lifecycle::AiActive | Lifecycle::Resolved { .. } => return settled(chat),
        Lifecycle::WaitingHuman { .. } => chat.answer_due_at = None,
        Lifecycle::HumanActive { .. } => {
            chat.answer_due_at = chat.unanswered_since.and(after(now, settings.answer_within));
        }
    }
    due(chat)
}

/// From now on the team owes an answer, unless it did before.
pub(super) fn owe(
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

/// The team owes nothing.
pub(super) fn settled(mut chat: support_chat::Model) -> support_chat::Model {
    chat.unanswered_since = None;
    chat.response_due_at = None;
    chat.answer_due_at = None;
    chat.late_since = None;
    due(chat)
}

/// The answer is late, which is told once.
pub(super) fn late(mut chat: support_chat::Model) -> support_chat::Model {
    chat.late_since = chat.response_due_at.take();
    due(chat)
}

fn due(mut chat: support_chat::Model) -> support_chat::Model {
    chat.due_at = [chat.response_due_at, chat.answer_due_at].into_iter().flatten().min();
    chat
}

fn after(now: DateTime<Utc>, seconds: Option<i32>) -> Option<DateTime<Utc>> {
    seconds.map(|seconds| now + TimeDelta::seconds(seconds.into()))
}
