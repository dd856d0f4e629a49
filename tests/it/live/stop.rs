//! The program shuts down with open subscriptions and requests: all of them end, and the exit code is 0.

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use super::chat;
use crate::support::{Events, Program};

const EVENTS: &str = "subscription($c: ID!) { conversationEvents(conversationId: $c) { __typename } }";

/// After SIGTERM the server is not ready, but serves until the end of the drain or a second signal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draining_server_is_not_ready_but_serves() {
    let folder = TempDir::new().expect("a folder");
    let mut program =
        Program::serve_with(folder.path(), "sqlite://plaza.db", &[("PLAZA_DRAIN_SECONDS", "300")]);
    let owner = program.member("Owner").await;
    assert_eq!(owner.get("/readyz").await.status, 200);
    program.terminate();
    while owner.get("/readyz").await.status == 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(owner.get("/readyz").await.status, 503);
    assert_eq!(owner.get("/livez").await.status, 200);
    let made = owner.post("/api/spaces", json!({ "name": "Late" })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let code = tokio::task::spawn_blocking(move || program.stop());
    assert_eq!(code.await.expect("waits"), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listeners_are_told_when_the_server_stops() {
    let folder = TempDir::new().expect("a folder");
    let mut program = Program::serve(folder.path(), "sqlite://plaza.db");
    let owner = program.member("Owner").await;
    let room = chat(&owner, &[]).await;
    let mut rest = Events::open(&owner, &format!("/api/conversations/{room}/events"), None).await;
    let body = json!({ "query": EVENTS, "variables": { "c": room } });
    let mut stream = Events::of(owner.request(Method::POST, "/graphql/stream").json(&body)).await;
    let mut socket = program.socket().by(&owner).await;
    socket.subscribe("1", EVENTS, json!({ "c": room })).await;
    for events in [&mut rest, &mut stream] {
        events.expect().await;
    }
    socket.hear().await;
    let mut silent = program.socket().open().await;
    let told = tokio::task::spawn_blocking(move || program.stop());
    assert_eq!(socket.closed().await, (1001, "The server is stopping".into()));
    assert_eq!(silent.closed().await, (1001, "The server is stopping".into()));
    for events in [&mut rest, &mut stream] {
        assert!(events.next().await.is_none());
    }
    drop((socket, silent));
    assert_eq!(told.await.expect("waits"), Some(0));
}
