//! Dashboard of a lounge for its creator: current totals and daily statistics.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    agent_reply,
    community::{self, Kind},
    conversation, hold, lounge_period, lounge_subscription, membership,
    voice_usage::{self, State},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use super::{allowance::zone, browse, rules};
use crate::{
    app::App,
    domain::{User, communities::GRACE, wallet, zone::Calendar},
    error::{Error, Result},
};

/// Maximum number of days.
const MAX_DAYS: u32 = 90;

/// Current totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The lounge.
    pub lounge_id: Uuid,
    /// Number of members, including the creator.
    pub members: i64,
    /// Number of valid subscriptions.
    pub subscriptions: u64,
    /// Number of chats ever started.
    pub conversations: u64,
    /// Voice time of all members on the lounge's current day.
    pub today: Duration,
}

/// Statistics of one day in the lounge's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Voice time of all members.
    pub voice_time: Duration,
    /// Number of current members who had joined by the end of the day.
    pub members: i64,
    /// Number of subscriptions paid at the end of the day.
    pub subscriptions: i64,
    /// The creator's earnings from the lounge, in whole coins.
    pub earned: i64,
}

/// Returns the totals of a lounge. Creator only.
///
/// # Errors
/// [`Error::Forbidden`] for all others, also if the lounge does not exist.
pub async fn get_dashboard(app: &App, actor: &User, id: Uuid) -> Result<Totals> {
    const REFUSED: Error = Error::Forbidden("Only the creator can view the dashboard");
    let found = community::Entity::find_by_id(id).one(app.db.read()).await?;
    let own = found.filter(|found| found.kind == Kind::Lounge && found.creator_id == actor.id);
    get_totals(app, &own.ok_or(REFUSED)?).await
}

/// Returns the totals of a lounge without an access check.
///
/// # Errors
/// [`Error::Internal`].
pub async fn get_totals(app: &App, lounge: &community::Model) -> Result<Totals> {
    let (db, now, id) = (app.db.read(), app.clock.now(), lounge.id);
    let paid = Condition::any().add(lounge_subscription::Column::PaidUntil.gt(now)).add(
        Condition::all()
            .add(lounge_subscription::Column::AgreedPrice.is_not_null())
            .add(lounge_subscription::Column::PaidUntil.gt(now - GRACE)),
    );
    let subscriptions = lounge_subscription::Entity::find()
        .filter(lounge_subscription::Column::CommunityId.eq(id))
        .filter(paid)
        .count(db)
        .await?;
    let conversations = conversation::Entity::find()
        .filter(conversation::Column::CommunityId.eq(id))
        .filter(conversation::Column::Kind.eq(conversation::Kind::Lounge))
        .count(db)
        .await?;
    let zone = zone(&browse::get(db, id).await?);
    let voice_time = list_speech(db, id, zone.date(now)).await?;
    let today = voice_time.into_iter().map(|(_, voice_time)| voice_time).sum();
    Ok(Totals { lounge_id: id, members: lounge.member_count, subscriptions, conversations, today })
}

/// Returns the statistics of the last `last` days, including today, oldest first.
///
/// # Errors
/// [`Error::Invalid`] above 90.
pub async fn list_days(app: &App, id: Uuid, last: u32) -> Result<Vec<Day>> {
    let last = rules::days(last, MAX_DAYS)?;
    let (db, now) = (app.db.read(), app.clock.now());
    let calendar = Calendar::last(zone(&browse::get(db, id).await?), now, last);
    let since = calendar.since();
    let community = community::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("Lounge"))?;

    let voice_time: BTreeMap<_, _> = list_speech(db, id, calendar.first()).await?.into_iter().collect();
    let came = list_members(db, id, &calendar).await?;
    let begun = list_periods(db, id, lounge_period::Column::BeginsAt, &calendar, now).await?;
    let ended = list_periods(db, id, lounge_period::Column::EndsAt, &calendar, now).await?;
    let mut earned = list_answers(db, &community, &calendar).await?;
    for (date, coins) in wallet::list_earnings_by_day(app, &community.creator_id, id, &calendar).await? {
        *earned.entry(date).or_default() += coins;
    }
    let mut members = community.member_count - came.values().sum::<i64>();
    let mut subscriptions = count_periods(db, id, since).await?;
    let days = calendar.days().map(|date| {
        let of = |counts: &BTreeMap<NaiveDate, i64>| counts.get(&date).copied().unwrap_or_default();
        members += of(&came);
        subscriptions += of(&begun) - of(&ended);
        let voice_time = voice_time.get(&date).copied().unwrap_or_default();
        Day { date, voice_time, members, subscriptions, earned: of(&earned) }
    });
    Ok(days.collect())
}

