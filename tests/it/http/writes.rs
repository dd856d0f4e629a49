//! Bytes that an account writes are limited at every door.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Server;

/// Each account has its own limit for all doors; a refusal says when to try again, and nothing is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_writes_a_bounded_number_of_bytes() {
    let server = Server::with(|settings| settings.write_bytes_per_minute = 60_000).await;
    let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
    let space = |text: &str| json!({ "name": "Big", "description": text.repeat(5000) });
    for _ in 0..11 {
        assert_eq!(alice.post("/api/spaces", space("x")).await.status, 201);
    }
    let refused = alice.post("/api/spaces", space("x")).await;
    assert_eq!((refused.status, &refused.json["code"]), (429, &json!("RATE_LIMITED")), "{}", refused.text);
    let wait: u64 = refused.headers["retry-after"].to_str().expect("text").parse().expect("a number");
    assert!((1..=60).contains(&wait), "{wait}");
    let create =
        "mutation($d: String) { createSpace(input: { name: \"n\", description: $d }) { space { id } } }";
    let literal = create.replace("($d: String)", "").replace("$d", &format!("\"{}\"", "y".repeat(5000)));
    for (query, variables) in [(create, json!({ "d": "y".repeat(5000) })), (literal.as_str(), Value::Null)] {
        let refused = alice.graphql(query, variables).await;
        let extensions = &refused.json["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "RATE_LIMITED", "{}", refused.text);
        assert!(extensions["retryAfter"].as_u64().is_some_and(|wait| wait > 0), "{}", refused.text);
    }
    let mut socket = server.socket().by(&alice).await;
    socket.subscribe("1", create, json!({ "d": "y".repeat(5000) })).await;
    let told = socket.hear().await;
    assert_eq!(told["payload"]["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{told}");
    let before = alice.get("/api/creator/spaces").await.json["total"].clone();
    assert_eq!(bob.post("/api/spaces", space("x")).await.status, 201, "another account has its own budget");
    assert_eq!(alice.get("/api/spaces").await.status, 200, "reading is not counted");
    server.app.clock.advance(Duration::from_secs(wait + 1));
    assert_eq!(alice.post("/api/spaces", space("x")).await.status, 201);
    assert!(alice.get("/api/creator/spaces").await.json["total"].as_u64() > before.as_u64());
}
