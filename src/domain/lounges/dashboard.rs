//! What the creator of a lounge sees of it: totals of now, and of each of the last days.

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
    domain::{Error, Result, User, communities::GRACE, wallet, zone::Calendar},
};

/// The most days that are told.
const MOST: u32 = 90;

/// Totals of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The lounge.
    pub lounge_id: Uuid,
    /// Members, the creator included.
    pub members: i64,
    /// Subscriptions that are good for something.
    pub subscriptions: u64,
    /// Talks that were ever begun.
    pub conversations: u64,
    /// What all heard since the lounge's day began.
    pub today: Duration,
}

/// What happened on a day of the lounge's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// What all heard.
    pub heard: Duration,
    /// How many of today's members were there when it ended.
    pub members: i64,
    /// How many had a subscription that was paid when it ended.
    pub subscriptions: i64,
    /// Whole coins that the creator got from the lounge.
    pub earned: i64,
}

/// The totals of a lounge, for whoever runs it.
///
/// # Errors
/// [`Error::Forbidden`] to everybody else, also where there is no such lounge.
pub async fn get_dashboard(app: &App, actor: &User, id: Uuid) -> Result<Totals> {
    const REFUSED: Error = Error::Forbidden("Only the creator can view the dashboard");
    let found = community::Entity::find_by_id(id).one(app.db.read()).await?;
    let own = found.filter(|found| found.kind == Kind::Lounge && found.creator_id == actor.id);
    get_totals(app, &own.ok_or(REFUSED)?).await
}

/// The totals of a lounge, whoever asks.
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
    let heard = list_heard(db, id, zone.date(now)).await?;
    let today = heard.into_iter().map(|(_, heard)| heard).sum();
    Ok(Totals { lounge_id: id, members: lounge.member_count, subscriptions, conversations, today })
}

/// The last so many days of a lounge, today included, the oldest first.
///
/// # Errors
/// [`Error::Invalid`] for more than 90.
pub async fn list_days(app: &App, id: Uuid, last: u32) -> Result<Vec<Day>> {
    let last = rules::days(last, MOST)?;
    let (db, now) = (app.db.read(), app.clock.now());
    let calendar = Calendar::last(zone(&browse::get(db, id).await?), now, last);
    let since = calendar.since();
    let community = community::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("Lounge"))?;

    let heard: BTreeMap<_, _> = list_heard(db, id, calendar.first()).await?.into_iter().collect();
    let came = list_members(db, id, &calendar).await?;
    let begun = list_periods(db, id, lounge_period::Column::BeginsAt, &calendar, now).await?;
    let ended = list_periods(db, id, lounge_period::Column::EndsAt, &calendar, now).await?;
    let mut earned = list_answers(db, &community, &calendar).await?;
    for (date, coins) in wallet::list_earned_by_day(app, &community.creator_id, id, &calendar).await? {
        *earned.entry(date).or_default() += coins;
    }
    let mut members = community.member_count - came.values().sum::<i64>();
    let mut subscriptions = count_periods(db, id, since).await?;
    let days = calendar.days().map(|date| {
        let of = |counts: &BTreeMap<NaiveDate, i64>| counts.get(&date).copied().unwrap_or_default();
        members += of(&came);
        subscriptions += of(&begun) - of(&ended);
        let heard = heard.get(&date).copied().unwrap_or_default();
        Day { date, heard, members, subscriptions, earned: of(&earned) }
    });
    Ok(days.collect())
}

/// What was heard, by day.
async fn list_heard(
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
    let heard =
        |(day, ms): (NaiveDate, i64)| (day, Duration::from_millis(u64::try_from(ms).unwrap_or_default()));
    Ok(rows.into_iter().map(heard).collect())
}

/// How many of the members came, by day.
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

/// How many paid periods begin or end, by day, those to come left out.
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

/// How many paid periods go on at a time.
async fn count_periods(db: &impl ConnectionTrait, id: Uuid, at: DateTime<Utc>) -> Result<i64> {
    let count = lounge_period::Entity::find()
        .filter(lounge_period::Column::CommunityId.eq(id))
        .filter(lounge_period::Column::BeginsAt.lt(at))
        .filter(lounge_period::Column::EndsAt.gte(at))
        .count(db)
        .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What the creator got from answers, by day: their share of each fee by itself.
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

/// Adds something up by the day of the lounge that a column tells.
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
