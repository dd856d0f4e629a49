//! Periodic work on due rows. Each row is handled separately, so that a failure does not block the others.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Value, sea_query::Expr,
};

use crate::app::App;
use crate::error::Result;

/// Maximum number of rows per query.
const BATCH: u64 = 100;
/// Delay before the next run after a failure.
const RETRY_DELAY: TimeDelta = TimeDelta::minutes(1);

/// Runs `work` for each row whose time in `at` has come, and returns when the next one is due. `id` must be
/// an immutable column that orders the rows. Failures are logged and retried.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) when the rows cannot be read.
pub(super) async fn run_due<E, F>(
    app: &App,
    id: E::Column,
    at: E::Column,
    work: impl Fn(E::Model) -> F,
) -> Result<Option<DateTime<Utc>>>
where
    E: EntityTrait,
    F: Future<Output = Result<()>>,
{
    let now = app.clock.now();
    let again = run_each::<E, F>(app, id, at.lte(now), work).await?;
    let next: Option<Option<DateTime<Utc>>> = E::find()
        .select_only()
        .column(at)
        .filter(at.gt(now))
        .order_by_asc(at)
        .limit(1)
        .into_tuple()
        .one(app.db.read())
        .await?;
    Ok(next.flatten().into_iter().chain(again).min())
}

/// Runs `work` for each matching row. Failures are logged; then returns when to retry.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) when the rows cannot be read.
pub(super) async fn run_each<E, F>(
    app: &App,
    id: E::Column,
    which: Expr,
    work: impl Fn(E::Model) -> F,
) -> Result<Option<DateTime<Utc>>>
where
    E: EntityTrait,
    F: Future<Output = Result<()>>,
{
    let mut failed = false;
    let mut last: Option<Value> = None;
    loop {
        let mut rows = E::find().filter(which.clone());
        if let Some(last) = last.take() {
            rows = rows.filter(id.gt(last));
        }
        let rows = rows.order_by_asc(id).limit(BATCH).all(app.db.read()).await?;
        let Some(end) = rows.last() else { break };
        last = Some(end.get(id));
        for row in rows {
            let which = row.get(id);
            if let Err(error) = work(row).await {
                let error = format!("{:#}", anyhow::Error::new(error));
                tracing::error!(error, table = E::default().table_name(), row = %which, "a due job failed");
                failed = true;
            }
        }
    }
    Ok(failed.then(|| app.clock.now() + RETRY_DELAY))
}
