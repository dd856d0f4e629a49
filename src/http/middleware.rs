//! The steps of every request: an id, a time limit, a guard against panics, and one log line.

use std::{any::Any, borrow::Cow, panic::AssertUnwindSafe};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use futures_util::{FutureExt, StreamExt};
use serde_json::json;
use tracing::Instrument;

use super::{HttpState, host, quota};
use crate::{
    database::count_statements,
    error::Code,
    metrics::{HttpRequest, metrics},
    rest::ResponseHeader,
    security::random,
    traces,
    transport::{Refusal, RouteTemplate, excerpt, sse},
};

/// Header with the id of a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Header with the id of a request's trace, while traces are exported.
pub(super) const TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");
/// Other hosts receive no addresses of pages and files. Not `no-referrer`: browsers would then send `Origin:
/// null` from our own pages.
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");
/// Browsers use HTTPS only, for a year. Subdomains are the operator's decision.
const STRICT_TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Creates a refusal without a field.
pub(super) fn refusal(code: Code, message: impl Into<String>) -> Refusal {
    Refusal { code, message: message.into(), field: None, retry_after: None, headers: HeaderMap::new() }
}

/// Describes for the OpenAPI document the headers that any answer can have.
pub(super) fn documented() -> [ResponseHeader; 3] {
    [
        ResponseHeader {
            name: "X-Request-Id",
            description: "Id of the request in the server's log: that of the request's own header if it has at most 64 letters, digits, `-`, `_` and `.`, otherwise a new one.",
            schema: json!({"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}),
            example: "6f1d7c0a9b3e2468".into(),
            required: true,
        },
        ResponseHeader {
            name: "X-Trace-Id",
            description: "Id of the trace of the request, as in `traceparent`, if the server exports traces.",
            schema: json!({"type": "string", "pattern": "^[0-9a-f]{32}$"}),
            example: "0af7651916cd43dd8448eb211c80319c".into(),
            required: false,
        },
        ResponseHeader {
            name: "Set-Cookie",
            description: "Cookies of the session and of the device, one a line, where a session begins, is extended or ends.",
            schema: json!({"type": "string"}),
            example: "better-auth.session_token=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0".into(),
            required: false,
        },
    ]
}

/// Adds an id, a span and a timeout to the request, the id and security headers to the response, and a line
/// to the log.
pub(super) async fn wrap(
    state: &HttpState,
    mut request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
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
        trace_id = tracing::field::Empty,
        method = excerpt(request.method().as_str()),
        path = excerpt(&path),
    );
    let trace = traces::continue_trace(&span, request.headers()).map(|id| id.to_string());
    if let Some(trace) = &trace {
        span.record("trace_id", trace.as_str());
        traces::set(&span, traces::REQUEST_ID, || id.to_str().unwrap_or_default().to_owned());
    }
    let started = tokio::time::Instant::now();
    let method = method(request.method());
    let (answer, remaining) = match host::fault(request.version(), request.uri(), request.headers()) {
        Some(fault) => (Ok(misdirected(fault, &path)), None),
        None => {
            let run = async {
                match AssertUnwindSafe(next(request)).catch_unwind().await {
                    Ok(response) => response,
                    Err(cause) => panicked(cause),
                }
            };
            let run = tokio::time::timeout(state.timeout, run).instrument(span.clone());
            let ((answer, remaining), usage) = count_statements(quota::observe(run)).await;
            metrics().http_request_statements.observe(usage.statements.into());
            traces::set_usage(&span, usage);
            (answer, remaining)
        }
    };
    let mut response =
        answer.unwrap_or_else(|_| refusal(Code::Timeout, "The request took too long").into_response(&path));
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    if let Some(trace) = trace.and_then(|trace| HeaderValue::try_from(trace).ok()) {
        headers.insert(TRACE_ID, trace);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    if let Some(remaining) = remaining {
        quota::write(remaining, headers);
    }
    if state.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
    }
    let template = response.extensions().get::<RouteTemplate>().map(|route| route.0.clone());
    let route = template.map_or(Cow::Borrowed("none"), Cow::Owned);
    traces::set(&span, traces::METHOD, || method);
    traces::set(&span, traces::ROUTE, || route.clone().into_owned());
    traces::set(&span, traces::STATUS, || i64::from(response.status().as_u16()));
    // A socket logs its own line when it closes.
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    let labels = HttpRequest { method, route, status: response.status().as_u16() };
    let line = RequestLog { span, started, labels };
    if !sse::is_stream(response.headers()) {
        return response;
    }
    // A stream is logged when it ends or its reader leaves.
    response.map(|body| Body::from_stream(body.into_data_stream().inspect(move |_| _ = &line)))
}

/// Refuses a request whose host is ambiguous. The connection ends with it, because what follows may have been
/// meant for another server.
fn misdirected(fault: &'static str, path: &str) -> Response {
    let mut refusal = refusal(Code::Invalid, fault);
    refusal.field = Some("host".to_owned());
    refusal.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    refusal.into_response(path)
}

/// The log line of a request, written on drop.
struct RequestLog {
    span: tracing::Span,
    started: tokio::time::Instant,
    labels: HttpRequest,
}

impl Drop for RequestLog {
    fn drop(&mut self) {
        let (status, micros) = (self.labels.status, micros(self.started));
        let seconds = self.started.elapsed().as_secs_f64();
        metrics().http_request_duration.get_or_create(&self.labels).observe(seconds);
        self.span.in_scope(|| tracing::info!(status, micros, "answered"));
    }
}

/// Returns the name of a method in metrics; clients may send any other.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Returns the elapsed microseconds.
pub(super) fn micros(started: tokio::time::Instant) -> u64 {
    u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Answers for a handler that panicked; the server continues.
pub(super) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let cause = cause
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(cause, "a request panicked");
    refusal(Code::Internal, "Internal error").into_response("")
}

/// Returns whether an id from outside may go into the log: short, and unable to forge a line.
fn is_sane(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
