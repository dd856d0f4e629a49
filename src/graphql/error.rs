//! Maps errors to the catalogue's codes, for GraphQL and REST alike.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};

use crate::error::{Code, Error};

/// Adds the catalogue's code to every error of a response. Logs internal errors and hides their messages.
pub fn finish(response: &mut Response) {
    let mut logged = Vec::new();
    for error in &mut response.errors {
        describe(error, &mut logged);
    }
}

/// Adds the code to one error. `logged` holds the shared errors that were already logged.
fn describe(error: &mut ServerError, logged: &mut Vec<Arc<Error>>) {
    if error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some()) {
        return;
    }
    let source = error.source.take();
    let known = source.as_ref().and_then(|source| source.downcast_ref::<Error>());
    let mut extensions = ErrorExtensionValues::default();
    match known {
        Some(known) => {
            log(known, logged);
            extensions.set("code", known.code().as_str());
            if let Some(field) = known.field() {
                extensions.set("field", field.as_ref());
            }
            if let Some(retry_after) = known.retry_after() {
                extensions.set("retryAfter", Value::from(retry_after.as_secs().max(1)));
            }
        }
        // An error of the library: an argument could not be read.
        None => extensions.set("code", Code::Invalid.as_str()),
    }
    error.extensions = Some(extensions);
}

/// Logs an internal error; one that several fields share is logged once.
fn log(error: &Error, logged: &mut Vec<Arc<Error>>) {
    match error {
        Error::Shared(shared) => {
            if !logged.iter().any(|known| Arc::ptr_eq(known, shared)) {
                logged.push(shared.clone());
                log(shared, logged);
            }
        }
        error => error.log(),
    }
}
