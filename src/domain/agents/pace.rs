//! How often somebody may ask, and what may be spent on an agent.

use std::{num::NonZeroU32, time::Duration};

use chrono::{Days, NaiveTime};
use entity::{
    agent_listing,
    agent_reply::{self, Status},
};
use governor::{Quota, RateLimiter, middleware::NoOpMiddleware, state::keyed::DashMapStateStore};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    app::App,
    clock::Clock,
    domain::{Error, Result},
};

/// Questions a minute and at once from one person: 20.
const PER_PERSON: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// So many people are kept before those that have recovered are dropped.
const PEOPLE: usize = 10_000;

type Limiter = RateLimiter<String, DashMapStateStore<String>, Clock, NoOpMiddleware<Duration>>;

/// Counts questions by who asks.
pub struct Pace {
    clock: Clock,
    limiter: Option<Limiter>,
}

impl Pace {
    pub(crate) fn new(clock: Clock, limited: bool) -> Self {
        let limiter = limited.then(|| {
            RateLimiter::new(Quota::per_minute(PER_PERSON), DashMapStateStore::default(), clock.clone())
        });
        Self { clock, limiter }
    }

    /// Counts one question.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time after which the next may come.
    pub(super) fn count(&self, user_id: &str) -> Result<()> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if limiter.len() > PEOPLE {
            limiter.retain_recent();
        }
        limiter.check_key(&user_id.to_owned()).map_err(|not_until| Error::RateLimited {
            retry_after: not_until.wait_time_from(governor::clock::Clock::now(&self.clock)),
        })
    }
}

/// Refuses a fee that would take an agent over what its owner lets be spent on it in a day of UTC. The agent is locked
/// then, so that two who ask at once do not both fit.
///
/// # Errors
/// [`Error::SpentForToday`].
pub(super) async fn check_spending(
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
    // PostgreSQL sums into a type of its own.
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
    Err(Error::SpentForToday { retry_after: (tomorrow - now).to_std().unwrap_or_default() })
}
