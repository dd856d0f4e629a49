//! Subscriptions outlast a database that does not answer for a while.

use std::time::Duration;

use crate::domain::{Code, Error};

/// The time between two attempts to read.
const AGAIN: Duration = Duration::from_secs(1);

/// Returns whether an error means that the database does not answer now, which a subscription waits for.
pub(super) fn is_outage(error: &Error) -> bool {
    error.code() == Code::Unavailable
}

/// Logs an outage and waits before the next attempt. The subscriber misses nothing: reading goes on where it failed.
pub(super) async fn outlast(error: Error) {
    error.log();
    tokio::time::sleep(AGAIN).await;
}
