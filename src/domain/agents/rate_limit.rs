//! Limits of questions: rate per user, fees per agent and day.

use std::num::NonZeroU32;

use chrono::{Days, NaiveTime};
use entity::{
    agent_listing,
    agent_reply::{self, Status},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    app::App,
    error::{Error, Result},
    security::{KeyedLimiter, RateLimits},
};

/// Maximum number of questions per user and minute, also as a burst: 20.
const PER_USER: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// Maximum number of counted users; the least used are forgotten.
const USERS: usize = 50_000;

/// Question limiter: counts questions per user.
pub struct QuestionLimiter(Option<KeyedLimiter>);

impl QuestionLimiter {
    pub(crate) fn new(limits: &RateLimits, limited: bool) -> Self {
        Self(limited.then(|| limits.per_minute("questions", PER_USER, USERS)))
    }

    /// Counts one question of a user.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until the next question is allowed.
    pub(super) fn count(&self, user_id: &str) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.count(user_id).map_err(|retry_after| Error::RateLimited { retry_after })
    }
}

/// Refuses a fee that would exceed the agent's daily cap, per UTC day. Locks the listing, so that
/// concurrent questions cannot exceed the cap together.
///
/// # Errors
/// [`Error::DailyCapReached`].
pub(super) async fn check_daily_cap(
    app: &App,
    tx: &impl ConnectionTrait,
    listing: &agent_listing::Model,
    fee: i64,
) -> Result<()> {
    let Some(cap) = listing.daily_spend_cap.filter(|_| fee > 0) else { return Ok(()) };
    agent_listing::Entity::find_by_id(listing.id).lock_exclusive().one(tx).await?;
    let now = app.clock.now();
    let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let due = Condition::any()
        .add(agent_reply::Column::Status.eq(Status::Running))
        .add(agent_reply::Column::IsPaid.eq(true));
    // PostgreSQL sums `bigint` as `numeric`.
    let sum = Expr::col(agent_reply::Column::Fee).sum().cast_as("bigint");
    let spent: Option<Option<i64>> = agent_reply::Entity::find()
        .select_only()
        .expr_as(sum, "spent")
        .filter(agent_reply::Column::ListingId.eq(listing.id))
        .filter(agent_reply::Column::CreatedAt.gte(today))
        .filter(agent_reply::Column::HoldId.is_not_null())
        .filter(due)
        .into_tuple()
        .one(tx)
        .await?;
    let spent = spent.flatten().unwrap_or_default().saturating_add(fee);
    if spent <= cap {
        return Ok(());
    }
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    Err(Error::DailyCapReached { retry_after: (tomorrow - now).to_std().unwrap_or_default() })
}
