//! Limits the operations that run at once, so that an overloaded server refuses early and not after a long wait.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};

use crate::{
    database::Work,
    error::Code,
    metrics::metrics,
    security::{Budget, Share},
};

/// Seconds after which a refused client may try again.
const RETRY_AFTER_SECONDS: u64 = 1;

/// The operations that run. Cheap to clone.
#[derive(Clone)]
pub(super) struct RunningOperations(Budget<Work>);

impl RunningOperations {
    /// Allows `most` operations at once, a quarter of them for one caller; 0 allows any number.
    pub(super) fn new(most: usize) -> Self {
        let most = if most == 0 { usize::MAX } else { most };
        Self(Budget::new(most, most.div_ceil(4)))
    }

    /// Counts an operation while the result lives. Returns `None` if too many run.
    pub(super) fn admit(&self, caller: Option<&Work>) -> Option<Share<Work>> {
        let mut share = self.0.share(caller.cloned());
        if share.grow(1) {
            return Some(share);
        }
        metrics().operations_refused.inc();
        None
    }
}

/// The response to an operation that was not admitted. It is not logged, because an overloaded server
/// would log it for each request; a metric counts it.
pub(super) fn refusal() -> Response {
    let mut error = ServerError::new("The server is overloaded; try again soon", None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", Code::Unavailable.as_str());
    extensions.set("retryAfter", Value::from(RETRY_AFTER_SECONDS));
    error.extensions = Some(extensions);
    Response::from_errors(vec![error])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn caller(name: &str) -> Work {
        Work::Caller(Arc::from(name))
    }

    #[test]
    fn one_caller_leaves_room_for_others() {
        let operations = RunningOperations::new(8);
        let (ann, bob) = (caller("ann"), caller("bob"));
        let of_ann: Vec<_> = std::iter::from_fn(|| operations.admit(Some(&ann))).collect();
        assert_eq!(of_ann.len(), 2);
        let of_bob = operations.admit(Some(&bob)).unwrap();
        let others: Vec<_> = std::iter::from_fn(|| operations.admit(None)).collect();
        assert_eq!(others.len(), 5);
        assert!(operations.admit(Some(&caller("eve"))).is_none());
        drop(of_bob);
        assert!(operations.admit(Some(&bob)).is_some());
        drop((of_ann, others));
        assert_eq!(operations.0.used(), 0);
    }

    #[test]
    fn zero_is_no_limit() {
        let operations = RunningOperations::new(0);
        let permits: Vec<_> = (0..100).map(|_| operations.admit(Some(&caller("ann"))).unwrap()).collect();
        assert_eq!(permits.len(), 100);
    }
}
