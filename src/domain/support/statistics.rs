//! Support statistics of a community.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    support_chat::{self, Status},
    support_episode::{self, ResolvedBy},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{business_hours, settings};
use crate::{
    app::App,
    domain::{
        User,
        communities::{self, Action},
        zone::Calendar,
    },
    error::Result,
};

/// Number of days that statistics cover, including today.
const DAYS: u32 = 30;
/// Maximum number of episodes that statistics cover: the newest.
const MAX_EPISODES: u64 = 100_000;

/// Support statistics: current counts, and the last 30 days in the community's time zone, including today.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Number of customers who wait for a person.
    pub waiting: u64,
    /// Number of assigned customers.
    pub served: u64,
    /// Number of episodes opened in the period.
    pub episodes: u64,
    /// Number of these that are resolved.
    pub resolved: u64,
    /// Number of these that only the agent answered.
    pub resolved_by_ai: u64,
    /// Median time to the first response of a person, in milliseconds.
    pub first_response_p50: Option<i64>,
    /// 90th percentile of the time to the first response of a person, in milliseconds.
    pub first_response_p90: Option<i64>,
    /// Number of responses that breached their deadline.
    pub late: u64,
    /// Average rating, 1 to 5.
    pub rating: Option<f64>,
    /// Number of ratings.
    pub ratings: u64,
    /// Statistics per day, oldest first.
    pub days: Vec<DayStatistics>,
}

/// Statistics of the episodes opened on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayStatistics {
    /// The day, in the community's time zone.
    pub date: NaiveDate,
    /// Number of episodes opened.
    pub episodes: u64,
    /// Number of these that are resolved by now.
    pub resolved: u64,
    /// Number of these that only the agent answered.
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

/// Returns the statistics of a community. Creator only.
///
/// # Errors
/// [`crate::error::Error::Forbidden`].
pub async fn get_statistics(app: &App, actor: &User, community_id: Uuid) -> Result<Statistics> {
    use support_episode::Column;
    let db = app.db.read();
    communities::get_allowed(db, actor, community_id, Action::RunSupport).await?;
    let now_at = |status: Status| {
        support_chat::Entity::find()
            .filter(support_chat::Column::CommunityId.eq(community_id))
            .filter(support_chat::Column::Status.eq(status))
    };
    let zone = business_hours::zone(&settings::load(db, community_id).await?);
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
        .limit(MAX_EPISODES)
        .into_model()
        .all(db)
        .await?;
    let mut statistics = add(&rows);
    statistics.days = by_day(&rows, &calendar);
    statistics.waiting = now_at(Status::WaitingHuman).count(db).await?;
    statistics.served = now_at(Status::HumanActive).count(db).await?;
    Ok(statistics)
}

fn by_day(rows: &[Row], calendar: &Calendar) -> Vec<DayStatistics> {
    let none = |date| DayStatistics { date, episodes: 0, resolved: 0, resolved_by_ai: 0 };
    let mut days: Vec<DayStatistics> = calendar.days().map(none).collect();
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

fn add(rows: &[Row]) -> Statistics {
    let count = |which: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| which(row)).count() as u64;
    let mut waits: Vec<i64> = rows.iter().filter_map(|row| row.first_response_ms).collect();
    waits.sort_unstable();
    let late =
        |row: &Row| u64::from(row.first_was_late) + u64::try_from(row.next_were_late).unwrap_or_default();
    let given: Vec<f64> = rows.iter().filter_map(|row| row.rating).map(f64::from).collect();
    let ratings = given.len();
    #[expect(clippy::cast_precision_loss, reason = "a count of ratings is far from the limit")]
    let rating = (ratings > 0).then(|| given.iter().sum::<f64>() / ratings as f64);
    Statistics {
        episodes: rows.len() as u64,
        resolved: count(&|row| row.resolved_by.is_some()),
        resolved_by_ai: count(&|row| row.resolved_by == Some(ResolvedBy::Ai)),
        first_response_p50: percentile(&waits, 50),
        first_response_p90: percentile(&waits, 90),
        late: rows.iter().map(late).sum(),
        rating,
        ratings: ratings as u64,
        ..Statistics::default()
    }
}

/// Returns the smallest value that `percent` percent of the sorted values do not exceed.
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
