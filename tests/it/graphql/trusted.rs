//! Trusted documents: only those of the manifest run, through every door of GraphQL.

use plaza::{config::Settings, security::random::sha256_hex};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Answer, Server, on_both};

const NAME: &str = "query Name { viewer { name } }";
const EVENTS: &str = "subscription Events($c: ID!) { conversationEvents(conversationId: $c) { __typename } }";
const OTHER: &str = "query Other { viewer { id } }";

fn apollo(id: &str, name: &str, body: &str) -> Value {
    let operation = json!({ "id": id, "name": name, "type": "query", "body": body });
    json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation] })
}

/// Writes a manifest into the folder and returns a change of the settings to it.
fn trust(folder: &TempDir, manifest: &Value) -> impl FnOnce(&mut Settings) {
    let file = folder.path().join("manifest.json");
    std::fs::write(&file, manifest.to_string()).expect("a file");
    move |settings| settings.trusted_documents = file
}

fn code(answer: &Answer) -> &Value {
    &answer.json["errors"][0]["extensions"]["code"]
}

on_both! {
    /// The manifest applies to GraphQL clients only: REST runs its own documents.
    async fn rest_is_unaffected(server: Server) {
        let folder = TempDir::new().expect("a folder");
        let trusting = Server::with(trust(&folder, &json!({}))).await;
        for server in [&server, &trusting] {
            let alice = server.member("Alice").await;
            assert_eq!(alice.get("/api/spaces").await.status, 200);
        }
        let refused = trusting.anon().graphql(NAME, json!({})).await;
        assert_eq!(code(&refused), "DOCUMENT_NOT_TRUSTED", "{}", refused.text);
        let untrusting = server.anon().graphql(NAME, json!({})).await;
        assert!(untrusting.json["errors"].is_null(), "{}", untrusting.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_named_by_id_hash_or_text() {
    let hash = sha256_hex(NAME);
    for (id, manifest) in
        [("sha1-of-codegen", json!({ "sha1-of-codegen": NAME })), ("name-1", apollo("name-1", "Name", NAME))]
    {
        let folder = TempDir::new().expect("a folder");
        let server = Server::with(trust(&folder, &manifest)).await;
        let alice = server.member("Alice").await;
        let persisted =
            |id: &str| json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": id } } });
        let bodies = [
            json!({ "query": NAME }),
            json!({ "query": NAME, "extensions": persisted(id)["extensions"] }),
            json!({ "documentId": id }),
            json!({ "documentId": format!("sha256:{hash}") }),
            persisted(id),
            persisted(&hash),
        ];
        for body in bodies {
            let answer = alice.post("/graphql", body.clone()).await;
            assert_eq!(answer.json["data"]["viewer"]["name"], "Alice", "{body}: {}", answer.text);
        }
        for body in [
            json!({ "query": OTHER }),
            json!({ "query": "{ __schema { queryType { name } } }" }),
            json!({ "query": OTHER, "documentId": id }),
            json!({ "documentId": "other" }),
            persisted(&sha256_hex(OTHER)),
        ] {
            let answer = alice.post("/graphql", body.clone()).await;
            assert_eq!(code(&answer), "DOCUMENT_NOT_TRUSTED", "{body}: {}", answer.text);
        }
        let batch = alice.post("/graphql", json!([{ "documentId": id }, { "query": OTHER }])).await;
        assert_eq!(batch.json[0]["data"]["viewer"]["name"], "Alice", "{}", batch.text);
        assert_eq!(
            batch.json[1]["errors"][0]["extensions"]["code"], "DOCUMENT_NOT_TRUSTED",
            "{}",
            batch.text
        );
        let got = alice.get(&format!("/graphql?documentId={id}")).await;
        assert_eq!(got.json["data"]["viewer"]["name"], "Alice", "{}", got.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_and_streams_run_trusted_documents_only() {
    let folder = TempDir::new().expect("a folder");
    let server = Server::with(trust(&folder, &json!({ "name": NAME, "events": EVENTS }))).await;
    let alice = server.member("Alice").await;
    let mut socket = server.socket().by(&alice).await;
    let subscribe = |payload: Value| json!({ "id": "1", "type": "subscribe", "payload": payload });
    for payload in [json!({ "query": OTHER }), json!({ "documentId": "other" })] {
        socket.say(subscribe(payload)).await;
        assert_eq!(socket.hear().await["payload"][0]["extensions"]["code"], "DOCUMENT_NOT_TRUSTED");
    }
    for payload in [json!({ "query": NAME }), json!({ "documentId": "name" })] {
        socket.say(subscribe(payload)).await;
        assert_eq!(socket.hear().await["payload"]["data"]["viewer"]["name"], "Alice");
        assert_eq!(socket.hear().await["type"], "complete");
    }
    // A trusted subscription reaches its own refusal.
    let missing = json!({ "c": "00000000-0000-7000-8000-000000000000" });
    socket.say(subscribe(json!({ "documentId": "events", "variables": missing }))).await;
    assert_eq!(socket.hear().await["payload"][0]["extensions"]["code"], "NOT_FOUND");
    for path in ["/graphql", "/graphql/stream"] {
        let stream = async |body: Value| {
            let request = alice.request(Method::POST, path).header("accept", "text/event-stream").json(&body);
            alice.send(request).await.text
        };
        let trusted = stream(json!({ "documentId": "name" })).await;
        assert!(trusted.contains(r#"{"viewer":{"name":"Alice"}}"#), "{trusted}");
        for body in [json!({ "query": OTHER }), json!({ "documentId": "other" })] {
            let refused = stream(body).await;
            assert!(refused.contains("DOCUMENT_NOT_TRUSTED"), "{refused}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invalid_manifest_stops_the_start() {
    let folder = TempDir::new().expect("a folder");
    let server = Server::on_sqlite().await;
    let many = (0..2000).map(|n| format!("f{n}: viewer {{ id }} ")).collect::<String>();
    let mut twice = apollo("one", "Name", NAME);
    let second = json!({ "id": "one", "name": "Other", "type": "query", "body": OTHER });
    twice["operations"].as_array_mut().expect("a list").push(second);
    for (manifest, expected) in [
        (json!([]), "neither"),
        (json!({ "h1": 1 }), "neither"),
        (json!({ "h1": "query {" }), "h1"),
        (json!({ "h1": "{ nothing }" }), "nothing"),
        (json!({ "h1": format!("{{ {many} }}") }), "h1"),
        (json!({ "format": "other", "version": 1, "operations": [] }), "other"),
        (apollo("one", "Missing", NAME), "one: the document has no operation Missing"),
        (twice, "one is the id of two documents"),
    ] {
        let mut settings = Settings::default();
        trust(&folder, &manifest)(&mut settings);
        let error = plaza::http::pipeline(&server.app, &settings).map(drop).expect_err("a refusal");
        let text = format!("{error:#}");
        assert!(text.contains("manifest.json") && text.contains(expected), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cost_is_shown_on_request() {
    let server = Server::with(|settings| settings.query_complexity = 700).await;
    let anon = server.anon();
    let plain = anon.graphql("{ viewer { id name } }", json!({})).await;
    assert!(plain.json["extensions"].is_null(), "{}", plain.text);
    let cost = async |query: &str| {
        let request = anon.request(Method::POST, "/graphql").header("graphql-cost", "1");
        let answer = anon.send(request.json(&json!({ "query": query }))).await;
        answer.json["extensions"]["cost"].clone()
    };
    assert_eq!(cost("{ viewer { id name } }").await, json!({ "requested": 3, "limit": 700 }));
    let (few, many) = (
        cost("{ spaces(first: 2) { nodes { id } } }").await,
        cost("{ spaces(first: 9) { nodes { id } } }").await,
    );
    assert!(few["requested"].as_u64() < many["requested"].as_u64(), "{few} {many}");
}
