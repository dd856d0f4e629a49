//! Bodies that are missing, slow or unwanted.

use entity::user;
use futures_util::future::join_all;
use plaza::domain::accounts;
use sea_orm::EntityTrait;
use serde_json::json;

use super::{Wire, head};
use crate::support::{Caller, Server};

fn signed_in(caller: &Caller) -> String {
    format!("Authorization: Bearer {}", caller.token)
}

const JSON: &str = "Content-Type: application/json";
const ANNOUNCED: &str = "Content-Length: 500000";

/// A request that is refused without its body is refused before the body arrives.
#[tokio::test]
async fn refusals_do_not_wait_for_a_body() {
    let server = Server::on_sqlite().await;
    let (alice, banned) = (server.member("Alice").await, server.member("Banned").await);
    let token = signed_in(&alice);
    let user = user::Entity::find_by_id(&banned.id).one(server.app.db.read()).await.expect("reads");
    accounts::set_ban(&server.app, &user.expect("is there"), Some("spam".to_owned())).await.expect("bans");
    let (banned, cookie) = (signed_in(&banned), format!("Cookie: better-auth.session_token={}", alice.token));
    let huge = "Content-Length: 99999999";
    for (first, lines, wanted) in [
        ("POST /api/nothing", vec![JSON, ANNOUNCED], (404, "NOT_FOUND")),
        ("DELETE /api/spaces", vec![JSON, ANNOUNCED], (405, "METHOD_NOT_ALLOWED")),
        ("POST /api/spaces", vec![JSON, huge], (413, "PAYLOAD_TOO_LARGE")),
        ("POST /api/spaces", vec![JSON, ANNOUNCED], (401, "UNAUTHENTICATED")),
        ("POST /api/spaces", vec![JSON, ANNOUNCED, "Expect: 100-continue"], (401, "UNAUTHENTICATED")),
        ("POST /api/spaces", vec![JSON, huge, "Expect: 100-continue"], (413, "PAYLOAD_TOO_LARGE")),
        ("POST /api/spaces", vec![JSON, "Transfer-Encoding: chunked"], (401, "UNAUTHENTICATED")),
        ("POST /api/spaces", vec![JSON, ANNOUNCED, &banned], (403, "ACCOUNT_BANNED")),
        ("PUT /api/admin/verification-requests/x", vec![JSON, ANNOUNCED, &token], (403, "FORBIDDEN")),
        (
            "POST /api/spaces",
            vec![JSON, ANNOUNCED, &cookie, "Origin: https://evil.example"],
            (403, "FORBIDDEN"),
        ),
        (
            "POST /api/spaces",
            vec!["Content-Type: text/plain", ANNOUNCED, &token],
            (415, "UNSUPPORTED_MEDIA_TYPE"),
        ),
        ("PUT /api/spaces/%zz", vec![JSON, ANNOUNCED, &token], (400, "INVALID")),
        ("POST /graphql", vec![JSON, huge], (413, "PAYLOAD_TOO_LARGE")),
        ("POST /graphql", vec!["Content-Type: text/plain", ANNOUNCED], (415, "UNSUPPORTED_MEDIA_TYPE")),
        (
            "POST /graphql",
            vec!["Content-Type: multipart/form-data; boundary=x", ANNOUNCED],
            (403, "FORBIDDEN"),
        ),
        ("POST /graphql", vec![JSON, "Content-Length: 2000000"], (413, "PAYLOAD_TOO_LARGE")),
        ("POST /graphql", vec![JSON, ANNOUNCED, &cookie, "Origin: https://evil.example"], (403, "FORBIDDEN")),
        (
            "POST /graphql/stream",
            vec![JSON, ANNOUNCED, &cookie, "Origin: https://evil.example"],
            (403, "FORBIDDEN"),
        ),
        (
            "POST /graphql/stream",
            vec!["Content-Type: text/plain", ANNOUNCED],
            (415, "UNSUPPORTED_MEDIA_TYPE"),
        ),
    ] {
        let refused = Wire::ask(&server, head(first, &lines)).await;
        assert_eq!((refused.status, refused.code().as_str()), wanted, "{first} {lines:?}: {}", refused.body);
    }
}

