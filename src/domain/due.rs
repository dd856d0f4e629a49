//! Rows whose time has come: each is seen to by itself, so that one that fails holds up no other.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Value};

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
    let mut failed = false;
    let mut last: Option<Value> = None;
    loop {
        let mut due = E::find().filter(at.lte(now));
        if let Some(last) = last.take() {
            due = due.filter(id.gt(last));
        }
        let due = due.order_by_asc(id).limit(BATCH).all(app.db.read()).await?;
        let Some(end) = due.last() else { break };
        last = Some(end.get(id));
        for row in due {
            let which = row.get(id);
            if let Err(error) = work(row).await {
                let error = format!("{:#}", anyhow::Error::new(error));
                tracing::error!(error, table = E::default().table_name(), row = %which, "what is due was not done");
                failed = true;
            }
        }
    }
    let next: Option<Option<DateTime<Utc>>> = E::find()
        .select_only()
        .column(at)
        .filter(at.gt(now))
        .order_by_asc(at)
        .limit(1)
        .into_tuple()
        .one(app.db.read())
        .await?;
    let next = next.flatten();
    Ok(if failed { Some(next.unwrap_or(now + AGAIN).min(now + AGAIN)) } else { next })
}
