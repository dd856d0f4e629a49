//! Work that outlives its request, and the shutdown signal.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// All background work. It is completed before the process ends; endless work must stop at the shutdown
/// signal.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    draining: CancellationToken,
}

impl Tasks {
    /// Starts work that completes even if the caller disconnects.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.tracker.spawn(work)
    }

    /// Counts other work while the token is held.
    pub fn count(&self) -> TaskTrackerToken {
        self.tracker.token()
    }

    /// Resolves at shutdown.
    pub fn stopping(&self) -> WaitForCancellationFutureOwned {
        self.stop.clone().cancelled_owned()
    }

    /// Returns whether shutdown has begun.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Announces the shutdown: the process still serves, but is not ready for more.
    pub fn drain(&self) {
        self.draining.cancel();
    }

    /// Returns whether shutdown was announced.
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled() || self.is_stopping()
    }

    /// Signals shutdown.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits at most `limit` for all work to complete; returns whether it did.
    pub async fn finish(&self, limit: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(limit, self.tracker.wait()).await.is_ok()
    }
}
