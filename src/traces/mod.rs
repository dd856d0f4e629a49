//! Traces: spans of requests, operations, calls of providers and rounds of jobs, exported by OTLP.
//!
//! Without an endpoint there are no spans, and each place where one would begin reads one flag. An exported span has
//! only the attributes of a fixed list, so no text, secret or id of a user can leave with it.

mod client;
mod exporter;
mod layer;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::http::HeaderMap;
use futures_util::future::Either;
use opentelemetry::{
    Value,
    propagation::TextMapPropagator,
    trace::{TraceContextExt, TraceId},
};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::database::{Usage, count_statements};

pub use layer::Traces;

/// Method of the request.
pub const METHOD: &str = "http.request.method";
/// Template of the request's path.
pub const ROUTE: &str = "http.route";
/// Status of the answer.
pub const STATUS: &str = "http.response.status_code";
/// Id of the request, as in the log.
pub const REQUEST_ID: &str = "plaza.request_id";
/// Kind of the caller's account.
pub const ACCOUNT: &str = "plaza.account";
/// Number of statements that the work ran itself.
const STATEMENTS: &str = "plaza.database.statements";
/// Seconds that these statements took.
const DATABASE_SECONDS: &str = "plaza.database.seconds";
/// Kind of a GraphQL operation.
const OPERATION_TYPE: &str = "graphql.operation.type";
/// Name of a GraphQL operation.
pub const OPERATION_NAME: &str = "graphql.operation.name";
/// Host of a provider.
const HOST: &str = "server.address";
/// Name of a job.
const JOB: &str = "plaza.job";
/// Whether the work succeeded.
const OUTCOME: &str = "plaza.outcome";

/// The attributes that an exported span may have.
const ALLOWED: [&str; 12] = [
    METHOD,
    ROUTE,
    STATUS,
    REQUEST_ID,
    ACCOUNT,
    STATEMENTS,
    DATABASE_SECONDS,
    OPERATION_TYPE,
    OPERATION_NAME,
    HOST,
    JOB,
    OUTCOME,
];

/// Maximum number of characters of an operation's name, which comes from the client.
const LONGEST_NAME: usize = 64;

/// Whether spans are exported.
static IS_ON: AtomicBool = AtomicBool::new(false);

/// Returns whether spans are exported.
pub fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

/// Continues the trace of a request's `traceparent` in its span, or begins one. Returns the trace's id; `None` if no
/// spans are exported.
pub fn continue_trace(span: &Span, headers: &HeaderMap) -> Option<TraceId> {
    if !is_on() {
        return None;
    }
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    if parent.span().span_context().is_valid() {
        // Fails only if the span has begun, which it has not.
        let _ = span.set_parent(parent);
    }
    let id = span.context().span().span_context().trace_id();
    (id != TraceId::INVALID).then_some(id)
}

/// Sets an attribute of a span if spans are exported.
pub fn set<V: Into<Value>>(span: &Span, key: &'static str, value: impl FnOnce() -> V) {
    if is_on() {
        span.set_attribute(key, value());
    }
}

/// Sets the statements that the work of a span ran.
pub fn set_usage(span: &Span, usage: Usage) {
    set(span, STATEMENTS, || i64::from(usage.statements));
    set(span, DATABASE_SECONDS, || usage.time.as_secs_f64());
}

/// Runs a GraphQL operation in a span.
pub fn operation<F: Future>(
    kind: &'static str,
    name: Option<&str>,
    account: &'static str,
    work: F,
) -> impl Future<Output = F::Output> {
    in_span(work, move || {
        let name: String = name.unwrap_or_default().chars().take(LONGEST_NAME).collect();
        let span = tracing::info_span!("operation");
        span.set_attribute(OPERATION_TYPE, kind);
        span.set_attribute(OPERATION_NAME, name);
        span.set_attribute(ACCOUNT, account);
        span
    })
}

/// Runs a request to a provider in a span.
pub fn provider<T, E, F: Future<Output = Result<T, E>>>(
    host: &str,
    work: F,
) -> impl Future<Output = Result<T, E>> {
    in_span(with_outcome(work), move || {
        let span = tracing::info_span!("provider");
        span.set_attribute(HOST, host.to_owned());
        span
    })
}

/// Runs a round of a job in a span that begins a trace.
pub fn job<T, E, F: Future<Output = Result<T, E>>>(
    name: &'static str,
    work: F,
) -> impl Future<Output = Result<T, E>> {
    in_span(with_outcome(work), move || {
        let span = tracing::info_span!(parent: None, "job");
        span.set_attribute(JOB, name);
        span
    })
}

async fn with_outcome<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let done = work.await;
    set(&Span::current(), OUTCOME, || if done.is_ok() { "ok" } else { "failed" });
    done
}

/// Runs work in a span with the statements that it ran, if spans are exported.
fn in_span<F: Future>(work: F, span: impl FnOnce() -> Span) -> impl Future<Output = F::Output> {
    if !is_on() {
        return Either::Left(work);
    }
    let span = span();
    let counted = count_statements(work).instrument(span.clone());
    Either::Right(async move {
        let (output, usage) = counted.await;
        set_usage(&span, usage);
        output
    })
}

/// Maximum time to export the last spans at the end of the program.
const LAST_EXPORT: Duration = Duration::from_secs(3);
