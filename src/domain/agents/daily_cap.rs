//! Limit of the fees per agent and day.

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
};

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
