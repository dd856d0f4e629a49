//! GraphQL over server-sent events: a stream for each operation, and one stream for several.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::conversations::{chat, post};
use crate::support::{
    Answer, Caller, Events, Server, Single, on_both,
    single::{connect, operate, reserve, stop},
};

const EVENTS: &str = "subscription($c: ID!, $after: String) { conversationEvents(conversationId: $c, after: $after) \
                      { __typename position ... on MessageEvent { message { content } } } }";
const NAME: &str = "{ viewer { name } }";

/// A request for a separate stream.
fn streamed(caller: &Caller, path: &str, query: &str, variables: Value) -> RequestBuilder {
    let body = json!({ "query": query, "variables": variables });
    caller.request(Method::POST, path).header("accept", "text/event-stream").json(&body)
}

/// The request by GET, as a browser's `EventSource` sends it.
fn got(caller: &Caller, path: &str, query: &str, variables: &Value) -> RequestBuilder {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("query", query).append_pair("variables", &variables.to_string());
    let path = format!("{path}?{}", pairs.finish());
    caller.request(Method::GET, &path).header("accept", "text/event-stream")
}

/// Returns the content of the message in an event.
fn content(event: &Value) -> &str {
    event["data"]["conversationEvents"]["message"]["content"].as_str().unwrap_or_else(|| panic!("{event}"))
}

