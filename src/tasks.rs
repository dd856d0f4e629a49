//! Work that outlives the request that began it, and how it learns that the server stops.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// All work beside requests. It is finished before the process ends; what would go on for ever listens for the end.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Begins work that is to be finished even when whoever asked for it leaves.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.tracker.spawn(work)
    }

    /// Counts work that runs elsewhere, for as long as this is kept.
    pub fn count(&self) -> TaskTrackerToken {
        self.tracker.token()
    }

    /// Resolves when the server is told to stop.
    pub fn stopping(&self) -> WaitForCancellationFutureOwned {
        self.stop.clone().cancelled_owned()
    }

    /// Whether the server was told to stop.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Tells everything that would go on for ever to end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until all work is finished, but not longer than `limit`; whether it is.
    pub async fn finish(&self, limit: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(limit, self.tracker.wait()).await.is_ok()
    }
}
