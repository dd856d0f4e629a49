//! Answers without a reader: the memory that they keep is bounded.

use plaza::config::Settings;
use serde_json::{Value, json};

use super::Wire;
use crate::support::{Answer, Caller, Server, within};

/// A query with an answer of 6 MB, more than the system buffers for a peer that does not read.
const LARGE: &str =
    "{ a: spaces(limit: 50) { nodes { definition } } b: spaces(limit: 50) { nodes { definition } } }";

async fn serve() -> (Server, Caller) {
    let settings = |settings: &mut Settings| settings.answer_memory_bytes = settings.response_bytes;
    let server = Server::with(settings).await;
    let owner = server.member("Owner").await;
    for number in 0..50 {
        let body = json!({ "name": format!("Space {number}"), "definition": { "text": "a".repeat(62_000) } });
        assert_eq!(owner.post("/api/spaces", body).await.status, 201);
    }
    (server, owner)
}

#[track_caller]
fn refused(answer: &Answer) {
    let code = &answer.json["errors"][0]["extensions"];
    let code = if code.is_null() { &answer.json["code"] } else { &code["code"] };
    assert_eq!(code, "UNAVAILABLE", "{}", answer.text);
}

/// Waits until requests are answered again, because the server learns of a closed connection by itself.
async fn recovers(caller: &Caller) {
    within("an answer", async { while caller.get("/api/wallet/balance").await.status == 503 {} }).await;
    assert_eq!(caller.get("/api/wallet/balance").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_wait_for_unread_answers() {
    let (server, owner) = serve().await;
    let body = json!({ "query": LARGE }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut unread = Vec::new();
    for _ in 0..2 {
        let mut wire = Wire::send(&server, &head).await;
        // The head arrives when the answer is in memory.
        assert!(wire.read().await);
        unread.push(wire);
    }
    let answer = owner.get("/api/wallet/balance").await;
    refused(&answer);
    assert_eq!((answer.status, answer.headers["retry-after"].to_str().ok()), (503, Some("2")));
    refused(&owner.graphql("{ viewer { id } }", Value::Null).await);
    assert_eq!(owner.get("/readyz").await.status, 200);
    drop(unread);
    recovers(&owner).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_wait_for_unread_answers() {
    let (server, owner) = serve().await;
    let mut socket = server.socket().open().await;
    socket.init(Value::Null).await;
    for number in 0..8 {
        socket.subscribe(&number.to_string(), LARGE, Value::Null).await;
    }
    within("a refusal", async { while owner.get("/api/wallet/balance").await.status != 503 {} }).await;
    drop(socket);
    recovers(&owner).await;
}
