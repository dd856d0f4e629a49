//! Rows whose time has come: each is seen to by itself, so that one that fails holds up no other.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Value, sea_query::Expr,
};

use super::Result;
use crate::app::App;

/// How many are read at once.
const BATCH: u64 = 100;
/// How long after a fault of ours the next round begins.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

/// Does `work` for each row whose time in `at` has come, and tells when the next is due. `id` is a column that orders the
/// rows and does not change. What fails is logged and tried again.
///
/// # Errors
/// [`super::Error::Internal`] when the rows cannot be read.
pub(super) async fn each<E, F>(
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
    let again = each_of::<E, F>(app, id, at.lte(now), work).await?;
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

/// Does `work` for each row of these. What fails is logged; then it tells when to try again.
///
/// # Errors
/// [`super::Error::Internal`] when the rows cannot be read.
pub(super) async fn each_of<E, F>(
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
                tracing::error!(error, table = E::default().table_name(), row = %which, "what is due was not done");
                failed = true;
            }
        }
    }
    Ok(failed.then(|| app.clock.now() + AGAIN))
}
