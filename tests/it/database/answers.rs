//! Answers of PostgreSQL are lost, including the answer to a commit.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{chat, contents, unavailable};
use crate::support::{Answer, Caller, Mode, Program, Proxy, Server, TestPostgres};

async fn post_with_key(caller: &Caller, chat: &str, content: &str, key: &str) -> Answer {
    let path = format!("/api/conversations/{chat}/messages");
    let request = caller.request(reqwest::Method::POST, &path).json(&json!({ "content": content }));
    caller.send(request.header("Idempotency-Key", key)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_commit_is_unknown_and_its_key_finds_out() {
    let Some((server, proxy)) = Server::through_a_proxy(|_| {}).await else { return };
    let owner = server.member("Owner").await;
    let chat = chat(&owner, &[]).await;
    let mut expected = Vec::new();
    for (number, mode) in [Mode::LoseAnswer, Mode::LoseCommit].into_iter().enumerate() {
        let content = format!("message {number}");
        proxy.set(mode);
        let key = format!("key-{number}");
        let answer = post_with_key(&owner, &chat, &content, &key).await;
        assert_eq!(proxy.lost(), number + 1, "{}", answer.text);
        unavailable(&answer);
        assert_eq!(answer.json["code"], "OUTCOME_UNKNOWN", "{}", answer.text);
        assert!(answer.text.contains("unknown"), "{}", answer.text);
        // In one case it was stored, in the other not; after a repetition both have it once.
        let again = post_with_key(&owner, &chat, &content, &key).await;
        assert!(matches!(again.status, 200 | 201), "{} {}", again.status, again.text);
        expected.push(content);
        assert_eq!(contents(&owner, &chat).await, expected);
    }
    let mutation = "mutation($c: ID!) { postMessage(input: { conversationId: $c, content: \"graph\" }) { message { id } } }";
    proxy.set(Mode::LoseAnswer);
    let request = json!({ "query": mutation, "variables": { "c": chat } });
    let send = || async {
        let request = owner.request(reqwest::Method::POST, "/graphql").json(&request);
        owner.send(request.header("Idempotency-Key", "graph")).await
    };
    let answer = send().await;
    assert_eq!(answer.json["errors"][0]["extensions"]["code"], "OUTCOME_UNKNOWN", "{}", answer.text);
    let again = send().await;
    assert_eq!(again.json["errors"], Value::Null, "{}", again.text);
    expected.push("graph".to_owned());
    assert_eq!(contents(&owner, &chat).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_vanished_is_unavailable_until_it_is_back() {
    let through = Server::through_a_proxy(|settings| {
        settings.database_statement_timeout = 1;
        settings.database_acquire_timeout = 1;
        settings.database_connect_timeout = 1;
    });
    let Some((server, proxy)) = through.await else { return };
    let owner = server.member("Owner").await;
    let chat = chat(&owner, &[]).await;
    proxy.set(Mode::Stall);
    unavailable(&owner.get("/api/spaces").await);
    let answer = post_with_key(&owner, &chat, "lost", "lost").await;
    unavailable(&answer);
    unavailable(&owner.get("/readyz").await);
    proxy.set(Mode::Refuse);
    unavailable(&owner.get("/api/spaces").await);
    proxy.set(Mode::Pass);
    let answer = post_with_key(&owner, &chat, "lost", "lost").await;
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
    assert_eq!(contents(&owner, &chat).await, ["lost"]);
}

/// SIGTERM ends the process although its database does not answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_database_vanished_ends_when_it_is_told_to() {
    let Some(postgres) = TestPostgres::migrated().await else { return };
    let proxy = Proxy::before(&postgres.url).await;
    let folder = TempDir::new().expect("a folder");
    let settings = [
        ("PLAZA_DATABASE_STATEMENT_TIMEOUT", "1"),
        ("PLAZA_DATABASE_ACQUIRE_TIMEOUT", "1"),
        ("PLAZA_REQUEST_TIMEOUT", "8"),
    ];
    let mut program = Program::serve_with(folder.path(), &proxy.url, &settings);
    let owner = program.member("Owner").await;
    proxy.set(Mode::Stall);
    unavailable(&owner.post("/api/spaces", json!({ "name": "Lost" })).await);
    let caller = owner.clone();
    let pending =
        tokio::spawn(async move { caller.request(reqwest::Method::GET, "/api/spaces").send().await });
    let code = tokio::task::spawn_blocking(move || program.stop()).await.expect("ends");
    assert_eq!(code, Some(0));
    drop(pending.await);
}
