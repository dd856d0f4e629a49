//! Giving an answer: beside the request that asked for it, whether or not anybody listens.

use std::{pin::pin, sync::Arc, time::Duration};

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
    lifecycle::{Ending, outcome},
    log::{append, extend},
    settle::settle_alone,
    sieve::Sieve,
    speech::{self, Voice},
    turns,
};
use crate::{
    adapters::model::{Answer, Delta, Model, Usage},
    app::App,
    domain::{Result, support},
};

/// How long a server may be silent about an answer that it gives before others take it for gone.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How often it says that it is there.
const RENEWAL: TimeDelta = TimeDelta::seconds(20);
/// Characters of which a chunk is made where the model is faster than the database, in bytes: what is ready beyond
/// waits for the next.
const ENOUGH: usize = 48;

/// How often the end of an answer is tried, and how long after a fault of ours.
const ATTEMPTS: usize = 5;
const AGAIN: Duration = Duration::from_secs(2);

/// The provider did not begin to answer.
const REFUSED: &str = "LLM request failed";
/// It broke off.
const BROKEN: &str = "LLM response broke off";
/// We did.
const FAULT: &str = "Internal error";
/// The server was told to stop, or is gone.
pub(super) const LEFT: &str = "The server stopped while answering";

/// Begins to give an answer whose question is committed.
pub(super) fn begin(
    app: &App,
    reply: agent_reply::Model,
    listing: agent_listing::Model,
    question: message::Model,
    is_heard: bool,
) {
    let mut turn = app.answering.enter(reply.id);
    let (app, tasks) = (app.clone(), app.tasks.clone());
    tasks.spawn(async move {
        let id = reply.id;
        let mut lease = Lease { id, renew_at: reply.created_at + RENEWAL };
        let mut voice = if is_heard { begin_reading(&app, &reply, &listing).await } else { None };
        let ending = tokio::select! {
            biased;
            // Whoever ended it has written all that is to be written. Leaving here hangs up on the provider.
            () = turn.ended() => return,
            // Those who listen are told now, and their coins are given back, instead of when the lease runs out.
            () = app.tasks.stopping() => Some(Ending::Failed(LEFT)),
            ending = answer(&app, &mut lease, &mut voice, &reply, &listing, &question) => ending.unwrap_or_else(|error| {
                tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "answering");
                Some(Ending::Failed(FAULT))
            }),
        };
        let Some(ending) = ending else {
            // Another server took this one for gone; those who listen here have not heard of it.
            app.replies.ring(id, None);
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

/// Ends the answer; none where somebody else has. A database that does not answer is asked again: when the lease runs
/// out, what was said whole would count as broken off.
async fn end(app: &App, id: Uuid, ending: &Ending, read: bool) -> Option<agent_reply::Model> {
    for _ in 0..ATTEMPTS {
        match settle_alone(app, id, ending, read).await {
            Ok(ended) => return ended,
            Err(error) => {
                tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "ending an answer");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
    None
}

/// Somebody who reads the answer aloud; where that fails it is read by nobody.
async fn begin_reading(
    app: &App,
    reply: &agent_reply::Model,
    listing: &agent_listing::Model,
) -> Option<Voice> {
    Voice::begin(app, reply, listing).await.unwrap_or_else(|error| {
        tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %reply.id, "reading an answer aloud");
        None
    })
}

/// Says what the model says; how it ended, or none where somebody else has ended it.
async fn answer(
    app: &App,
    lease: &mut Lease,
    voice: &mut Option<Voice>,
    reply: &agent_reply::Model,
    listing: &agent_listing::Model,
    question: &message::Model,
) -> Result<Option<Ending>> {
    let mut question = turns::question(app, reply, listing, question).await?;
    let mut sieve = None;
    if let Some(told) = support::instructions(app.db.read(), reply.conversation_id).await? {
        question.instructions = format!("{}\n\n{told}", question.instructions).trim().to_owned();
        sieve = Some(Sieve::new(support::WORD));
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
    let mut usage = Usage::default();
    loop {
        let Some(next) = lease.keep(app, answer.next()).await? else { return Ok(None) };
        let (mut text, mut ending) = gather(next, &mut answer, &mut usage, |error| {
            tracing::warn!(%error, reply = %reply.id, model, "a model broke off");
        });
        if let Some(sieve) = &mut sieve {
            text = sieve.push(&text, ending.is_some());
            if let Some(Ending::Said(outcome, _)) = &mut ending
                && sieve.is_found()
            {
                *outcome = Outcome::PersonWanted;
            }
        }
        if let Some(voice) = voice {
            voice.say(&text);
        }
        if !text.is_empty() && !say(app, lease, text).await? {
            return Ok(None);
        }
        if ending.is_some() {
            return Ok(ending);
        }
    }
}

type Piece = Option<Result<Delta, crate::adapters::model::ModelError>>;

/// What is ready, as one piece of text, and how the answer ended, if it did.
fn gather(
    mut next: Piece,
    answer: &mut Answer,
    usage: &mut Usage,
    broke: impl FnOnce(crate::adapters::model::ModelError),
) -> (String, Option<Ending>) {
    let mut text = String::new();
    loop {
        match next {
            // No text is kept with a NUL in it, on either database.
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
        if text.len() >= ENOUGH {
            return (text, None);
        }
        match answer.next().now_or_never() {
            Some(ready) => next = ready,
            None => return (text, None),
        }
    }
}

/// Writes and tells a piece; false where somebody else has ended the answer.
async fn say(app: &App, lease: &mut Lease, text: String) -> Result<bool> {
    let tx = app.db.begin().await?;
    let Some(event) = append(&tx, lease.id, lease.extended(app), Kind::Chunk, text).await? else {
        return Ok(false);
    };
    tx.commit().await?;
    app.replies.ring(lease.id, Some(Arc::new(event)));
    Ok(true)
}

/// The word to other servers that somebody gives this answer.
struct Lease {
    id: Uuid,
    renew_at: DateTime<Utc>,
}

impl Lease {
    /// Until when it is good from now on.
    fn extended(&mut self, app: &App) -> DateTime<Utc> {
        let now = app.clock.now();
        self.renew_at = now + RENEWAL;
        now + LEASE
    }

    /// Waits for something, and extends the lease as long as that takes; none where somebody else has ended the answer.
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
