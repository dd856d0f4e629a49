//! Around every request: an id, a limit, a time limit, and one log line.

use std::any::Any;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::StreamExt;
use tracing::Instrument;

use super::{Doors, host};
use crate::{
    domain::Code,
    random,
    rest::{Refusal, excerpt},
    sse,
};

/// The header that carries a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Addresses of pages and files go to no other host. Not `no-referrer`: browsers would then send `Origin: null` from our
/// own pages.
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");
/// For a year browsers come by https alone. Subdomains are not ours to decide about.
const STRICT_TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// A refusal without a field.
pub(super) fn refusal(code: Code, message: impl Into<String>) -> Refusal {
    Refusal { code, message: message.into(), field: None, retry_after: None, headers: HeaderMap::new() }
}

/// Gives the request an id, a span and a time limit; the answer its id and safety headers; the log its line.
pub(super) async fn around(State(doors): State<Doors>, mut request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .filter(|id| is_sane(id))
        .cloned()
        .or_else(|| HeaderValue::try_from(random::hex::<8>().ok()?).ok())
        .unwrap_or(HeaderValue::from_static("none"));
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        method = excerpt(request.method().as_str()),
        path = excerpt(&path),
    );
    let started = tokio::time::Instant::now();
    let answer = match host::fault(request.version(), request.uri(), request.headers()) {
        Some(fault) => Ok(misdirected(fault, &path)),
        None => tokio::time::timeout(doors.timeout, next.run(request)).instrument(span.clone()).await,
    };
    let mut response =
        answer.unwrap_or_else(|_| refusal(Code::Timeout, "The request took too long").into_response(&path));
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    if doors.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
    }
    // A socket writes its own line, when it is closed.
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    let line = Line { span, started, status: response.status().as_u16() };
    if !sse::is_stream(response.headers()) {
        return response;
    }
    // A stream is answered when it ends, or its reader leaves.
    response.map(|body| Body::from_stream(body.into_data_stream().inspect(move |_| _ = &line)))
}

/// The refusal of a request that is not clearly for one host. The connection ends with it: what follows may have been
/// meant for another server.
fn misdirected(fault: &'static str, path: &str) -> Response {
    let mut refusal = refusal(Code::Invalid, fault);
    refusal.field = Some("host".to_owned());
    refusal.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    refusal.into_response(path)
}

/// The log's line about a request, written when this is dropped.
struct Line {
    span: tracing::Span,
    started: tokio::time::Instant,
    status: u16,
}

impl Drop for Line {
    fn drop(&mut self) {
        let (status, micros) = (self.status, micros(self.started));
        self.span.in_scope(|| tracing::info!(status, micros, "answered"));
    }
}

/// The microseconds since then.
pub(super) fn micros(started: tokio::time::Instant) -> u64 {
    u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// The answer where a handler panicked: the server goes on.
pub(super) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let cause = cause
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(cause, "a request panicked");
    refusal(Code::Internal, "Internal error").into_response("")
}

/// An id from outside goes into the log: short, and nothing that could forge a line.
fn is_sane(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
