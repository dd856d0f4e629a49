//! Caches of prepared documents, by text, and of persisted queries, by hash.

use std::{path::Path, sync::Arc};

use async_graphql::{ErrorExtensionValues, ServerError, Variables};
use quick_cache::{Weighter, sync::Cache};

use super::{request::GraphqlRequest, trusted::TrustedDocuments};
use crate::{
    document::{self, Bound, DocumentSize, Failure, Limits, Model, Prepared},
    error::Code,
    security::random,
    transport::Refusal,
};

/// Maximum number of bytes of a cached document. Longer ones are prepared for each request, so that one
/// client cannot evict all others.
const MAX_CACHED_BYTES: usize = 16 * 1024;
/// Maximum number of bytes of all prepared documents.
const PREPARED: u64 = 32 * 1024 * 1024;
/// Maximum number of bytes of all persisted queries.
const PERSISTED: u64 = 8 * 1024 * 1024;
/// Expected number of documents, for which the caches reserve keys at start.
const EXPECTED: usize = 1000;
/// Number of characters of a hash.
const HASH: usize = 64;
/// Bytes of an entry besides its texts.
const ENTRY: usize = 256;

type Key = (String, Option<String>);

/// Weighs cache entries in bytes.
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

/// Prepares documents and caches them.
pub(in crate::http) struct Documents {
    model: Model,
    limits: Limits,
    prepared: Cache<Key, Arc<Prepared>, Bytes>,
    persisted: Cache<String, String, Bytes>,
    trusted: Option<TrustedDocuments>,
}

impl Documents {
    pub(in crate::http) fn new(model: Model, limits: Limits) -> Self {
        Self {
            model,
            limits,
            prepared: Cache::with_weighter(EXPECTED, PREPARED, Bytes),
            persisted: Cache::with_weighter(EXPECTED, PERSISTED, Bytes),
            trusted: None,
        }
    }

    /// Runs only the documents of this manifest, if one is given.
    ///
    /// # Errors
    /// Fails if the manifest or one of its documents is invalid.
    pub(in crate::http) fn with_trusted(mut self, manifest: &Path) -> anyhow::Result<Self> {
        if !manifest.as_os_str().is_empty() {
            self.trusted = Some(TrustedDocuments::load(manifest, &self.model, &self.limits)?);
        }
        Ok(self)
    }

    /// Returns the number of cached documents.
    pub(in crate::http) fn len(&self) -> usize {
        self.prepared.len()
    }

    /// Returns the maximum complexity of an operation.
    pub(super) fn most_complexity(&self) -> usize {
        self.limits.complexity
    }

    /// Returns the schema of the documents.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// Returns the prepared document of a request. Caches it once it is known to be within all limits: at
    /// once, or when it is bound if its cost depends on variables.
    pub(super) fn find(&self, ask: &GraphqlRequest) -> Result<Arc<Prepared>, Failure> {
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

    /// Returns the document to execute with these variables.
    pub(super) fn bind(
        &self,
        ask: &GraphqlRequest,
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

    /// Checks the documents of a batch together.
    pub(super) fn admit_batch(&self, demands: impl IntoIterator<Item = DocumentSize>) -> Result<(), Failure> {
        self.limits.admit_batch(demands)
    }

    fn keep(&self, key: Key, ask: &GraphqlRequest, prepared: &Arc<Prepared>) {
        let (text, name) = &key;
        if text.len() > MAX_CACHED_BYTES || name.as_ref().is_some_and(|name| name.len() > MAX_CACHED_BYTES) {
            return;
        }
        self.persist(ask, text);
        self.prepared.insert(key, prepared.clone());
    }

    /// Stores a text that came with its hash, once it is known to be within all limits.
    fn persist(&self, ask: &GraphqlRequest, text: &str) {
        if let (Some(_), Some(hash), None) = (&ask.query, &ask.hash, &self.trusted) {
            let hash = hash.to_ascii_lowercase();
            if self.persisted.peek(&hash).is_none() {
                self.persisted.insert(hash, text.to_owned());
            }
        }
    }

    /// Returns the text of the document, from the request or by its hash.
    fn text(&self, ask: &GraphqlRequest) -> Result<String, Failure> {
        match (&ask.query, &ask.hash) {
            // Checked first, so that no longer text is hashed or copied.
            (Some(query), _) if query.len() > self.limits.bytes => {
                let message = format!("The document is longer than {} bytes", self.limits.bytes);
                Err(Failure::new(Code::QueryTooComplex, message, None))
            }
            _ if let Some(trusted) = &self.trusted => trusted.find(ask).map(str::to_owned),
            (Some(query), Some(hash)) if !random::sha256_hex(query).eq_ignore_ascii_case(hash) => {
                Err(Failure::new(Code::Invalid, "The hash does not match the query", None))
            }
            (Some(query), _) => Ok(query.clone()),
            (None, Some(hash)) if hash.len() == HASH => self
                .persisted
                .get(&hash.to_ascii_lowercase())
                .ok_or_else(|| Failure::new(Code::PersistedQueryNotFound, "PersistedQueryNotFound", None)),
            (None, Some(_)) => {
                Err(Failure::new(Code::PersistedQueryNotFound, "PersistedQueryNotFound", None))
            }
            (None, None) => Err(Failure::new(
                Code::PersistedQueryNotFound,
                "This server has no document with this id",
                None,
            )),
        }
    }
}

/// Converts a refusal of the whole request into a failure of its operation.
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
