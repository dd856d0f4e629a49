//! Counts the statements of a request.

use std::cell::Cell;

use tokio::task_local;

task_local! {
    static STATEMENTS: Cell<u32>;
}

/// Runs a future. Returns its output and the number of statements that its task ran; work that it spawned does not
/// count.
pub async fn count_statements<F: Future>(future: F) -> (F::Output, u32) {
    let counting = async {
        let output = future.await;
        (output, STATEMENTS.with(Cell::get))
    };
    STATEMENTS.scope(Cell::new(0), counting).await
}

/// Counts a statement of the running request, if there is one.
pub(super) fn count() {
    // Background work has no request.
    _ = STATEMENTS.try_with(|statements| statements.set(statements.get().saturating_add(1)));
}
