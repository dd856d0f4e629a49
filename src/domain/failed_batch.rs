//! The outcomes of the requests of a batch that failed as a whole.

use std::sync::Arc;

use crate::{
    database::Outcome,
    error::{Error, Result},
};

/// Returns the failure as the outcome of each request.
pub(super) fn share<R, T>(error: Error, requests: usize) -> Vec<Outcome<R, Result<T>>> {
    let error = Arc::new(error);
    (0..requests).map(|_| Outcome::Done(Err(Error::Shared(error.clone())))).collect()
}

/// Returns the outcomes of the requests of a transaction that failed. If nothing was stored, each caller writes its request
/// alone, because a fault of one must not fail the others. If the outcome is unknown, each caller gets the failure.
/// `name` is the name of the batch in the log.
pub(super) fn return_all<R, T>(name: &str, error: Error, requests: Vec<R>) -> Vec<Outcome<R, Result<T>>> {
    if matches!(error, Error::OutcomeUnknown(_)) {
        return share(error, requests.len());
    }
    tracing::warn!(
        error = format!("{:#}", anyhow::Error::new(error)),
        batch = name,
        requests = requests.len(),
        "a batch failed: its requests are written one by one"
    );
    requests.into_iter().map(Outcome::Returned).collect()
}
