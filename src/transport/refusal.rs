//! The caller of a request, and refusals.

use async_graphql::{Request, ServerError, Value as ConstValue};
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    },
    response::Response,
};

use super::json;
use crate::{error::Code, security::network::Network};

/// Maximum characters of a refusal's message.
const LONGEST_MESSAGE: usize = 1000;
/// Maximum characters of a refusal's field.
const LONGEST_FIELD: usize = 256;
/// Maximum characters of a value that a refusal quotes.
const LONGEST_EXCERPT: usize = 64;

/// Returns the beginning of a foreign value, short enough to quote in a refusal.
pub fn excerpt(text: &str) -> String {
    cut(text.to_owned(), LONGEST_EXCERPT)
}

/// Returns the first characters of a text, with an ellipsis if it was longer.
fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The authenticated caller.
pub struct Caller {
    /// Whether the caller is signed in.
    pub signed_in: bool,
    /// Whether the caller is a platform administrator.
    pub admin: bool,
    /// Network of the client, if known.
    pub network: Option<Network>,
    /// A request without a document, with the viewer in its data.
    pub request: Request,
}

/// Properties of a route that affect its access.
#[derive(Clone, Copy, Debug)]
pub struct RouteAccess {
    /// Whether banned accounts may call it.
    pub is_open_to_banned: bool,
    /// Whether the answer is a stream.
    pub streams: bool,
}

/// A refused request.
#[derive(Debug)]
pub struct Refusal {
    /// Error code, which determines the status.
    pub code: Code,
    /// Message for the caller.
    pub message: String,
    /// The invalid argument or member, if any.
    pub field: Option<String>,
    /// Seconds after which a repetition may succeed.
    pub retry_after: Option<u64>,
    /// Further headers of the answer.
    pub headers: HeaderMap,
}

impl Refusal {
    /// Creates a refusal without a field.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, retry_after: None, headers: HeaderMap::new() }
    }

    /// Creates a refusal of one argument or member.
    pub fn about(code: Code, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(code, message) }
    }

    /// Creates a refusal from an execution error. An error without a code comes from the executor's
    /// validation of a value.
    pub fn of(error: &ServerError, headers: HeaderMap) -> Self {
        let extension = |name: &str| error.extensions.as_ref().and_then(|extensions| extensions.get(name));
        let (code, message) = match extension("code") {
            None => (Code::Invalid, error.message.as_str()),
            Some(ConstValue::String(code)) => match Code::parse(code) {
                Some(code) => (code, error.message.as_str()),
                None => (Code::Internal, "Internal error"),
            },
            Some(_) => (Code::Internal, "Internal error"),
        };
        let field = match extension("field") {
            Some(ConstValue::String(field)) => Some(field.clone()),
            _ => None,
        };
        let retry_after = match extension("retryAfter") {
            Some(ConstValue::Number(seconds)) => {
                seconds.as_u64().or_else(|| seconds.as_f64().filter(|s| *s >= 0.0).map(|s| s.ceil() as u64))
            }
            _ => None,
        };
        Self { code, message: message.to_owned(), field, retry_after, headers }
    }

    /// Returns the answer to a request for `path`: JSON `{"error", "code"[, "field"]}`. Under `/api/auth/` it
    /// also has `message`, which the `better-auth` client reads.
    pub fn into_response(self, path: &str) -> Response {
        let mut body = b"{\"error\":".to_vec();
        let message = json::bytes(&ConstValue::String(cut(self.message, LONGEST_MESSAGE)));
        body.extend_from_slice(&message);
        body.extend_from_slice(format!(",\"code\":\"{}\"", self.code.as_str()).as_bytes());
        if let Some(field) = self.field {
            body.extend_from_slice(b",\"field\":");
            body.extend_from_slice(&json::bytes(&ConstValue::String(cut(field, LONGEST_FIELD))));
        }
        if path.starts_with("/api/auth/") || path.starts_with("/api/v1/auth/") {
            body.extend_from_slice(b",\"message\":");
            body.extend_from_slice(&message);
        }
        body.push(b'}');
        let length = body.len();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_LENGTH, length.into());
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
