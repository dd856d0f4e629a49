//! The headers of the rate limit, which REST and GraphQL share.

use plaza::config::Switch;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Server};

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
