//! Voice metering: time is reserved before synthesis and settled with the measured duration, under the
//! lounge chat's lock, so that concurrent replies cannot exceed the allowance.

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

use super::{LoungeChat, allowance};
use crate::{
    app::App,
    domain::conversations,
    error::{Error, Result},
};

/// Lease of a reservation; it no longer counts when the lease expires.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Reserved voice time. Settle or release it; otherwise it expires with its lease.
#[derive(Debug)]
#[must_use = "a reservation must be settled or released"]
pub(in crate::domain) struct Reservation {
    id: Uuid,
    talk: LoungeChat,
    granted: Duration,
}

/// Reserves voice time for a reply in a lounge chat: `wanted`, or the remaining time if less.
///
/// # Errors
/// [`Error::VoiceMinutesExhausted`] if nothing is left, [`Error::Conflict`] if the reply has ended.
pub(in crate::domain) async fn reserve(
    app: &App,
    talk: LoungeChat,
    reply_id: Uuid,
    wanted: Duration,
) -> Result<Reservation> {
    let tx = app.begin_without_key().await?;
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
    /// Returns the total reserved time.
    pub(in crate::domain) fn granted(&self) -> Duration {
        self.granted
    }

    /// Raises the reservation to `to` in total, or to the remaining time if less; returns the new total.
    ///
    /// # Errors
    /// [`Error::Conflict`] if it was settled or released meanwhile.
    pub(in crate::domain) async fn raise(&mut self, app: &App, to: Duration) -> Result<Duration> {
        if to <= self.granted {
            return Ok(self.granted);
        }
        let tx = app.begin_without_key().await?;
        conversations::lock(&tx, self.talk.id).await?;
        let found = voice_usage::Entity::find_by_id(self.id).one(&tx).await?;
        let row = found.filter(|row| row.state == State::Reserved).ok_or_else(over)?;
        let granted = if row.is_free {
            // A reply that continues past midnight counts for the day of its start.
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

/// Settles the reservation of a reply with the measured duration.
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

/// Releases the reservation of a reply that was not played.
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

/// Condition for the reservation of a reply.
fn of(reply_id: Uuid) -> Condition {
    Condition::all()
        .add(voice_usage::Column::ReplyId.eq(reply_id))
        .add(voice_usage::Column::State.eq(State::Reserved))
}

/// Refuses a reply that has ended without audio.
async fn check_speaking(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let reply = agent_reply::Entity::find_by_id(id).one(tx).await?;
    let speaks = reply.is_some_and(|reply| reply.status == Status::Running || reply.audio == Audio::Pending);
    if speaks { Ok(()) } else { Err(over()) }
}

fn over() -> Error {
    Error::Conflict("The reply has already ended".to_owned())
}

fn milliseconds(duration: Duration) -> i64 {
    // Rounds up to whole milliseconds.
    i64::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(i64::MAX)
}