fn code(answer: &Answer) -> (u16, &str) {
    (
        answer.status,
        answer.json["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:?}")),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_is_one_next_and_a_complete() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let expected =
        ":\n\nevent: next\ndata: {\"data\":{\"viewer\":{\"name\":\"Alice\"}}}\n\nevent: complete\ndata: \n\n";
    for path in ["/graphql", "/graphql/stream"] {
        for request in [streamed(&alice, path, NAME, json!({})), got(&alice, path, NAME, &json!({}))] {
            let answer = alice.send(request.header("accept-encoding", "gzip")).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, expected));
            assert_eq!(answer.headers["content-type"], "text/event-stream");
            assert_eq!(answer.headers["cache-control"], "no-cache");
            assert!(!answer.headers.contains_key("content-encoding"));
        }
    }
    let create = "mutation { createSpace(input: { name: \"Once\" }) { space { name } } }";
    let answer = alice
        .send(streamed(&alice, "/graphql/stream", create, json!({})).header("idempotency-key", "k"))
        .await;
    assert!(
        answer.text.contains("{\"data\":{\"createSpace\":{\"space\":{\"name\":\"Once\"}}}}"),
        "{}",
        answer.text
    );
    let again = alice
        .send(streamed(&alice, "/graphql/stream", create, json!({})).header("idempotency-key", "k"))
        .await;
    assert_eq!(again.text, answer.text);
    let total = alice.graphql("{ viewer { spaces { totalCount } } }", json!({})).await;
    assert_eq!(total.json["data"]["viewer"]["spaces"]["totalCount"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_the_operation_is_told_on_the_stream() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { inbox { __typename } }", "UNAUTHENTICATED"),
    ] {
        let mut events = Events::of(streamed(&anon, "/graphql/stream", query, json!({}))).await;
        let next = events.expect().await;
        assert_eq!(
            (next.event.as_str(), &next.json["errors"][0]["extensions"]["code"]),
            ("next", &json!(code))
        );
        assert_eq!(events.expect().await.event, "complete");
        assert!(events.next().await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_the_request_has_its_status() {
    let server = Server::on_sqlite().await;
    let (anon, alice) = (server.anon(), server.member("Alice").await);
    let path = "/graphql/stream";
    let key = server.bearer("ari_cli_00000000000000000000000000000000");
    let events = |request: RequestBuilder| request.header("accept", "text/event-stream");
    let mutation = "mutation { signOut { deletedId } }";
    let cases = [
        (streamed(&key, path, NAME, json!({})), (401, "UNAUTHENTICATED")),
        (events(anon.request(Method::POST, path)).body("{}"), (415, "UNSUPPORTED_MEDIA_TYPE")),
        (events(anon.request(Method::POST, path)).json(&json!([{ "query": NAME }])), (400, "INVALID")),
        (events(anon.request(Method::POST, path)).json(&json!({})), (400, "INVALID")),
        (events(anon.request(Method::GET, path)), (400, "INVALID")),
        (got(&anon, path, mutation, &json!({})), (405, "METHOD_NOT_ALLOWED")),
        (anon.request(Method::PATCH, path), (405, "METHOD_NOT_ALLOWED")),
    ];
    for (request, expected) in cases {
        let answer = anon.send(request).await;
        assert_eq!(code(&answer), expected, "{}", answer.text);
    }
    let json_only = anon.send(anon.request(Method::GET, path).header("accept", "application/json")).await;
    assert_eq!(json_only.status, 406);
    // A foreign page could read the stream.
    let cookie = format!("better-auth.session_token={}", alice.token);
    let foreign = got(&anon, path, "subscription { inbox { __typename } }", &json!({}));
    let answer =
        anon.send(foreign.header("cookie", cookie).header("origin", "https://elsewhere.example")).await;
    assert_eq!(code(&answer), (403, "FORBIDDEN"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_server_ends_streams_without_completing_them() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let (_, chat) = chat(&alice).await;
    let mut distinct = Events::of(streamed(&alice, "/graphql/stream", EVENTS, json!({ "c": chat }))).await;
    distinct.expect().await;
    let mut rest = Events::open(&alice, &format!("/api/conversations/{chat}/events"), None).await;
    rest.expect().await;
    let mut single = Single::open(&alice).await.stream;
    server.app.tasks.stop();
    for stream in [&mut distinct, &mut rest, &mut single] {
        assert!(stream.next().await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_a_bounded_number_of_streams() {
    let server = Server::with(|settings| settings.connections_per_address = 1).await;
    let alice = server.member("Alice").await;
    let (_, chat) = chat(&alice).await;
    let rest = format!("/api/conversations/{chat}/events");
    let first = Events::open(&alice, &rest, None).await;
    let refused = alice.send(streamed(&alice, "/graphql/stream", NAME, json!({}))).await;
    assert_eq!(code(&refused), (429, "RATE_LIMITED"));
    let refused = alice.send(alice.request(Method::PUT, "/graphql/stream")).await;
    assert_eq!(code(&refused), (429, "RATE_LIMITED"));
    let refused = alice.get(&rest).await;
    assert_eq!((refused.status, &refused.json["code"]), (429, &json!("RATE_LIMITED")));
    drop(first);
}

fn event(name: &str, id: &str, payload: Value) -> (String, String, Value) {
    (name.to_owned(), id.to_owned(), payload)
}

on_both! {
    /// An interrupted stream resumes after the reader's last event.
    async fn a_stream_goes_on_where_it_was_cut(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let variables = json!({ "c": chat });
        let mut events = Events::of(streamed(&owner, "/graphql", EVENTS, variables.clone())).await;
        let snapshot = events.expect().await;
        assert_eq!((snapshot.event.as_str(), &snapshot.json["data"]["conversationEvents"]["position"]), ("next", &json!(snapshot.id)));
        post(&owner, &chat, "one").await;
        let one = events.expect().await;
        assert_eq!(content(&one.json), "one");
        drop(events);
        post(&owner, &chat, "two").await;
        let again = got(&owner, "/graphql/stream", EVENTS, &variables).header("last-event-id", &one.id);
        let mut events = Events::of(again).await;
        assert_eq!(content(&events.expect().await.json), "two");
        post(&owner, &chat, "three").await;
        assert_eq!(content(&events.expect().await.json), "three");
    }

    /// A reader whose right ends receives the reason and the end.
    async fn a_right_that_ends_completes_the_stream(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut events = Events::of(streamed(&owner, "/graphql", EVENTS, json!({ "c": chat }))).await;
        events.expect().await;
        owner.post_empty("/api/auth/sign-out").await;
        let last = events.expect().await;
        assert_eq!(last.json["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(events.expect().await.event, "complete");
        assert!(events.next().await.is_none());
    }

    /// One stream carries the answers of several requests.
    async fn one_stream_carries_many_operations(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut single = Single::open(&owner).await;
        assert_eq!(single.operate("live", EVENTS, json!({ "c": chat })).await.status, 202);
        let (name, id, payload) = single.told().await;
        assert_eq!((name.as_str(), id.as_str(), &payload["data"]["conversationEvents"]["__typename"]), ("next", "live", &json!("ConversationSnapshot")));
        assert_eq!(single.operate("query", NAME, json!({})).await.status, 202);
        assert_eq!(single.told().await, event("next", "query", json!({ "data": { "viewer": { "name": "Owner" } } })));
        assert_eq!(single.told().await, event("complete", "query", Value::Null));
        assert_eq!(code(&single.operate("live", NAME, json!({})).await), (409, "CONFLICT"));
        post(&owner, &chat, "one").await;
        assert_eq!(content(&single.told().await.2), "one");
        assert_eq!(stop(&owner, &single.token, "live").await.status, 200);
        post(&owner, &chat, "two").await;
        // The id is free again, and no more events of the operation arrive.
        assert_eq!(single.operate("live", NAME, json!({})).await.status, 202);
        assert_eq!(single.told().await.2["data"]["viewer"]["name"], "Owner");
        assert_eq!(single.told().await, event("complete", "live", Value::Null));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_go_on_is_answered_at_once() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let single = Single::open(&alice).await;
    for (query, expected) in [
        ("{", (400, "GRAPHQL_PARSE_FAILED")),
        ("{ nothing }", (400, "GRAPHQL_VALIDATION_FAILED")),
        (
            "subscription { conversationEvents(conversationId: \"00000000-0000-0000-0000-000000000000\") { __typename } }",
            (404, "NOT_FOUND"),
        ),
    ] {
        assert_eq!(code(&single.operate("1", query, json!({})).await), expected);
    }
    assert_eq!(code(&single.operate("", NAME, json!({})).await), (400, "INVALID"));
    assert_eq!(code(&single.operate(&"x".repeat(257), NAME, json!({})).await), (400, "INVALID"));
    assert_eq!(code(&operate(&alice, "another", "1", NAME, json!({})).await), (404, "NOT_FOUND"));
    assert_eq!(code(&stop(&alice, "another", "1").await), (404, "NOT_FOUND"));
    let nothing = alice
        .request(Method::DELETE, "/graphql/stream")
        .header("x-graphql-event-stream-token", &single.token);
    assert_eq!(code(&alice.send(nothing).await), (400, "INVALID"));
    let tokenless = alice.send(alice.request(Method::DELETE, "/graphql/stream?operationId=1")).await;
    assert_eq!(code(&tokenless), (404, "NOT_FOUND"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_belongs_to_who_reserved_it_and_is_opened_once() {
    let server = Server::on_sqlite().await;
    let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
    let token = reserve(&alice).await;
    assert_eq!(code(&bob.send(connect(&bob, &token)).await), (403, "FORBIDDEN"));
    assert_eq!(code(&operate(&bob, &token, "1", NAME, json!({})).await), (403, "FORBIDDEN"));
    assert_eq!(code(&operate(&server.anon(), &token, "1", NAME, json!({})).await), (403, "FORBIDDEN"));
    // Operations before the stream is opened wait for it. The token suffices: a browser's page needs nothing
    // else.
    assert_eq!(operate(&alice, &token, "1", NAME, json!({})).await.status, 202);
    let mut stream = Events::of(connect(&server.anon(), &token)).await;
    assert_eq!(stream.expect().await.json["payload"]["data"]["viewer"]["name"], "Alice");
    assert_eq!(code(&alice.send(connect(&alice, &token)).await), (409, "CONFLICT"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_nobody_opens_is_forgotten() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let token = reserve(&alice).await;
    server.app.clock.advance(Duration::from_secs(61));
    assert_eq!(code(&alice.send(connect(&alice, &token)).await), (404, "NOT_FOUND"));
    let token = reserve(&alice).await;
    let _stream = Events::of(connect(&alice, &token)).await;
    server.app.clock.advance(Duration::from_secs(61));
    assert_eq!(operate(&alice, &token, "1", NAME, json!({})).await.status, 202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_has_a_bounded_number_of_subscriptions() {
    let server = Server::with(|settings| settings.socket_subscriptions = 1).await;
    let alice = server.member("Alice").await;
    let single = Single::open(&alice).await;
    let inbox = "subscription { inbox { __typename } }";
    assert_eq!(single.operate("1", inbox, json!({})).await.status, 202);
    assert_eq!(code(&single.operate("2", inbox, json!({})).await), (429, "RATE_LIMITED"));
    assert_eq!(stop(&alice, &single.token, "1").await.status, 200);
    assert_eq!(single.operate("2", inbox, json!({})).await.status, 202);
}
