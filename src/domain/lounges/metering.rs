//! Metering: voice is reserved before it is spoken and settled with what was measured, under the lock of the talk, so that
//! nothing that is spoken at once can use more than there is.

use std::time::Duration;

use chrono::TimeDelta;
use entity::{
    agent_reply::{self, Audio, Status},
    voice_usage::{self, State},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use super::{Talk, allowance};
use crate::{
    app::App,
    domain::{Error, Result, conversations},
};

/// How long what is reserved counts while its server is silent.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Voice that may be spoken. What is not settled is to be released, and runs out by itself where a server is gone.
#[derive(Debug)]
#[must_use = "what is reserved is to be settled or released"]
pub(in crate::domain) struct Reservation {
    id: Uuid,
    talk: Talk,
    granted: Duration,
}

/// Reserves voice for an answer that is to be heard in a talk: so much, or what is left.
///
/// # Errors
/// [`Error::VoiceMinutesExhausted`] where nothing is left, [`Error::Conflict`] where the answer has ended.
pub(in crate::domain) async fn reserve(
    app: &App,
    talk: Talk,
    reply_id: Uuid,
    wanted: Duration,
) -> Result<Reservation> {
    let tx = app.begin_apart().await?;
    conversations::lock(&tx, talk.id).await?;
    check_speaking(&tx, reply_id).await?;
    let now = app.clock.now();
    let allowance = allowance::get(app, &tx, &talk, None, None).await?;
    let granted = allowance.left().map_or(wanted, |left| left.min(wanted));
    if granted.is_zero() && !wanted.is_zero() {
        return Err(Error::VoiceMinutesExhausted);
    }
    let id = app.new_id()?;
    let row = voice_usage::ActiveModel {
        id: Set(id),
        community_id: Set(talk.lounge_id),
        user_id: Set(talk.customer_id.clone()),
        day: Set(allowance.today),
        started_at: Set(now),
        state: Set(State::Reserved),
        is_free: Set(!allowance.is_unlimited),
        reserved_ms: Set(milliseconds(granted)),
        measured_ms: Set(None),
        reply_id: Set(reply_id),
        lease_until: Set(now + LEASE),
    };
    voice_usage::Entity::insert(row).exec_without_returning(&tx).await?;
    tx.commit(()).await?;
    Ok(Reservation { id, talk, granted })
}

impl Reservation {
    /// What may be spoken in all.
    pub(in crate::domain) fn granted(&self) -> Duration {
        self.granted
    }

    /// Reserves more, so that it is so much in all, or what is left; gives what it is then.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was settled or released meanwhile.
    pub(in crate::domain) async fn raise(&mut self, app: &App, to: Duration) -> Result<Duration> {
        if to <= self.granted {
            return Ok(self.granted);
        }
        let tx = app.begin_apart().await?;
        conversations::lock(&tx, self.talk.id).await?;
        let found = voice_usage::Entity::find_by_id(self.id).one(&tx).await?;
        let row = found.filter(|row| row.state == State::Reserved).ok_or_else(over)?;
        let granted = if row.is_free {
            // What goes on behind midnight counts for the day that it began on.
            let allowance = allowance::get(app, &tx, &self.talk, Some(row.day), Some(self.id)).await?;
            allowance.left().map_or(to, |left| left.min(to)).max(self.granted)
        } else {
            to
        };
        let mut row = row.into_active_model();
        row.reserved_ms = Set(milliseconds(granted));
        row.lease_until = Set(app.clock.now() + LEASE);
        row.update(&tx).await?;
        tx.commit(()).await?;
        self.granted = granted;
        Ok(granted)
    }
}

/// Counts what was heard: its measured length.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn settle(
    tx: &impl ConnectionTrait,
    reply_id: Uuid,
    measured: Duration,
) -> Result<()> {
    voice_usage::Entity::update_many()
        .col_expr(voice_usage::Column::State, Expr::value(State::Settled))
        .col_expr(voice_usage::Column::MeasuredMs, Expr::value(milliseconds(measured)))
        .filter(of(reply_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Counts nothing: it was not heard.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn release(tx: &impl ConnectionTrait, reply_id: Uuid) -> Result<()> {
    voice_usage::Entity::update_many()
        .col_expr(voice_usage::Column::State, Expr::value(State::Void))
        .filter(of(reply_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What is reserved for an answer.
fn of(reply_id: Uuid) -> Condition {
    Condition::all()
        .add(voice_usage::Column::ReplyId.eq(reply_id))
        .add(voice_usage::Column::State.eq(State::Reserved))
}

/// Refuses to speak an answer that has ended unheard.
async fn check_speaking(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let reply = agent_reply::Entity::find_by_id(id).one(tx).await?;
    let speaks = reply.is_some_and(|reply| reply.status == Status::Running || reply.audio == Audio::Pending);
    if speaks { Ok(()) } else { Err(over()) }
}

fn over() -> Error {
    Error::Conflict("What was to be heard has ended".to_owned())
}

fn milliseconds(duration: Duration) -> i64 {
    // What has begun counts.
    i64::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(i64::MAX)
}
