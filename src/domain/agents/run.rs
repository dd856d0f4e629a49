//! Generates agent replies in background tasks, with or without subscribers.

use std::{pin::pin, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    agent_listing,
    agent_reply::{self, Audio, Outcome},
    agent_reply_event::Kind,
    message,
};
use futures_util::{FutureExt, StreamExt};
use uuid::Uuid;

use super::{
    finish::finish_in_own_transaction,
    handover_marker::HandoverMarker,
    lifecycle::{Ending, outcome},
    log::{append, extend},
    piece_writer::{self, ReplyPiece},
    prompt,
    speech::{self, SpokenReply},
};
use crate::{
    adapters::model::{Answer, Delta, Model, Usage},
    app::{App, Change},
    domain::support,
    error::Result,
    metrics::metrics,
};

/// Lease of a running reply; a reply whose lease expires counts as abandoned.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(20);
/// Interval between renewals of the lease.
const RENEWAL: TimeDelta = TimeDelta::seconds(7);
/// Minimum size of a chunk in bytes if more text is ready: text beyond it goes into the next chunk.
const PIECE_BYTES: usize = 48;

/// Maximum number of attempts to end a reply, and the delay between them.
const ATTEMPTS: usize = 5;
const RETRY_DELAY: Duration = Duration::from_secs(2);

/// The provider did not start a reply.
const REFUSED: &str = "LLM request failed";
/// The provider's stream broke off.
const BROKEN: &str = "LLM response was interrupted";
/// An internal failure.
const FAULT: &str = "Internal error";
/// The server shut down or crashed.
pub(super) const ABANDONED: &str = "The server stopped while answering";

/// Starts a reply whose question is committed.
pub(super) fn begin(
    app: &App,
    reply: agent_reply::Model,
    listing: agent_listing::Model,
    question: message::Model,
    is_read_aloud: bool,
) {
    let mut turn = app.running_replies.register(reply.id);
    let (app, tasks) = (app.clone(), app.tasks.clone());
    tasks.spawn(async move {
        let id = reply.id;
        let mut lease = Lease { id, renew_at: reply.created_at + RENEWAL };
        let mut voice = if is_read_aloud { begin_reading(&app, &reply, &listing).await } else { None };
        let ending = tokio::select! {
            biased;
            // Another task ended the reply and wrote everything. Returning drops the provider's stream.
            () = turn.ended() => return,
            // At shutdown, subscribers get the failure and the fee is voided at once, not when the lease
            // expires.
            () = app.tasks.stopping() => Some(Ending::Failed(ABANDONED)),
            ending = answer(&app, &mut lease, &mut voice, &reply, &listing, &question) => ending.unwrap_or_else(|error| {
                tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "answering");
                Some(Ending::Failed(FAULT))
            }),
        };
        let Some(ending) = ending else {
            // Another server ended the reply as abandoned; local subscribers must read its events.
            app.replies.publish(id, None);
            return;
        };
        let ended = end(&app, id, &ending, voice.is_some()).await;
        if let (Some(reply), Some(voice)) = (ended, voice)
            && reply.audio == Audio::Pending
        {
            speech::finish(&app, reply, voice).await;
        }
        drop(turn);
    });
}

/// Ends the reply; returns `None` if it has already ended. Retries after failures: otherwise the lease
/// would expire and a complete reply would count as abandoned.
async fn end(app: &App, id: Uuid, ending: &Ending, read: bool) -> Option<agent_reply::Model> {
    for _ in 0..ATTEMPTS {
        match finish_in_own_transaction(app, id, ending, read).await {
            Ok(ended) => return ended,
            Err(error) => {
                tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "ending an answer");
                tokio::time::sleep(RETRY_DELAY).await;
            }
        }
    }
    None
}

/// Starts reading the reply aloud; a failure is logged and turns it off.
async fn begin_reading(
    app: &App,
    reply: &agent_reply::Model,
    listing: &agent_listing::Model,
) -> Option<SpokenReply> {
    SpokenReply::begin(app, reply, listing).await.unwrap_or_else(|error| {
        tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %reply.id, "reading an answer aloud");
        None
    })
}

