//! The end of an answer: what was said is posted, the fee is paid or given back, and listeners are told, in one commit.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{
    agent_listing,
    agent_reply::{self, Audio, Status},
    agent_reply_event::Kind,
    conversation,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    lifecycle::{Ending, Lifecycle},
    log::{ReplyEvent, insert, said},
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Result,
        conversations::{self, Bell, Spoken},
        lounges, support, wallet,
    },
    live::Position,
};

/// How long reading an answer aloud may take before others take the reader for gone.
const READING: TimeDelta = TimeDelta::minutes(5);

/// An answer that has ended: once its transaction is committed, it must be rung.
#[must_use = "nobody hears of an end that is not rung"]
pub(super) struct Ended {
    pub(super) reply: agent_reply::Model,
    events: Vec<ReplyEvent>,
    pub(super) bells: Vec<Bell>,
    /// Whether somebody who is served may have asked for more meanwhile.
    in_support: bool,
}

impl Ended {
    /// Tells everybody who listens. Only after the commit.
    pub(super) fn ring(self, app: &App) {
        for bell in self.bells {
            bell.ring(app);
        }
        for event in self.events {
            app.replies.ring(self.reply.id, Some(Arc::new(event)));
        }
    }

    /// The same, and answers what a customer has said meanwhile.
    pub(super) async fn finish(self, app: &App) {
        let went_on = self.in_support.then(|| self.reply.clone());
        self.ring(app);
        if let Some(reply) = went_on {
            Box::pin(support::go_on(app, &reply)).await;
        }
    }
}

/// Ends an answer in a transaction of its own; where it has ended already, nothing changes.
///
/// `read` says whether somebody reads it aloud. Gives the answer where it ended here.
pub(super) async fn settle_alone(
    app: &App,
    id: Uuid,
    ending: &Ending,
    read: bool,
) -> Result<Option<agent_reply::Model>> {
    let tx = app.db.begin().await?;
    let Some(ended) = settle(app, &tx, id, ending, read).await? else { return Ok(None) };
    tx.commit().await?;
    let reply = ended.reply.clone();
    ended.finish(app).await;
    Ok(Some(reply))
}

/// Ends an answer; none where it has ended already. Of several who try, one does.
pub(super) async fn settle(
    app: &App,
    tx: &Transaction,
    id: Uuid,
    ending: &Ending,
    read: bool,
) -> Result<Option<Ended>> {
    let found = agent_reply::Entity::find_by_id(id).one(tx).await?;
    let Some(reply) = found.filter(|reply| reply.status == Status::Running) else { return Ok(None) };
    // The conversation's lock goes before all that is in it.
    let conversation = conversations::lock(tx, reply.conversation_id).await?;
    let kind = conversation.map(|found| found.kind);
    let in_support = kind == Some(conversation::Kind::Support);
    let running = agent_reply::Entity::find_by_id(id)
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .lock_exclusive()
        .one(tx)
        .await?;
    let Some(mut reply) = running else { return Ok(None) };
    let text = said(tx, id).await?;
    let end = Lifecycle::from(reply.status).end(ending, &text)?;

    let mut bells = Vec::new();
    if end.speaks {
        let listing = agent_listing::Entity::find_by_id(reply.listing_id).one(tx).await?;
        let listing = listing.ok_or(Error::NotFound("Agent listing"))?;
        let spoken = Spoken {
            listing_id: listing.id,
            agent_name: listing.agent_name,
            content: text.clone(),
            reply_to: reply.question_id,
            is_incomplete: end.is_incomplete,
        };
        let (row, rings) = conversations::say_as_agent(app, tx, reply.conversation_id, spoken).await?;
        reply.message_id = Some(row.message.id);
        bells.push(rings);
    }
    reply.status = end.status;
    reply.text = text;
    reply.is_paid = end.is_paid && reply.fee > 0;
    reply.outcome = end.outcome;
    // Only a whole answer is read aloud; what follows its end is told when it can be heard.
    let is_heard = read && end.speaks && end.status == Status::Done;
    reply.audio = if is_heard { Audio::Pending } else { Audio::None };
    if is_heard {
        reply.lease_until = app.clock.now() + READING;
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
    // What names a row is not changed.
    row.id = sea_orm::ActiveValue::Unchanged(id);
    let reply = row.update(tx).await?;
    if in_support {
        bells.extend(Box::pin(support::answered(app, tx, &reply)).await?);
    }
    if !is_heard && kind == Some(conversation::Kind::Lounge) {
        // What was spoken of it meanwhile is not heard.
        lounges::release(tx, id).await?;
    }
    match hold {
        Some(hold) if end.is_paid => wallet::capture(app, tx, hold).await?,
        Some(hold) => wallet::void(app, tx, hold).await?,
        None => {}
    }
    Ok(Some(Ended { reply, events, bells, in_support }))
}
