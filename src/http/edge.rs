//! Around every request: an id, a limit, a time limit, and one log line.

use std::{any::Any, num::NonZeroU32, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::StreamExt;
use governor::{Quota, RateLimiter, middleware::NoOpMiddleware, state::keyed::DashMapStateStore};
use tracing::Instrument;

use super::Doors;
use crate::{
    clock::Clock,
    config::{Settings, Switch},
    domain::Code,
    random,
    rest::Refusal,
    sse,
};

/// The header that carries a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// So many addresses are kept before those that have recovered are dropped.
const KEYS: usize = 50_000;

/// Counts requests by network address.
pub(super) struct Limiter {
    clock: Clock,
    by_address: Option<RateLimiter<String, DashMapStateStore<String>, Clock, NoOpMiddleware<Duration>>>,
}

impl Limiter {
    pub(super) fn new(clock: Clock, settings: &Settings) -> Self {
        let quota =
            NonZeroU32::new(settings.requests_per_minute).filter(|_| settings.rate_limits == Switch::On);
        let by_address = quota.map(|quota| {
            RateLimiter::new(Quota::per_minute(quota), DashMapStateStore::default(), clock.clone())
        });
        Self { clock, by_address }
    }

    /// Counts one request; refused, it says after how many seconds to come back.
    pub(super) fn count(&self, address: Option<&str>) -> Result<(), Refusal> {
        let (Some(limiter), Some(address)) = (&self.by_address, address) else { return Ok(()) };
        if limiter.len() > KEYS {
            limiter.retain_recent();
        }
        limiter.check_key(&address.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(governor::clock::Clock::now(&self.clock)).as_secs() + 1;
            Refusal {
                retry_after: Some(wait),
                ..refusal(Code::RateLimited, format!("Too many requests, try again in {wait} s"))
            }
        })
    }
}

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
        method = %request.method(),
        path,
    );
    let started = tokio::time::Instant::now();
    let answer = tokio::time::timeout(doors.timeout, next.run(request)).instrument(span.clone()).await;
    let mut response =
        answer.unwrap_or_else(|_| refusal(Code::Timeout, "The request took too long").into_response(&path));
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
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
