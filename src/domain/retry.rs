//! Requests that may be sent again: the doors say which one is running, the verbs need not know.

use std::cell::Cell;

use crate::random;

tokio::task_local! {
    static RUNNING: Retry;
}

/// A request that its sender may send again.
pub struct Retry {
    key: String,
    fingerprint: String,
    field: String,
    writes: Cell<u32>,
}

/// Where the result of one write is kept.
pub(super) struct Place {
    pub(super) key: String,
    pub(super) fingerprint: String,
    pub(super) write: String,
}

impl Retry {
    /// A request under the key its sender gave it. `request` says what is asked for, without anything that differs
    /// when it is sent again, and without secrets; only its hash is kept.
    pub fn new(key: String, request: &str) -> Self {
        Self { key, fingerprint: random::sha256_hex(request), field: String::new(), writes: Cell::new(0) }
    }

    /// Carries out a request, under its key where it has one.
    pub async fn scope<F: Future>(retry: Option<Self>, request: F) -> F::Output {
        match retry {
            Some(retry) => RUNNING.scope(retry, request).await,
            None => request.await,
        }
    }

    /// The request that runs here, to be carried into a task.
    pub(super) fn running() -> Option<Self> {
        let copy = |retry: &Self| Self {
            key: retry.key.clone(),
            fingerprint: retry.fingerprint.clone(),
            field: retry.field.clone(),
            writes: retry.writes.clone(),
        };
        RUNNING.try_with(copy).ok()
    }

    /// Carries out one of the things that a request asks for, which `name` tells from the others: each keeps a result
    /// of its own, whatever becomes of the others.
    pub async fn part<F: Future>(name: &str, part: F) -> F::Output {
        let running = RUNNING.try_with(|retry| Self {
            key: retry.key.clone(),
            fingerprint: retry.fingerprint.clone(),
            field: name.to_owned(),
            writes: Cell::new(0),
        });
        Self::scope(running.ok(), part).await
    }
}

/// The place of the next write; none when the request has no key.
pub(super) fn place() -> Option<Place> {
    let place = next_place()?;
    let _ = RUNNING.try_with(|retry| retry.writes.set(retry.writes.get() + 1));
    Some(place)
}

/// The place of the next write, which is not made yet.
pub(super) fn next_place() -> Option<Place> {
    let place = |retry: &Retry| {
        let (key, fingerprint) = (retry.key.clone(), retry.fingerprint.clone());
        Place { key, fingerprint, write: format!("{}.{}", retry.field, retry.writes.get()) }
    };
    RUNNING.try_with(place).ok()
}
