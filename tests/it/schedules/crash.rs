//! Crashes: a task ends between two of its statements, and whatever it held is dropped.

use std::{cell::Cell, panic::AssertUnwindSafe};

use futures_util::FutureExt;

tokio::task_local! {
    /// How many statements the task still lives.
    static LEFT: Cell<u32>;
}

/// What a crashed task ends with.
struct Crash;

/// Called after each statement: ends the task when its time has come. Its commit is no statement, so what it wrote
/// never lasts.
pub fn statement() {
    let dies = LEFT.try_with(|left| {
        let now = left.get();
        left.set(now.saturating_sub(1));
        now == 0
    });
    if dies.unwrap_or(false) {
        // Unwinds as a panic does, without its message.
        std::panic::resume_unwind(Box::new(Crash));
    }
}

/// Runs something that crashes after so many statements, if it has as many; none means that it did.
pub async fn after<F: Future>(statements: u32, deed: F) -> Option<F::Output> {
    match AssertUnwindSafe(LEFT.scope(Cell::new(statements), deed)).catch_unwind().await {
        Ok(outcome) => Some(outcome),
        Err(cause) if cause.is::<Crash>() => None,
        Err(cause) => std::panic::resume_unwind(cause),
    }
}
