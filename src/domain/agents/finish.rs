//! The end of an agent reply: its text is posted, the fee captured or voided and the end published, in one
//! commit.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{
    agent_listing,
    agent_reply::{self, Audio, Outcome, Status},
    agent_reply_event::Kind,
    conversation,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    lifecycle::{Ending, Lifecycle},
    log::{insert, text_so_far},
};
use crate::{
    app::{App, Change},
    database::Transaction,
    domain::{
        Publish,
        conversations::{self, AgentMessage, Notification},
        lounges, support, wallet,
    },
    error::{Error, Result},
    live::Position,
    metrics::{self, metrics},
    timeline::ReplyEvent,
};

/// How long reading a finished reply aloud may take before the reply counts as abandoned.
const MAX_SPEECH_TIME: TimeDelta = TimeDelta::minutes(5);

/// A finished reply; publish it after its transaction is committed.
#[must_use = "the end must be published after the commit"]
pub(super) struct FinishedReply {
    pub(super) reply: agent_reply::Model,
    events: Vec<ReplyEvent>,
    pub(super) notifications: Vec<Notification>,
    /// Whether the reply is in a support chat, where the customer may have posted meanwhile.
    in_support: bool,
}

impl FinishedReply {
    /// Publishes all events. Call only after the commit.
    pub(super) fn publish(self, app: &App) {
        let outcome = outcome(&self.reply);
        metrics().replies.get_or_create(&metrics::Outcome { outcome }).inc();
        for notification in self.notifications {
            notification.publish(app);
        }
        for event in self.events {
            app.announce(Change::reply(event));
        }
    }

    /// Publishes all events, then answers messages that the customer posted meanwhile.
    pub(super) async fn publish_and_continue(self, app: &App) {
        let in_support = self.in_support.then_some(self.reply.conversation_id);
        self.publish(app);
        if let Some(conversation) = in_support {
            Box::pin(support::answer_later_messages(app, conversation)).await;
        }
    }
}

/// Returns the name of an ended reply's outcome in metrics.
fn outcome(reply: &agent_reply::Model) -> &'static str {
    match reply.status {
        Status::Running => "running",
        Status::Done => match reply.outcome {
            Some(Outcome::CutShort) => "cut_short",
            Some(Outcome::Withheld) => "withheld",
            _ => "answered",
        },
        Status::Stopped => "stopped",
        Status::Failed => "failed",
    }
}

/// Ends a reply in its own transaction. `read` is whether the reply is read aloud. Returns `None` if it had
/// already ended.
pub(super) async fn finish_in_own_transaction(
    app: &App,
    id: Uuid,
    ending: &Ending,
    read: bool,
) -> Result<Option<agent_reply::Model>> {
    let tx = app.db.begin().await?;
    let Some(ended) = finish(app, &tx, id, ending, read).await? else { return Ok(None) };
    tx.commit().await?;
    let reply = ended.reply.clone();
    ended.publish_and_continue(app).await;
    Ok(Some(reply))
}

/// Ends a reply. Returns `None` if it has already ended; of concurrent calls, one ends it.
pub(super) async fn finish(
    app: &App,
    tx: &Transaction,
    id: Uuid,
    ending: &Ending,
    read: bool,
) -> Result<Option<FinishedReply>> {
    let found = agent_reply::Entity::find_by_id(id).one(tx).await?;
    let Some(reply) = found.filter(|reply| reply.status == Status::Running) else { return Ok(None) };
    // The conversation's lock comes before all locks inside it.
    let conversation = conversations::lock(tx, reply.conversation_id).await?;
    let kind = conversation.map(|found| found.kind);
    let in_support = kind == Some(conversation::Kind::Support);
    let running = agent_reply::Entity::find_by_id(id)
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .lock_exclusive()
        .one(tx)
        .await?;
    let Some(mut reply) = running else { return Ok(None) };
    let text = text_so_far(tx, id).await?;
    let end = Lifecycle::from(reply.status).end(ending, &text)?;

    let mut notifications = Vec::new();
    if end.has_text {
        let listing = agent_listing::Entity::find_by_id(reply.listing_id).one(tx).await?;
        let listing = listing.ok_or(Error::NotFound("Agent listing"))?;
        let spoken = AgentMessage {
            listing_id: listing.id,
            agent_name: listing.agent_name,
            content: text.clone(),
            reply_to: reply.question_id,
            is_incomplete: end.is_incomplete,
        };
        let (row, rings) = conversations::post_as_agent(app, tx, reply.conversation_id, spoken).await?;
        reply.message_id = Some(row.message.id);
        notifications.push(rings);
    }
    reply.status = end.status;
    reply.text = text;
    reply.is_paid = end.is_paid && reply.fee > 0;
    reply.outcome = end.outcome;
    // Only a complete reply is read aloud; an event after its end publishes the audio.
    let is_read_aloud = read && end.has_text && end.status == Status::Done;
    reply.audio = if is_read_aloud { Audio::Pending } else { Audio::None };
    if is_read_aloud {
        reply.lease_until = app.clock.now() + MAX_SPEECH_TIME;
    }
    reply.finished_at = Some(app.clock.now());
    if let Ending::Said(_, usage) = ending {
        let tokens = |count: Option<u64>| count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        reply.provider = Some(usage.provider.clone());
        reply.prompt_tokens = tokens(usage.prompt_tokens);
        reply.completion_tokens = tokens(usage.completion_tokens);
    }
    let told = end.fault.map(|fault| (Kind::Error, fault)).into_iter().chain([(Kind::Done, "")]);
    let told: Vec<_> = told.collect();
    let first = reply.last_seq + 1;
    reply.last_seq += i64::try_from(told.len()).unwrap_or_default();
    let shared = Arc::new(reply.clone());
    let mut events = Vec::with_capacity(told.len());
    for (seq, (kind, text)) in (first..).zip(told) {
        let event =
            ReplyEvent { reply: shared.clone(), position: Position(seq), kind, text: text.to_owned() };
        insert(tx, &event).await?;
        events.push(event);
    }
    let hold = reply.hold_id;
    let mut row = reply.into_active_model().reset_all();
    // A primary key must not be updated.
    row.id = sea_orm::ActiveValue::Unchanged(id);
    let reply = row.update(tx).await?;
    if in_support {
        notifications.extend(Box::pin(support::on_reply(app, tx, &reply)).await?);
    }
    if !is_read_aloud && kind == Some(conversation::Kind::Lounge) {
        // Audio synthesized meanwhile is discarded.
        lounges::release(tx, id).await?;
    }
    match hold {
        Some(hold) if end.is_paid => wallet::capture(app, tx, hold).await?,
        Some(hold) => wallet::void(app, tx, hold).await?,
        None => {}
    }
    Ok(Some(FinishedReply { reply, events, notifications, in_support }))
}
