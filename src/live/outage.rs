//! Keeps subscriptions open while the database does not answer.

use std::time::Duration;

use crate::error::{Code, Error};

/// How long to wait between two attempts to read.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Returns whether an error means that the database does not answer now, so that a subscription waits.
pub(super) fn is_outage(error: &Error) -> bool {
    error.code() == Code::Unavailable
}

/// Logs an outage and waits before the next attempt. Reading then continues at the failed position.
pub(super) async fn wait_out(error: Error) {
    error.log();
    tokio::time::sleep(RETRY_DELAY).await;
}
