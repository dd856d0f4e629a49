//! Documents that were prepared before, by their text; and persisted queries, by their hash.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, ServerError, Variables};
use quick_cache::{Weighter, sync::Cache};

use super::ask::Ask;
use crate::{
    document::{self, Bound, Demand, Failure, Limits, Model, Prepared},
    domain::Code,
    random,
    rest::Refusal,
};

/// Longer documents are prepared anew each time, so that one client's cannot drive out all others'.
const LONGEST: usize = 16 * 1024;
/// Bytes of all prepared documents that are kept.
const PREPARED: u64 = 32 * 1024 * 1024;
/// Bytes of all persisted queries that are kept.
const PERSISTED: u64 = 8 * 1024 * 1024;
/// Documents that are expected; room for their keys is made at start.
const EXPECTED: usize = 1000;
/// Characters of a hash.
const HASH: usize = 64;
/// Bytes that an entry takes beside its texts.
const ENTRY: usize = 256;

type Key = (String, Option<String>);

/// Weighs what is kept, in bytes.
#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Prepared>> for Bytes {
    fn weight(&self, (text, name): &Key, prepared: &Arc<Prepared>) -> u64 {
        let name = name.as_ref().map_or(0, String::len);
        (ENTRY + text.len() + name + prepared.size()) as u64
    }
}

impl Weighter<String, String> for Bytes {
    fn weight(&self, hash: &String, text: &String) -> u64 {
        (ENTRY + hash.len() + text.len()) as u64
    }
}

/// Prepares documents, and keeps those that come again.
pub(in crate::http) struct Documents {
    model: Model,
    limits: Limits,
    prepared: Cache<Key, Arc<Prepared>, Bytes>,
    persisted: Cache<String, String, Bytes>,
}

impl Documents {
    pub(in crate::http) fn new(model: Model, limits: Limits) -> Self {
        Self {
            model,
            limits,
            prepared: Cache::with_weighter(EXPECTED, PREPARED, Bytes),
            persisted: Cache::with_weighter(EXPECTED, PERSISTED, Bytes),
        }
    }

    /// The schema that the documents fit.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The document of a request, prepared. It is kept once it is known to be within all limits: at once, or where
    /// that depends on the variables, when they are bound.
    pub(super) fn find(&self, ask: &Ask) -> Result<Arc<Prepared>, Failure> {
        let text = self.text(ask)?;
        let key = (text, ask.operation_name.clone());
        if let Some(prepared) = self.prepared.get(&key) {
            self.persist(ask, &key.0);
            return Ok(prepared);
        }
        let operation_name = ask.operation_name.as_deref();
        let prepared = Arc::new(document::prepare(&self.model, &self.limits, &key.0, operation_name)?);
        if !prepared.varies() {
            self.keep(key, ask, &prepared);
        }
        Ok(prepared)
    }

    /// The document to execute with these variables.
    pub(super) fn bind(
        &self,
        ask: &Ask,
        prepared: &Arc<Prepared>,
        variables: Variables,
    ) -> Result<Bound, Failure> {
        let bound = prepared.bind(&self.model, &self.limits, variables)?;
        if prepared.varies() {
            let key = (self.text(ask)?, ask.operation_name.clone());
            if self.prepared.peek(&key).is_none() {
                self.keep(key, ask, prepared);
            }
        }
        Ok(bound)
    }

    /// Judges the documents of a batch together.
    pub(super) fn admit_batch(&self, demands: impl IntoIterator<Item = Demand>) -> Result<(), Failure> {
        self.limits.admit_batch(demands)
    }

    fn keep(&self, key: Key, ask: &Ask, prepared: &Arc<Prepared>) {
        let (text, name) = &key;
        if text.len() > LONGEST || name.as_ref().is_some_and(|name| name.len() > LONGEST) {
            return;
        }
        self.persist(ask, text);
        self.prepared.insert(key, prepared.clone());
    }

    /// Keeps a text that came with its hash, once it is known to be within all limits.
    fn persist(&self, ask: &Ask, text: &str) {
        if let (Some(_), Some(hash)) = (&ask.query, &ask.hash) {
            let hash = hash.to_ascii_lowercase();
            if self.persisted.peek(&hash).is_none() {
                self.persisted.insert(hash, text.to_owned());
            }
        }
    }

    /// The document's text: sent, or known by its hash.
    fn text(&self, ask: &Ask) -> Result<String, Failure> {
        match (&ask.query, &ask.hash) {
            // First, so that no longer text is hashed or copied.
            (Some(query), _) if query.len() > self.limits.bytes => {
                let message = format!("The document is longer than {} bytes", self.limits.bytes);
                Err(failure(Code::QueryTooComplex, &message))
            }
            (Some(query), Some(hash)) if !random::sha256_hex(query).eq_ignore_ascii_case(hash) => {
                Err(failure(Code::Invalid, "The hash is not that of the query"))
            }
            (Some(query), _) => Ok(query.clone()),
            (None, Some(hash)) if hash.len() == HASH => self
                .persisted
                .get(&hash.to_ascii_lowercase())
                .ok_or_else(|| failure(Code::PersistedQueryNotFound, "PersistedQueryNotFound")),
            (None, Some(_)) => Err(failure(Code::PersistedQueryNotFound, "PersistedQueryNotFound")),
            (None, None) => Err(failure(Code::Invalid, "query is missing")),
        }
    }
}

/// A refusal of the whole request, as a failure of its operation.
pub(super) fn refused(refusal: Refusal) -> Failure {
    let mut extensions = ErrorExtensionValues::default();
    if let Some(field) = refusal.field {
        extensions.set("field", field);
    }
    if let Some(seconds) = refusal.retry_after {
        extensions.set("retryAfter", seconds);
    }
    let mut error = ServerError::new(refusal.message, None);
    error.extensions = Some(extensions);
    Failure::from_errors(refusal.code, vec![error])
}

/// A failure without a place in the document.
pub(super) fn failure(code: Code, message: &str) -> Failure {
    Failure::from_errors(code, vec![ServerError::new(message, None)])
}