/// Streams the model's answer into the log. Returns its ending, or `None` if the reply was ended elsewhere.
async fn answer(
    app: &App,
    lease: &mut Lease,
    voice: &mut Option<SpokenReply>,
    reply: &agent_reply::Model,
    listing: &agent_listing::Model,
    question: &message::Model,
) -> Result<Option<Ending>> {
    let mut question = prompt::build(app, reply, listing, question).await?;
    let mut marker_filter = None;
    if let Some(told) = support::instructions(app.db.read(), reply.conversation_id).await? {
        question.instructions = format!("{}\n\n{told}", question.instructions).trim().to_owned();
        marker_filter = Some(HandoverMarker::new(support::MARKER));
    }
    let model = question.model.clone();
    let Some(started) = lease.keep(app, app.adapters.models.start(question)).await? else { return Ok(None) };
    let mut answer = match started {
        Ok(answer) => answer,
        Err(error) => {
            tracing::warn!(%error, reply = %reply.id, model, "a model did not answer");
            return Ok(Some(Ending::Failed(REFUSED)));
        }
    };
    let (mut usage, mut waiting) = (Usage::default(), Some(reply.created_at));
    loop {
        let Some(next) = lease.keep(app, answer.next()).await? else { return Ok(None) };
        let (mut text, mut ending) = next_piece(next, &mut answer, &mut usage, |error| {
            tracing::warn!(%error, reply = %reply.id, model, "a model interrupted its answer");
        });
        if let Some(marker_filter) = &mut marker_filter {
            text = marker_filter.push(&text, ending.is_some());
            if let Some(Ending::Said(outcome, _)) = &mut ending
                && marker_filter.is_found()
            {
                *outcome = Outcome::PersonWanted;
            }
        }
        if let Some(voice) = voice {
            voice.say(&text);
        }
        if !text.is_empty() {
            if !append_piece(app, lease, text).await? {
                return Ok(None);
            }
            if let Some(asked) = waiting.take() {
                let waited = (app.clock.now() - asked).to_std().unwrap_or_default();
                metrics().reply_first_piece.observe(waited.as_secs_f64());
            }
        }
        if ending.is_some() {
            return Ok(ending);
        }
    }
}

type Piece = Option<Result<Delta, crate::adapters::model::ModelError>>;

/// Collects the available text into one piece, with the ending if the model finished.
fn next_piece(
    mut next: Piece,
    answer: &mut Answer,
    usage: &mut Usage,
    broke: impl FnOnce(crate::adapters::model::ModelError),
) -> (String, Option<Ending>) {
    let mut text = String::new();
    loop {
        match next {
            // Neither database stores NUL in text.
            Some(Ok(Delta::Text(piece))) => text.extend(piece.chars().filter(|c| *c != '\0')),
            Some(Ok(Delta::Usage(took))) => *usage = took,
            Some(Ok(Delta::Finished(end))) => {
                return (text, Some(Ending::Said(outcome(end), std::mem::take(usage))));
            }
            Some(Err(error)) => {
                broke(error);
                return (text, Some(Ending::Failed(BROKEN)));
            }
            None => return (text, Some(Ending::Failed(BROKEN))),
        }
        if text.len() >= PIECE_BYTES {
            return (text, None);
        }
        match answer.next().now_or_never() {
            Some(ready) => next = ready,
            None => return (text, None),
        }
    }
}

/// Inserts and publishes a chunk; returns `false` if the reply was ended elsewhere.
async fn append_piece(app: &App, lease: &mut Lease, text: String) -> Result<bool> {
    let piece = ReplyPiece { reply_id: lease.id, text, lease_until: lease.due(app) };
    let Some(piece) = piece_writer::submit(app, piece).await? else { return Ok(true) };
    let tx = app.db.begin().await?;
    let Some(event) = append(&tx, lease.id, lease.extended(app), Kind::Chunk, piece.text).await? else {
        return Ok(false);
    };
    tx.commit().await?;
    app.announce(Change::reply(event));
    Ok(true)
}

/// Lease of a running reply, which shows other servers that this one is alive.
struct Lease {
    id: Uuid,
    renew_at: DateTime<Utc>,
}

impl Lease {
    /// Returns the new end of the lease and schedules its next renewal.
    fn extended(&mut self, app: &App) -> DateTime<Utc> {
        let now = app.clock.now();
        self.renew_at = now + RENEWAL;
        now + LEASE
    }

    /// Extends the lease if it is due.
    fn due(&mut self, app: &App) -> Option<DateTime<Utc>> {
        (app.clock.now() >= self.renew_at).then(|| self.extended(app))
    }

    /// Awaits `work` while renewing the lease. Returns `None` if the reply was ended elsewhere.
    async fn keep<F: Future>(&mut self, app: &App, work: F) -> Result<Option<F::Output>> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                output = &mut work => return Ok(Some(output)),
                () = app.clock.sleep_until(self.renew_at) => {
                    let until = self.extended(app);
                    if !extend(app.db.write(), self.id, until).await? {
                        return Ok(None);
                    }
                }
            }
        }
    }
}
