//! Allowance: how much of a lounge's voice a user may still hear today, computed from recorded usage.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    community, lounge, lounge_subscription,
    voice_usage::{self, State},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, IntoCondition, SimpleExpr},
};
use uuid::Uuid;

use super::{LoungeChat, lifecycle, subscriptions::find};
use crate::{
    app::App,
    domain::{communities::MembershipState, conversations, zone::Zone},
    error::{Error, Result},
};

/// A user's allowance in a lounge, per day of its time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Free voice time per day.
    pub free: Duration,
    /// Used part of it, including reservations.
    pub used: Duration,
    /// Whether voice is unlimited: the user has a subscription or runs the lounge.
    pub is_unlimited: bool,
    /// Current date in the lounge's time zone.
    pub today: NaiveDate,
    /// Start of the next day.
    pub resets_at: DateTime<Utc>,
}

/// Returns the time zone of a lounge's days.
pub(super) fn zone(lounge: &lounge::Model) -> Zone {
    Zone::of(lounge.time_zone.as_deref(), 0)
}

impl Allowance {
    /// Returns the remaining time; `None` if unlimited.
    pub fn left(&self) -> Option<Duration> {
        (!self.is_unlimited).then(|| self.free.saturating_sub(self.used))
    }
}

/// Returns a user's allowances in lounges; ids that are not lounges are omitted.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_allowances(app: &App, user_id: &str, lounges: &[Uuid]) -> Result<Vec<(Uuid, Allowance)>> {
    let (db, now) = (app.db.read(), app.clock.now());
    let ids = || lounges.iter().copied();
    let rows = lounge::Entity::find()
        .find_also_related(community::Entity)
        .filter(lounge::Column::CommunityId.is_in(ids()))
        .all(db)
        .await?;
    let subscribed = lounge_subscription::Entity::find()
        .filter(lounge_subscription::Column::UserId.eq(user_id))
        .filter(lounge_subscription::Column::CommunityId.is_in(ids()))
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    // Lounges in different time zones may have different dates.
    let mut days: BTreeMap<NaiveDate, Vec<Uuid>> = BTreeMap::new();
    for (lounge, _) in &rows {
        days.entry(zone(lounge).date(now)).or_default().push(lounge.community_id);
    }
    let today = days.into_iter().fold(Condition::any(), |any, (day, ids)| {
        let here = Condition::all().add(voice_usage::Column::Day.eq(day));
        any.add(here.add(voice_usage::Column::CommunityId.is_in(ids)))
    });
    let used: Vec<(Uuid, i64)> = counted(now, today, None)
        .column(voice_usage::Column::CommunityId)
        .expr_as(total(), "used")
        .filter(voice_usage::Column::UserId.eq(user_id))
        .group_by(voice_usage::Column::CommunityId)
        .into_tuple()
        .all(db)
        .await?;
    let allowances = rows.into_iter().filter_map(|(lounge, community)| {
        let (id, community) = (lounge.community_id, community?);
        let subscription = subscribed.iter().find(|subscription| subscription.community_id == id);
        let used = used.iter().find(|(lounge, _)| *lounge == id).map_or(0, |(_, used)| *used);
        let is_unlimited = community.creator_id == user_id || covers(subscription, now);
        Some((id, allowance(&lounge, used, is_unlimited, now)))
    });
    Ok(allowances.collect())
}

/// Refuses if the customer's allowance is used up. Locks the lounge chat until the transaction ends, so
/// that the result stays valid.
///
/// # Errors
/// [`Error::VoiceMinutesExhausted`].
pub(in crate::domain) async fn check(app: &App, tx: &impl ConnectionTrait, talk: &LoungeChat) -> Result<()> {
    conversations::lock(tx, talk.id).await?;
    match get(app, tx, talk, None, None).await?.left() {
        Some(Duration::ZERO) => Err(Error::VoiceMinutesExhausted),
        _ => Ok(()),
    }
}

/// Returns the customer's allowance for `day`, default today, without the usage `but`.
pub(super) async fn get(
    app: &App,
    db: &impl ConnectionTrait,
    talk: &LoungeChat,
    day: Option<NaiveDate>,
    but: Option<Uuid>,
) -> Result<Allowance> {
    let now = app.clock.now();
    let found =
        lounge::Entity::find_by_id(talk.lounge_id).find_also_related(community::Entity).one(db).await?;
    let Some((lounge, Some(community))) = found else { return Err(Error::NotFound("Lounge")) };
    let is_unlimited = community.creator_id == talk.customer_id
        || covers(find(db, talk.lounge_id, &talk.customer_id).await?.as_ref(), now);
    let day = day.unwrap_or_else(|| zone(&lounge).date(now));
    let used: Option<Option<i64>> = counted(now, voice_usage::Column::Day.eq(day).into_condition(), but)
        .expr_as(total(), "used")
        .filter(voice_usage::Column::UserId.eq(&talk.customer_id))
        .filter(voice_usage::Column::CommunityId.eq(talk.lounge_id))
        .into_tuple()
        .one(db)
        .await?;
    Ok(allowance(&lounge, used.flatten().unwrap_or_default(), is_unlimited, now))
}

fn allowance(lounge: &lounge::Model, used: i64, is_unlimited: bool, now: DateTime<Utc>) -> Allowance {
    let zone = zone(lounge);
    let today = zone.date(now);
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    Allowance {
        free: Duration::from_secs(u64::try_from(lounge.free_minutes_per_day).unwrap_or_default() * 60),
        used: Duration::from_millis(u64::try_from(used).unwrap_or_default()),
        is_unlimited,
        today,
        resets_at: zone.begin(tomorrow),
    }
}

/// Returns whether a subscription is valid now.
fn covers(subscription: Option<&lounge_subscription::Model>, now: DateTime<Utc>) -> bool {
    subscription.is_some_and(|subscription| {
        lifecycle::subscription_state(subscription, now) != MembershipState::Expired
    })
}

/// Selects the usage that counts against the free time: settled, or reserved with a valid lease.
fn counted(now: DateTime<Utc>, days: Condition, but: Option<Uuid>) -> Select<voice_usage::Entity> {
    use voice_usage::Column;
    let spoken = Condition::all().add(Column::State.eq(State::Reserved)).add(Column::LeaseUntil.gt(now));
    let select = voice_usage::Entity::find()
        .select_only()
        .filter(days)
        .filter(Column::IsFree.eq(true))
        .filter(Condition::any().add(Column::State.eq(State::Settled)).add(spoken));
    match but {
        Some(id) => select.filter(Column::Id.ne(id)),
        None => select,
    }
}

/// Sum of the counted usage, in milliseconds.
fn total() -> SimpleExpr {
    use voice_usage::Column;
    let settled = CaseStatement::new()
        .case(Column::State.eq(State::Settled), Expr::col(Column::MeasuredMs))
        .finally(Expr::col(Column::ReservedMs));
    // PostgreSQL sums `bigint` as `numeric`.
    Expr::expr(settled).sum().cast_as("bigint")
}
