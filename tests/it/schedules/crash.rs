//! Crashes: a task ends between two statements, and drops everything it holds.

use std::{cell::Cell, panic::AssertUnwindSafe};

use futures_util::FutureExt;

tokio::task_local! {
    /// Number of statements until the crash.
    static LEFT: Cell<u32>;
}

/// Payload of a crash.
struct Crash;

/// Called after each statement: ends the task at its last one. A commit is no statement, so uncommitted
/// changes are lost.
pub fn statement() {
    let dies = LEFT.try_with(|left| {
        let now = left.get();
        left.set(now.saturating_sub(1));
        now == 0
    });
    if dies.unwrap_or(false) {
        // Unwinds like a panic, without its message.
        std::panic::resume_unwind(Box::new(Crash));
    }
}

/// Runs a future that crashes after this many statements; `None` means that it crashed.
pub async fn after<F: Future>(statements: u32, deed: F) -> Option<F::Output> {
    match AssertUnwindSafe(LEFT.scope(Cell::new(statements), deed)).catch_unwind().await {
        Ok(outcome) => Some(outcome),
        Err(cause) if cause.is::<Crash>() => None,
        Err(cause) => std::panic::resume_unwind(cause),
    }
}
