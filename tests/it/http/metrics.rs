//! `/metrics` of the program, as Prometheus reads it.

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Caller, Program, TestPostgres, within};

fn serve(folder: &TempDir, settings: &[(&str, &str)]) -> Program {
    let url = format!("sqlite://{}", folder.path().join("plaza.db").display());
    Program::serve_with(folder.path(), &url, settings)
}

/// Returns the value of a metric with exactly these labels.
fn value(text: &str, metric: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
    let number = line.unwrap_or_else(|| panic!("there is no {metric} in\n{text}"));
    number.parse().expect("a number")
}

async fn read(caller: &Caller) -> String {
    let answer = caller.get("/metrics").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let kind = answer.headers["content-type"].to_str().expect("text");
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    answer.text
}

#[tokio::test]
async fn requests_statements_and_sockets_are_counted() {
    let folder = TempDir::new().expect("a folder");
    let program = serve(&folder, &[]);
    let ann = program.member("Ann").await;
    for _ in 0..3 {
        assert_eq!(ann.get("/api/spaces").await.status, 200);
    }
    assert_eq!(ann.get("/api/spaces/0").await.status, 400);
    assert_eq!(ann.get("/no/such/path").await.status, 404);
    let made = ann.post("/api/spaces", json!({ "name": "Chess", "description": "A board" })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(ann.graphql("{ viewer { id } }", json!({})).await.json["data"]["viewer"]["id"].is_string());
    assert!(ann.graphql("{ viewer { wallet(x: 1) } }", json!({})).await.json["errors"].is_array());
    let text = read(&program.caller("", "")).await;
    let requests = |method: &str, route: &str, status: u16| {
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
        value(&text, &format!("plaza_http_request_duration_seconds_count{{{labels}}}"))
    };
    assert_eq!(requests("GET", "/api/spaces", 200), 3.0);
    assert_eq!(requests("POST", "/api/spaces", 201), 1.0);
    assert_eq!(requests("GET", "/api/spaces/{id}", 400), 1.0);
    assert_eq!(requests("GET", "none", 404), 1.0);
    let operations = |kind: &str, field: &str| {
        let labels = format!("kind=\"{kind}\",field=\"{field}\"");
        value(&text, &format!("plaza_graphql_operation_duration_seconds_count{{{labels}}}"))
    };
    assert_eq!(operations("query", "viewer"), 1.0);
    assert_eq!(operations("mutation", "createSpace"), 1.0);
    for metric in [
        "plaza_database_statement_duration_seconds_count{pool=\"read\"}",
        "plaza_database_statement_duration_seconds_count{pool=\"write\"}",
        "plaza_job_rounds_total{job=\"renewals\",outcome=\"ok\"}",
        "plaza_http_request_statements_count",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
        "process_cpu_seconds_total",
        "process_open_fds",
        "plaza_connections",
    ] {
        assert!(value(&text, metric) > 0.0, "{metric}");
    }
    assert_eq!(value(&text, "plaza_ledger_faults"), 0.0);
    assert!(text.ends_with("# EOF\n"), "it is whole");
    // No identity, address or text of a user is in a label.
    for secret in [&ann.id, &ann.token, &"ann@example.com".to_owned(), &"Chess".to_owned()] {
        assert!(!text.contains(secret.as_str()), "{secret}");
    }
}

/// Servers on one PostgreSQL hear each other.
#[tokio::test]
async fn the_bus_is_counted() {
    let Some(postgres) = TestPostgres::migrated().await else { return };
    let folder = TempDir::new().expect("a folder");
    let servers =
        [Program::serve(folder.path(), &postgres.url), Program::serve(folder.path(), &postgres.url)];
    for server in &servers {
        let anon = server.caller("", "");
        // Each server says within its heartbeat that it is there.
        within("a peer", async { while value(&read(&anon).await, "plaza_bus_peers") < 1.0 {} }).await;
        let text = read(&anon).await;
        assert_eq!(value(&text, "plaza_bus_shared"), 1.0);
        assert_eq!(value(&text, "plaza_bus_connected"), 1.0);
        assert!(value(&text, "plaza_bus_frames_sent_total") > 0.0);
    }
}

/// Alerts and dashboards that name a metric which does not exist would stay silent for ever.
#[test]
fn alerts_and_dashboard_name_existing_metrics() {
    const FILES: [&str; 2] = [
        include_str!("../../../deploy/monitoring/alerts.yml"),
        include_str!("../../../deploy/monitoring/grafana.json"),
    ];
    let known = plaza::metrics::metrics().names();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = FILES.iter().flat_map(|file| file.split(|c| !is_word(c)));
    let named = words.filter(|word| word.starts_with("plaza_") || word.starts_with("process_"));
    let mut count = 0;
    for name in named {
        let suffixes = ["_bucket", "_count", "_sum", "_total", "_info"];
        let family = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
        let exists = known.iter().any(|known| known == family || known == name);
        assert!(exists, "there is no metric {name}: {known:?}");
        count += 1;
    }
    assert!(count > 30, "{count} names were found");
}

#[tokio::test]
async fn only_this_machine_or_the_token_reads_them() {
    let folder = TempDir::new().expect("a folder");
    let program = serve(&folder, &[]);
    let anon = program.caller("", "");
    read(&anon).await;
    // A proxy on this machine forwards strangers.
    for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"] {
        let refused = anon.get_with("/metrics", header, "192.0.2.1").await;
        assert_eq!((refused.status, refused.json["code"].as_str()), (403, Some("FORBIDDEN")), "{header}");
    }
    drop(program);
    let program = serve(&folder, &[("PLAZA_METRICS_TOKEN", "s3cret")]);
    assert_eq!(program.caller("", "").get("/metrics").await.status, 403);
    assert_eq!(program.caller("", "wrong").get("/metrics").await.status, 403);
    let prometheus = program.caller("", "s3cret");
    read(&prometheus).await;
    let through_proxy = prometheus.request(Method::GET, "/metrics").header("X-Forwarded-For", "192.0.2.1");
    assert_eq!(prometheus.send(through_proxy).await.status, 200);
}
