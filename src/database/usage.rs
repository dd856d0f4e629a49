//! Counts the statements of a request.

use std::{cell::Cell, time::Duration};

use tokio::task_local;

task_local! {
    static STATEMENTS: Cell<Usage>;
}

/// The statements that a task ran itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Their number.
    pub statements: u32,
    /// The time that they took.
    pub time: Duration,
}

impl Usage {
    fn and(self, more: Self) -> Self {
        Self {
            statements: self.statements.saturating_add(more.statements),
            time: self.time.saturating_add(more.time),
        }
    }
}

/// Runs a future. Returns its output and the statements that its task ran; work that it spawned does not count. The
/// statements also count for an enclosing future.
pub async fn count_statements<F: Future>(future: F) -> (F::Output, Usage) {
    let counting = async {
        let output = future.await;
        (output, STATEMENTS.with(Cell::get))
    };
    let (output, usage) = STATEMENTS.scope(Cell::new(Usage::default()), counting).await;
    add(usage);
    (output, usage)
}

/// Counts a statement of the running request, if there is one.
pub(super) fn count(time: Duration) {
    add(Usage { statements: 1, time });
}

fn add(usage: Usage) {
    // Background work has no request.
    _ = STATEMENTS.try_with(|counted| counted.set(counted.get().and(usage)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn statements_count_for_enclosing_work() {
        let second = Duration::from_secs(1);
        let ((inner, outer_before), outer) = count_statements(async {
            count(second);
            let ((), inner) = count_statements(async { count(second) }).await;
            (inner, STATEMENTS.with(Cell::get))
        })
        .await;
        assert_eq!(inner, Usage { statements: 1, time: second });
        assert_eq!(outer, Usage { statements: 2, time: second * 2 });
        assert_eq!(outer_before, outer);
    }
}
