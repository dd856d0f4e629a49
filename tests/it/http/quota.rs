//! The headers of the rate limit, which REST and GraphQL share.

use plaza::config::Switch;
use reqwest::Method;
use serde_json::json;

use crate::support::{
    Answer, Server,
    contract::{OPENAPI, routes},
};

fn quota(answer: &Answer) -> (&str, &str) {
    let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().expect("text"));
    (header("ratelimit-policy"), header("ratelimit"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_doors_count_down_one_quota() {
    let server = Server::with(|settings| {
        settings.requests_per_minute = 4;
        settings.allowed_origins = vec!["https://elsewhere.example".to_owned()];
    })
    .await;
    let anon = server.anon();
    let policy = "\"requests\";q=4;w=60";
    let rest = anon.get_with("/api/spaces", "origin", "https://elsewhere.example").await;
    assert_eq!(quota(&rest), (policy, "\"requests\";r=3;t=15"));
    let exposed = rest.headers["access-control-expose-headers"].to_str().expect("text");
    assert!(exposed.contains("ratelimit,ratelimit-policy"), "{exposed}");
    let graphql = anon.graphql("{ __typename }", json!({})).await;
    assert_eq!(quota(&graphql), (policy, "\"requests\";r=2;t=30"));
    let refused = anon.get("/api/wallet/balance").await;
    assert_eq!((refused.status, quota(&refused)), (401, (policy, "\"requests\";r=1;t=45")));
    let streamed = anon.request(Method::POST, "/graphql/stream").json(&json!({ "query": "{ __typename }" }));
    assert_eq!(quota(&anon.send(streamed).await), (policy, "\"requests\";r=0;t=60"));
    for answer in [anon.get("/api/spaces").await, anon.graphql("{ __typename }", json!({})).await] {
        assert_eq!((answer.status, quota(&answer)), (429, (policy, "\"requests\";r=0;t=60")));
    }
    // Pages and files are not counted.
    assert_eq!(quota(&anon.get("/livez").await), ("", ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_limits_there_is_no_quota() {
    let server = Server::with(|settings| settings.rate_limits = Switch::Off).await;
    assert_eq!(quota(&server.anon().get("/api/spaces").await), ("", ""));
}

/// Returns the names of the headers that the OpenAPI document declares for an answer.
fn declared(path: &str, method: &str, status: &str) -> Vec<&'static str> {
    let headers = &OPENAPI["paths"][path][method]["responses"][status]["headers"];
    headers.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// The document declares the headers that answers have, each once. Every answer of every test is compared with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_declares_what_is_sent() {
    let server = Server::with(|settings| settings.requests_per_minute = 5).await;
    let anon = server.anon();
    let body = json!({ "email": "a@example.com", "password": "a long password", "name": "Ann" });
    let sent = [
        ("/api/spaces", "get", anon.get("/api/spaces").await),
        ("/api/wallet/balance", "get", anon.get("/api/wallet/balance").await),
        ("/api/auth/sign-up/email", "post", anon.post("/api/auth/sign-up/email", body).await),
    ];
    for (path, method, answer) in &sent {
        let mut wanted = declared(path, method, &answer.status.to_string());
        // Only a server that exports traces sends it.
        wanted.retain(|name| *name != "X-Trace-Id");
        if *path != "/api/auth/sign-up/email" {
            // A cookie is sent where a session begins, is extended or ends.
            wanted.retain(|name| *name != "Set-Cookie");
        }
        assert!(wanted.len() >= 3, "{path}: {wanted:?}");
        let missing: Vec<_> = wanted.iter().filter(|name| !answer.headers.contains_key(**name)).collect();
        assert!(missing.is_empty(), "{path} {}: no {missing:?} in {:?}", answer.status, answer.headers);
    }
    anon.get("/api/spaces").await;
    anon.get("/api/spaces").await;
    let refused = anon.get("/api/spaces").await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!(declared("/api/spaces", "get", "429").contains(&"Retry-After"));
    assert_eq!(refused.headers["retry-after"], "13");
    assert!(!declared("/api/spaces", "get", "400").contains(&"Retry-After"));
    let components = OPENAPI["components"]["headers"].as_object().expect("components");
    for (name, header) in components {
        assert!(
            header["description"].is_string() && header["schema"]["type"].is_string(),
            "{name} says nothing"
        );
    }
    for (path, _, operation) in routes() {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            for (name, header) in response["headers"].as_object().into_iter().flatten() {
                let once = json!({ "$ref": format!("#/components/headers/{name}") });
                assert!(
                    components.contains_key(name) && *header == once,
                    "{path} {status}: {name} is declared apart"
                );
            }
        }
    }
}
