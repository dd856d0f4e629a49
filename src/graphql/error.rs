//! Where failures get their code: the one place, for both doors.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};

use crate::domain::{Code, Error};

/// Gives every error of an answer its code from the catalogue; logs what is ours to mend and hides its text.
pub fn finish(response: &mut Response) {
    let mut logged = Vec::new();
    for error in &mut response.errors {
        describe(error, &mut logged);
    }
}

/// `logged` are the shared failures that the log has.
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
                extensions.set("field", field);
            }
            if let Some(retry_after) = known.retry_after() {
                extensions.set("retryAfter", Value::from(retry_after.as_secs().max(1)));
            }
        }
        // The library's own: an argument that could not be read.
        None => extensions.set("code", Code::Invalid.as_str()),
    }
    error.extensions = Some(extensions);
}

/// Logs what is ours to mend: what many fields share once.
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
