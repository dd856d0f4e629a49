//! Idempotency keys of requests, in a task-local that the transport sets and the unit of work reads.

use std::cell::Cell;

use crate::security::random;

tokio::task_local! {
    static CURRENT: IdempotencyKey;
}

/// A request with an idempotency key.
pub struct IdempotencyKey {
    key: String,
    fingerprint: String,
    field: String,
    writes: Cell<u32>,
}

/// Where the result of one write is kept.
#[derive(Clone, Debug)]
pub(super) struct WriteSlot {
    pub(super) key: String,
    pub(super) fingerprint: String,
    pub(super) name: String,
}

impl IdempotencyKey {
    /// Creates the key of a request. `request` describes the request without secrets and without anything
    /// that differs in a retry; only its hash is stored.
    pub fn new(key: String, request: &str) -> Self {
        Self { key, fingerprint: random::sha256_hex(request), field: String::new(), writes: Cell::new(0) }
    }

    /// Runs a request under its key, if any.
    pub async fn scope<F: Future>(retry: Option<Self>, request: F) -> F::Output {
        match retry {
            Some(retry) => CURRENT.scope(retry, request).await,
            None => request.await,
        }
    }

    /// Returns the key of the current request, for use in a spawned task.
    pub(super) fn current() -> Option<Self> {
        let copy = |retry: &Self| Self {
            key: retry.key.clone(),
            fingerprint: retry.fingerprint.clone(),
            field: retry.field.clone(),
            writes: retry.writes.clone(),
        };
        CURRENT.try_with(copy).ok()
    }

    /// Runs one field of a request. `name` identifies the field, so that each field stores its own result.
    pub async fn scope_field<F: Future>(name: &str, part: F) -> F::Output {
        let running = CURRENT.try_with(|retry| Self {
            key: retry.key.clone(),
            fingerprint: retry.fingerprint.clone(),
            field: name.to_owned(),
            writes: Cell::new(0),
        });
        Self::scope(running.ok(), part).await
    }
}

/// The request and its next write, by which two requests under one key are known to be the same; `None` when the
/// request has no key.
pub(super) fn next_name() -> Option<String> {
    next_slot().map(|slot| format!("{}\n{}", slot.key, slot.name))
}

/// Takes the slot of the next write; returns `None` if the request has no key.
pub(super) fn take_slot() -> Option<WriteSlot> {
    let slot = next_slot()?;
    skip_slot();
    Some(slot)
}

/// Skips the next slot: a batch has filled it.
pub(super) fn skip_slot() {
    let _ = CURRENT.try_with(|key| key.writes.set(key.writes.get() + 1));
}

/// Returns the slot of the next write without taking it.
pub(super) fn next_slot() -> Option<WriteSlot> {
    let place = |retry: &IdempotencyKey| {
        let (key, fingerprint) = (retry.key.clone(), retry.fingerprint.clone());
        WriteSlot { key, fingerprint, name: format!("{}.{}", retry.field, retry.writes.get()) }
    };
    CURRENT.try_with(place).ok()
}
