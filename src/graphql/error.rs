//! Where failures get their code: the one place, for both doors.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};

use crate::domain::{Code, Error};

/// Gives every error of an answer its code from the catalogue; logs what is ours to mend and hides its text.
pub fn finish(response: &mut Response) {
    for error in &mut response.errors {
        describe(error);
    }
}

fn describe(error: &mut ServerError) {
    if error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some()) {
        return;
    }
    let source = error.source.take();
    let known = source.as_ref().and_then(|source| source.downcast_ref::<Error>());
    let mut extensions = ErrorExtensionValues::default();
    match known {
        Some(known) => {
            if let Error::Internal(cause) = known {
                tracing::error!(error = format!("{cause:#}"), "a request failed");
            }
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
