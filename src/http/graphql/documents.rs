//! Documents that were prepared before, by their text; and persisted queries, by their hash.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, ServerError, Variables, parser::types::ExecutableDocument};
use quick_cache::sync::Cache;

use super::ask::Ask;
use crate::{
    document::{self, Check, Failure, Limits, Model, Prepared},
    domain::Code,
    random,
    rest::Refusal,
};

/// Longer documents are prepared anew each time, so that the cache stays small.
const LONGEST: usize = 16 * 1024;

type Key = (String, Option<String>);

/// Prepares documents, and keeps those that come again.
pub(in crate::http) struct Documents {
    model: Model,
    limits: Limits,
    check: Box<Check>,
    prepared: Cache<Key, Arc<Prepared>>,
    persisted: Cache<String, String>,
}

impl Documents {
    pub(in crate::http) fn new(model: Model, limits: Limits, check: Box<Check>) -> Self {
        Self { model, limits, check, prepared: Cache::new(1000), persisted: Cache::new(1000) }
    }

    /// The schema that the documents fit.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The document of a request, prepared.
    pub(super) fn find(&self, ask: &Ask) -> Result<Arc<Prepared>, Failure> {
        let text = self.text(ask)?;
        if text.len() > LONGEST {
            return self.prepare(&text, ask).map(Arc::new);
        }
        let key = (text, ask.operation_name.clone());
        if let Some(prepared) = self.prepared.get(&key) {
            return Ok(prepared);
        }
        let prepared = Arc::new(self.prepare(&key.0, ask)?);
        self.prepared.insert(key, prepared.clone());
        Ok(prepared)
    }

    /// The document to execute with these variables.
    pub(super) fn bind(
        &self,
        prepared: &Prepared,
        variables: Variables,
    ) -> Result<(ExecutableDocument, Variables), Failure> {
        prepared.bind(&self.model, &self.limits, variables)
    }

    fn prepare(&self, text: &str, ask: &Ask) -> Result<Prepared, Failure> {
        document::prepare(&self.model, &self.limits, &*self.check, text, ask.operation_name.as_deref())
    }

    /// The document's text: sent, or known by its hash.
    fn text(&self, ask: &Ask) -> Result<String, Failure> {
        match (&ask.query, &ask.hash) {
            (Some(query), None) => Ok(query.clone()),
            (Some(query), Some(hash)) => {
                if !random::sha256_hex(query).eq_ignore_ascii_case(hash) {
                    return Err(failure(Code::Invalid, "The hash is not that of the query"));
                }
                if query.len() <= LONGEST {
                    self.persisted.insert(hash.to_ascii_lowercase(), query.clone());
                }
                Ok(query.clone())
            }
            (None, Some(hash)) => self
                .persisted
                .get(&hash.to_ascii_lowercase())
                .ok_or_else(|| failure(Code::PersistedQueryNotFound, "PersistedQueryNotFound")),
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