/// Returns the voice time per day.
async fn list_speech(
    db: &impl ConnectionTrait,
    id: Uuid,
    first: NaiveDate,
) -> Result<Vec<(NaiveDate, Duration)>> {
    let sum = Expr::col(voice_usage::Column::MeasuredMs).sum().cast_as("bigint");
    let rows: Vec<(NaiveDate, i64)> = voice_usage::Entity::find()
        .select_only()
        .column(voice_usage::Column::Day)
        .expr_as(sum, "heard")
        .filter(voice_usage::Column::CommunityId.eq(id))
        .filter(voice_usage::Column::Day.gte(first))
        .filter(voice_usage::Column::State.eq(State::Settled))
        .group_by(voice_usage::Column::Day)
        .into_tuple()
        .all(db)
        .await?;
    let voice_time =
        |(day, ms): (NaiveDate, i64)| (day, Duration::from_millis(u64::try_from(ms).unwrap_or_default()));
    Ok(rows.into_iter().map(voice_time).collect())
}

/// Returns the number of current members per day of joining.
async fn list_members(
    db: &impl ConnectionTrait,
    id: Uuid,
    calendar: &Calendar,
) -> Result<BTreeMap<NaiveDate, i64>> {
    use membership::Column;
    let came = membership::Entity::find()
        .filter(Column::CommunityId.eq(id))
        .filter(Column::JoinedAt.gte(calendar.since()));
    by_day(db, calendar, came, Column::JoinedAt, Expr::col(Column::Id).count()).await
}

/// Returns the number of paid periods per day of `column`, their begin or end, without future ones.
async fn list_periods(
    db: &impl ConnectionTrait,
    id: Uuid,
    column: lounge_period::Column,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<BTreeMap<NaiveDate, i64>> {
    use lounge_period::Column;
    let periods = lounge_period::Entity::find()
        .filter(Column::CommunityId.eq(id))
        .filter(column.gte(calendar.since()))
        .filter(column.lte(now));
    by_day(db, calendar, periods, column, Expr::col(Column::Id).count()).await
}

/// Returns the number of paid periods that include this time.
async fn count_periods(db: &impl ConnectionTrait, id: Uuid, at: DateTime<Utc>) -> Result<i64> {
    let count = lounge_period::Entity::find()
        .filter(lounge_period::Column::CommunityId.eq(id))
        .filter(lounge_period::Column::BeginsAt.lt(at))
        .filter(lounge_period::Column::EndsAt.gte(at))
        .count(db)
        .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Returns the creator's share of reply fees per day.
async fn list_answers(
    db: &impl ConnectionTrait,
    community: &community::Model,
    calendar: &Calendar,
) -> Result<BTreeMap<NaiveDate, i64>> {
    use agent_reply::Column;
    let theirs = hold::Entity::find()
        .select_only()
        .column(hold::Column::Id)
        .filter(hold::Column::PayeeId.eq(&community.creator_id))
        .filter(hold::Column::Status.eq(hold::Status::Captured));
    let paid = agent_reply::Entity::find()
        .filter(Column::CommunityId.eq(community.id))
        .filter(Column::IsPaid.eq(true))
        .filter(Column::FinishedAt.gte(calendar.since()))
        .filter(Column::HoldId.in_subquery(theirs.into_query()));
    let share = Expr::col(Column::Fee).mul(wallet::SHARE).div(100_i64);
    by_day(db, calendar, paid, Column::FinishedAt, share.sum()).await
}

/// Sums `what` per day of `column`, in the lounge's time zone.
async fn by_day<E: EntityTrait>(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    select: Select<E>,
    column: impl ColumnTrait,
    what: SimpleExpr,
) -> Result<BTreeMap<NaiveDate, i64>> {
    let rows: Vec<(i64, i64)> = select
        .select_only()
        .expr_as(calendar.number(column), "day")
        .expr_as(what.cast_as("bigint"), "sum")
        .group_by(Expr::cust("day"))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(day, sum)| (calendar.nth(day), sum)).collect())
}