/// The rate limit is checked before the body.
#[tokio::test]
async fn a_limited_caller_sends_no_body() {
    let server = Server::with(|settings| settings.requests_per_minute = 1).await;
    assert_eq!(Wire::ask(&server, head("GET /api/spaces", &[])).await.status, 200);
    for path in ["/api/auth/sign-in/email", "/graphql", "/graphql/stream"] {
        let refused = Wire::ask(&server, head(&format!("POST {path}"), &[JSON, ANNOUNCED])).await;
        assert_eq!((refused.status, refused.code().as_str()), (429, "RATE_LIMITED"), "{path}");
        assert!(refused.head.contains("retry-after: "), "{}", refused.head);
    }
}

/// A body without progress is refused with 408, on every path.
#[tokio::test]
async fn a_slow_body_is_given_up() {
    let server = Server::with(|settings| settings.body_timeout = 1).await;
    let alice = server.member("Alice").await;
    let token = signed_in(&alice);
    let begun = [(ANNOUNCED, "{"), ("Transfer-Encoding: chunked", "1\r\n{\r\n"), (ANNOUNCED, "")];
    let paths = ["/api/spaces", "/graphql", "/graphql/stream"];
    let cases = paths.into_iter().flat_map(|path| begun.map(|(length, begun)| (path, length, begun)));
    let (server, token) = (&server, &token);
    join_all(cases.map(|(path, length, begun)| async move {
        let mut wire = Wire::send(server, head(&format!("POST {path}"), &[JSON, length, token])).await;
        wire.write(begun).await;
        let refused = wire.answer().await;
        assert_eq!((refused.status, refused.code().as_str()), (408, "REQUEST_TIMEOUT"), "{path} {length}");
        wire.closed().await;
    }))
    .await;
}

/// A body is requested (100 Continue) after the checks before it.
#[tokio::test]
async fn a_wanted_body_is_asked_for() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let body = r#"{"name":"Asked"}"#;
    let length = format!("Content-Length: {}", body.len());
    let lines = [JSON, &length, &signed_in(&alice), "Expect: 100-continue"];
    let mut wire = Wire::send(&server, head("POST /api/spaces", &lines)).await;
    assert_eq!(wire.answer().await.status, 100);
    wire.write(body).await;
    assert_eq!(wire.answer().await.status, 201);
}

/// JSON has at most 1 MiB; on GraphQL, signed-in users have more for long texts, and forms have a separate
/// limit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sizes_are_those_of_the_settings() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let padded =
        |length: usize| json!({ "query": "{ __typename }", "variables": {}, "padding": "x".repeat(length) });
    let (one, three, five) = (1 << 20, 3 << 20, 5 << 20);
    assert_eq!(server.anon().post("/graphql", padded(one - 1000)).await.status, 200);
    assert_eq!(server.anon().post("/graphql", padded(one)).await.status, 413);
    assert_eq!(alice.post("/graphql", padded(three)).await.status, 200);
    assert_eq!(alice.post("/graphql", padded(five)).await.status, 413);
    let create = |length: usize| json!({ "name": "One", "padding": "x".repeat(length) });
    assert_eq!(alice.post("/api/spaces", create(one - 1000)).await.status, 201);
    assert_eq!(alice.post("/api/spaces", create(one)).await.status, 413);
    let texts = vec![json!({ "title": "t", "text": "漢".repeat(499_999) })];
    let create = "mutation($k: [AgentKnowledgeInput!]) { createAgentListing(input: { agentName: \"A\", knowledge: $k }) { agentListing { id } } }";
    let made = alice.graphql(create, json!({ "k": texts })).await;
    assert!(made.json["data"]["createAgentListing"]["agentListing"]["id"].is_string(), "{}", made.text);
}

/// A form of thousands of parts is refused.
#[tokio::test]
async fn a_form_of_many_parts_is_refused() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n1\r\n");
    let many: String = (0..5000).map(|number| part(&number.to_string())).collect();
    for (form, wanted) in [(many, 413), (part(&"n".repeat(300)), 400), (part("operations"), 400)] {
        let request =
            alice.request(reqwest::Method::POST, "/graphql").header("graphql-require-preflight", "1");
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        let answer = alice.send(request.body(format!("{form}--x--\r\n"))).await;
        assert_eq!(answer.status, wanted, "{}", answer.text);
        assert!(answer.text.len() < 1000, "{}", answer.text.len());
    }
}
