//! Traces reach an OTLP server, continue those of clients, and carry no secret.

use std::io::Read;

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as Attribute,
    trace::v1::Span,
};
use prost::Message;
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::support::Program;

/// The trace and span of a client.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";
/// The password of each account of the tests.
const PASSWORD: &str = "a long password";
const MESSAGE: &str = "meet me behind the lighthouse";

/// An OTLP server on this machine.
struct Collector {
    url: String,
    received: UnboundedReceiver<Bytes>,
}

impl Collector {
    async fn start() -> Self {
        let (sender, received) = unbounded_channel();
        let router = Router::new().route("/v1/traces", post(receive)).with_state(sender);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, received }
    }

    /// Returns the spans of all exports so far, and their bytes.
    fn spans(&mut self) -> (Vec<Span>, Vec<u8>) {
        let (mut spans, mut bytes) = (Vec::new(), Vec::new());
        while let Ok(export) = self.received.try_recv() {
            bytes.extend_from_slice(&export);
            let export = ExportTraceServiceRequest::decode(export).expect("protobuf");
            let scopes = export.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
            spans.extend(scopes.flat_map(|scope| scope.spans));
        }
        (spans, bytes)
    }
}

async fn receive(State(sender): State<UnboundedSender<Bytes>>, body: Bytes) -> StatusCode {
    sender.send(body).map_or(StatusCode::GONE, |()| StatusCode::OK)
}

/// Returns an attribute as text.
fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|attribute| attribute.key == key);
    match found.and_then(|found| found.value.as_ref()?.value.as_ref()) {
        Some(Attribute::StringValue(text)) => text.clone(),
        Some(Attribute::IntValue(number)) => number.to_string(),
        Some(Attribute::DoubleValue(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the span of this name in the client's trace.
fn find<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    let found = spans.iter().find(|span| span.name == name && hex(&span.trace_id) == TRACE);
    found.unwrap_or_else(|| panic!("{name} in {names:?}"))
}

fn serve(folder: &TempDir, endpoint: &str) -> Program {
    let database = format!("sqlite://{}/plaza.db", folder.path().display());
    Program::serve_with(folder.path(), &database, &[("PLAZA_OTLP_ENDPOINT", endpoint)])
}

fn traceparent() -> String {
    format!("00-{TRACE}-{PARENT}-01")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_of_every_door_are_traced_without_secrets() {
    let (mut collector, folder) = (Collector::start().await, TempDir::new().expect("a folder"));
    let mut program = serve(&folder, &collector.url);
    let ann = program.member("Ann").await;
    let new = ann.request(Method::POST, "/api/spaces").header("traceparent", traceparent());
    let space = ann.send(new.json(&json!({ "name": MESSAGE }))).await;
    assert_eq!(
        (space.status, space.headers["x-trace-id"].to_str().ok()),
        (201, Some(TRACE)),
        "{}",
        space.text
    );
    let body = json!({ "query": "query Who($text: String) { viewer { name } spaces(search: $text) { totalCount } }",
        "operationName": "Who", "variables": { "text": MESSAGE } });
    let asked = ann.request(Method::POST, "/graphql").header("traceparent", traceparent());
    let answer = ann.send(asked.header("x-request-id", "ask-1").json(&body)).await;
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    assert_eq!(answer.headers["x-trace-id"], TRACE);
    let missing = ann.get("/api/spaces/00000000-0000-0000-0000-000000000000").await;
    assert_ne!(missing.headers["x-trace-id"], TRACE, "a trace of its own");
    let mut socket = program.socket().with("traceparent", &traceparent()).by(&ann).await;
    assert_eq!(socket.ask("1", "query OnSocket { viewer { name } }", json!({})).await.0, "next");
    drop(socket);
    assert_eq!(program.stop(), Some(0));

    let (spans, bytes) = collector.spans();
    let created = find(&spans, "POST /api/spaces");
    assert_eq!(hex(&created.parent_span_id), PARENT);
    assert_eq!(attribute(created, "http.response.status_code"), "201");
    assert_eq!(attribute(created, "plaza.account"), "user");
    assert_ne!(attribute(created, "plaza.database.statements"), "0");
    assert!(attribute(created, "plaza.database.seconds").parse::<f64>().expect("seconds") > 0.0);
    let request = find(&spans, "POST /graphql");
    assert_eq!(attribute(request, "plaza.request_id"), "ask-1");
    let operation = find(&spans, "query Who");
    assert_eq!(operation.parent_span_id, request.span_id);
    let upgrade = find(&spans, "GET /graphql/ws");
    assert_eq!(attribute(upgrade, "http.response.status_code"), "101");
    assert_eq!(find(&spans, "query OnSocket").parent_span_id, upgrade.span_id);
    let refused = spans.iter().find(|span| attribute(span, "http.response.status_code") == "404");
    assert_eq!(refused.expect("the refusal").name, "GET /api/spaces/{id}");
    assert!(spans.iter().any(|span| span.name == "ledger" && span.parent_span_id.is_empty()), "a job");

    for secret in [PASSWORD, MESSAGE, &ann.token, &ann.id, "ann@example.com", "127.0.0.1"] {
        assert!(!secret.is_empty());
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is exported");
    }
    let mut log = String::new();
    let file = std::fs::File::open(folder.path().join("plaza.log"));
    file.expect("a log").read_to_string(&mut log).expect("text");
    let line = log.lines().find(|line| line.contains("ask-1")).expect("a line of the request");
    assert!(line.contains(TRACE), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_endpoint_there_are_no_traces() {
    let folder = TempDir::new().expect("a folder");
    let program = serve(&folder, "");
    let anon = program.caller("", "");
    let answer = anon.get_with("/api/spaces", "traceparent", &traceparent()).await;
    assert_eq!((answer.status, answer.headers.contains_key("x-trace-id")), (200, false));
}

/// The listener accepts connections in its backlog, and no program reads from them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_does_not_answer_delays_nothing() {
    let folder = TempDir::new().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let mut program = serve(&folder, &url);
    assert_eq!(program.caller("", "").get("/api/spaces").await.status, 200);
    let began = std::time::Instant::now();
    assert_eq!(program.stop(), Some(0));
    // Three seconds for the last export, before the ten of a request to the collector.
    assert!(began.elapsed().as_secs() < 9, "{:?}", began.elapsed());
    drop(listener);
}
