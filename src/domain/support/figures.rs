//! How well a community serves its customers.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    support_chat::{self, Status},
    support_episode::{self, ResolvedBy},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{hours, settings};
use crate::{
    app::App,
    domain::{
        Result, User,
        communities::{self, Action},
        zone::Calendar,
    },
};

/// The days that figures are of, today included.
const DAYS: u32 = 30;
/// The most episodes that they are of: the newest.
const MOST: u64 = 100_000;

/// How a community serves: now, and on the last 30 days of its time zone, today included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Customers who wait for a person.
    pub waiting: u64,
    /// Customers whom people answer.
    pub served: u64,
    /// Episodes that began.
    pub episodes: u64,
    /// Of those, how many are resolved.
    pub resolved: u64,
    /// Of those, how many by the agent alone.
    pub resolved_by_ai: u64,
    /// Milliseconds until a person first answered, of the middle one.
    pub first_response_p50: Option<i64>,
    /// Milliseconds until a person first answered, in nine of ten.
    pub first_response_p90: Option<i64>,
    /// Answers of people that were late by what the community promises itself.
    pub late: u64,
    /// What customers gave, on the average.
    pub rating: Option<f64>,
    /// How many gave anything.
    pub ratings: u64,
    /// Each of the days, the oldest first.
    pub days: Vec<DayFigures>,
}

/// What began on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFigures {
    /// Which, in the community's time zone.
    pub date: NaiveDate,
    /// Episodes that began.
    pub episodes: u64,
    /// Of those, how many are resolved by now.
    pub resolved: u64,
    /// Of those, how many by the agent alone.
    pub resolved_by_ai: u64,
}

#[derive(FromQueryResult)]
struct Row {
    opened_at: DateTime<Utc>,
    resolved_by: Option<ResolvedBy>,
    first_response_ms: Option<i64>,
    first_was_late: bool,
    next_were_late: i32,
    rating: Option<i32>,
}

/// The figures of a community. Its creator only.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`].
pub async fn figures(app: &App, actor: &User, community_id: Uuid) -> Result<Figures> {
    use support_episode::Column;
    let db = app.db.read();
    communities::get_allowed(db, actor, community_id, Action::RunSupport).await?;
    let now_at = |status: Status| {
        support_chat::Entity::find()
            .filter(support_chat::Column::CommunityId.eq(community_id))
            .filter(support_chat::Column::Status.eq(status))
    };
    let zone = hours::zone(&settings::load(db, community_id).await?);
    let calendar = Calendar::last(zone, app.clock.now(), DAYS);
    let columns = [
        Column::OpenedAt,
        Column::ResolvedBy,
        Column::FirstResponseMs,
        Column::FirstWasLate,
        Column::NextWereLate,
        Column::Rating,
    ];
    let rows: Vec<Row> = support_episode::Entity::find()
        .select_only()
        .columns(columns)
        .filter(Column::CommunityId.eq(community_id))
        .filter(Column::OpenedAt.gte(calendar.since()))
        .order_by_desc(Column::OpenedAt)
        .limit(MOST)
        .into_model()
        .all(db)
        .await?;
    let mut figures = add(&rows);
    figures.days = by_day(&rows, &calendar);
    figures.waiting = now_at(Status::WaitingHuman).count(db).await?;
    figures.served = now_at(Status::HumanActive).count(db).await?;
    Ok(figures)
}

fn by_day(rows: &[Row], calendar: &Calendar) -> Vec<DayFigures> {
    let none = |date| DayFigures { date, episodes: 0, resolved: 0, resolved_by_ai: 0 };
    let mut days: Vec<DayFigures> = calendar.days().map(none).collect();
    for row in rows {
        let date = calendar.date(row.opened_at);
        if let Ok(place) = days.binary_search_by_key(&date, |day| day.date) {
            let day = &mut days[place];
            day.episodes += 1;
            day.resolved += u64::from(row.resolved_by.is_some());
            day.resolved_by_ai += u64::from(row.resolved_by == Some(ResolvedBy::Ai));
        }
    }
    days
}

fn add(rows: &[Row]) -> Figures {
    let count = |which: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| which(row)).count() as u64;
    let mut waits: Vec<i64> = rows.iter().filter_map(|row| row.first_response_ms).collect();
    waits.sort_unstable();
    let late =
        |row: &Row| u64::from(row.first_was_late) + u64::try_from(row.next_were_late).unwrap_or_default();
    let given: Vec<f64> = rows.iter().filter_map(|row| row.rating).map(f64::from).collect();
    let ratings = given.len();
    #[expect(clippy::cast_precision_loss, reason = "a count of ratings is far from the limit")]
    let rating = (ratings > 0).then(|| given.iter().sum::<f64>() / ratings as f64);
    Figures {
        episodes: rows.len() as u64,
        resolved: count(&|row| row.resolved_by.is_some()),
        resolved_by_ai: count(&|row| row.resolved_by == Some(ResolvedBy::Ai)),
        first_response_p50: percentile(&waits, 50),
        first_response_p90: percentile(&waits, 90),
        late: rows.iter().map(late).sum(),
        rating,
        ratings: ratings as u64,
        ..Figures::default()
    }
}

/// The smallest of these, which are sorted, that so many percent of them do not exceed.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_were_there() {
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[7], 50), Some(7));
        assert_eq!(percentile(&[7], 90), Some(7));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(percentile(&ten, 50), Some(5));
        assert_eq!(percentile(&ten, 90), Some(9));
    }
}
