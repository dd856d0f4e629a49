//! Who asks, and how a request is refused.

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
use crate::{domain::Code, network::Network};

/// Characters of a refusal's sentence that are sent.
const LONGEST_MESSAGE: usize = 1000;
/// Characters of a refusal's field that are sent.
const LONGEST_FIELD: usize = 256;
/// Characters of a value that a refusal repeats.
const LONGEST_EXCERPT: usize = 64;

/// The beginning of a value that came from outside, short enough to be repeated in a refusal.
pub fn excerpt(text: &str) -> String {
    cut(text.to_owned(), LONGEST_EXCERPT)
}

/// The first characters of a text, with an ellipsis where more follow.
fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Who asks, as the edge found out.
pub struct Caller {
    /// Somebody is signed in.
    pub signed_in: bool,
    /// That somebody is an administrator of the platform.
    pub admin: bool,
    /// The network that the request comes from, if it is known.
    pub network: Option<Network>,
    /// A request without a document, with the viewer in its data.
    pub request: Request,
}

/// What of a route decides who may ask.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// A banned account may, too.
    pub is_open_to_banned: bool,
    /// The answer is a stream, which stays open.
    pub streams: bool,
}

/// A request that is not answered as asked.
#[derive(Debug)]
pub struct Refusal {
    /// The catalogue's code; it decides the status.
    pub code: Code,
    /// A sentence for whoever asked.
    pub message: String,
    /// The argument or member that is wrong, where one is.
    pub field: Option<String>,
    /// Seconds after which it is worth trying again.
    pub retry_after: Option<u64>,
    /// Headers to send along.
    pub headers: HeaderMap,
}

impl Refusal {
    /// A refusal without a field.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, retry_after: None, headers: HeaderMap::new() }
    }

    /// A refusal over one argument or member.
    pub fn about(code: Code, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(code, message) }
    }

    /// What the executor said. An error without a code is its own finding about a value.
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

    /// The answer, for a request to `path`: JSON `{"error", "code"[, "field"]}`. Under `/api/auth/` also
    /// `message`, which the `better-auth` client reads.
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
