//! A limit on waiting, so that a test whose event never comes fails instead of holding up the run.

use std::time::Duration;

/// Far longer than any server needs, loaded machines included.
const LIMIT: Duration = Duration::from_secs(180);

/// Returns what the future returns; panics if it does not end in time.
pub async fn within<F: Future>(what: &str, awaited: F) -> F::Output {
    match tokio::time::timeout(LIMIT, awaited).await {
        Ok(output) => output,
        Err(_) => panic!("{what} within {LIMIT:?}"),
    }
}
