//! Reads that callers share. Equal reads that arrive while one runs share the next one, so each of them sees every
//! change that was committed before it arrived.

use std::{hash::Hash, marker::PhantomData, sync::Arc};

use crate::{
    app::App,
    database::{Batch, BatchLimits, Outcome, Share, SubmitError, Submitted},
    domain::failed_batch,
    error::{Error, Result},
};

/// A read whose rows depend on its own value and the database alone, not on the caller.
pub(super) trait SharedRead: Clone + Eq + Hash + Send + Sync + 'static {
    /// The rows that it reads.
    type Rows: Send + Sync + 'static;

    /// Name of the read in metrics.
    const NAME: &'static str;

    /// Bytes of the value.
    fn weight(&self) -> usize;

    /// Reads the rows.
    fn fetch(self, app: &App) -> impl Future<Output = Result<Self::Rows>> + Send;
}

/// The batches of one kind of read.
struct Equal<R>(PhantomData<R>);

/// Returns the rows of a read, which equal reads of other callers may share.
///
/// # Errors
/// The error of the read. [`Error::Unavailable`] if too many reads wait.
pub(super) async fn fetch<R: SharedRead>(app: &App, read: R) -> Result<Arc<R::Rows>> {
    let weight = read.weight();
    outcome(app.batchers.submit::<Equal<R>>(app, read, weight).await)
}

/// Returns the outcome of a read in a batch.
///
/// # Errors
/// The error of the read. [`Error::Unavailable`] if too many reads wait.
pub(super) fn outcome<R, T>(submitted: Result<Submitted<R, Result<T>>, SubmitError>) -> Result<T> {
    match submitted {
        Ok(Submitted::Done(outcome)) => outcome,
        Ok(Submitted::Returned(_)) => Err(Error::Internal(anyhow::anyhow!("a read was returned"))),
        // Nothing is changed by a read, so it may be repeated.
        Err(error) => Err(Error::Unavailable(error.into())),
    }
}

impl<R: SharedRead> Batch for Equal<R> {
    type Context = App;
    type Key = R;
    type Request = usize;
    type Output = Result<Arc<R::Rows>>;

    const NAME: &'static str = R::NAME;
    const LIMITS: BatchLimits =
        BatchLimits { requests: usize::MAX, bytes: usize::MAX, ..BatchLimits::DEFAULT };
    const SHARE: Share = Share::OfFirstCaller;

    fn weight(bytes: &usize) -> usize {
        size_of::<R>() + bytes
    }

    async fn run(app: App, read: R, callers: Vec<usize>) -> Vec<Outcome<usize, Self::Output>> {
        match read.fetch(&app).await {
            Ok(rows) => {
                let rows = Arc::new(rows);
                callers.iter().map(|_| Outcome::Done(Ok(rows.clone()))).collect()
            }
            Err(error) => failed_batch::share(error, callers.len()),
        }
    }
}
