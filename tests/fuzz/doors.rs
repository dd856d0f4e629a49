//! The transports of a running server: REST, GraphQL over HTTP, forms, and WebSockets.

use std::{
    panic,
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::{SinkExt, StreamExt};
use plaza::config::Settings;
use reqwest::Method;
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::{
    random::{Random, attempt, seeds},
    support::{Caller, Server},
};

const JSON: &[&str] = &[
    "{\"name\": \"Chess\", \"description\": \"a\", \"tags\": [\"x\"], \"isPublic\": true, \"definition\": {\"a\": [1]}}",
    "{\"email\": \"a@example.com\", \"password\": \"a long password\", \"name\": \"A\"}",
    "{\"name\": \"Club\", \"type\": \"club\", \"joinFee\": 3, \"csMode\": \"hybrid\"}",
    "{\"content\": \"Hello\", \"clientKey\": \"k\", \"replyToId\": null}",
    "{\"query\": \"query($n: Int) { spaces(first: $n) { nodes { id name } } }\", \"variables\": {\"n\": 3}}",
    "[{\"query\": \"{ __typename }\"}, {\"query\": \"{ viewer { name } }\", \"operationName\": null}]",
    "{\"query\": \"\", \"extensions\": {\"persistedQuery\": {\"version\": 1, \"sha256Hash\": \"00\"}}}",
];

const SOCKET: &[&str] = &[
    "{\"type\": \"ping\", \"payload\": {\"a\": 1}}",
    "{\"id\": \"1\", \"type\": \"subscribe\", \"payload\": {\"query\": \"{ __typename }\", \"variables\": {}}}",
    "{\"id\": \"2\", \"type\": \"subscribe\", \"payload\": {\"query\": \"subscription { inbox { whole } }\"}}",
    "{\"id\": \"2\", \"type\": \"complete\"}",
    "{\"type\": \"connection_init\", \"payload\": {\"token\": \"x\"}}",
];

const WORDS: &[&str] = &[
    "null",
    "true",
    "-1",
    "1e999",
    "99999999999999999999",
    "\"\"",
    "[]",
    "{}",
    "\\u0000",
    "\\ud800",
    "\u{202e}",
    "\u{0}",
    "\"name\"",
    "\"type\"",
    "\"id\"",
    "\"payload\"",
    "{\"a\":",
    "[[[[[[",
    "\"query\"",
    "\"variables\"",
    "é",
    "%",
    "%00",
    "00000000-0000-0000-0000-000000000000",
    "2026-13-45T99:99:99Z",
    "?page=0&limit=-1",
    "&before=x",
    "/",
];

const PATHS: &[&str] = &[
    "/api/spaces?page=1&limit=20&search=a&category=b",
    "/api/spaces/00000000-0000-0000-0000-000000000000/sessions",
    "/api/communities?type=club&sort=popular&search=a&limit=5",
    "/api/communities/00000000-0000-0000-0000-000000000000/members?role=member&limit=2&offset=1",
    "/api/communities/00000000-0000-0000-0000-000000000000/messages?before=2026-01-01T00:00:00Z&limit=5",
    "/api/communities/00000000-0000-0000-0000-000000000000/join",
    "/api/conversations",
    "/api/conversations/00000000-0000-0000-0000-000000000000/messages",
    "/api/auth/sign-in/email",
    "/api/auth/sign-up/email",
    "/api/auth/get-session",
    "/api/wallet",
    "/api/agents?search=a&page=2",
    "/graphql?query={__typename}&variables={}&extensions={}",
    "/graphql",
];

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts the panics of all tasks, because the server catches its own.
fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            usual(info);
        }));
    });
}

async fn server() -> Server {
    watch_panics();
    Server::with(|settings: &mut Settings| {
        settings.requests_per_minute = 1_000_000;
    })
    .await
}

fn method(random: &Random) -> Method {
    random.pick(&[&Method::GET, &Method::POST, &Method::PUT, &Method::DELETE, &Method::PATCH]).clone()
}

async fn request(random: &Random, caller: &Caller) {
    let path = random.pick(PATHS);
    let path = if random.below(2) == 0 { random.change_text(path, WORDS) } else { path.to_owned() };
    let Some(path) = path.strip_prefix('/').map(|path| format!("/{path}")) else { return };
    let mut request = caller.request(method(random), &path);
    if random.below(3) > 0 {
        let kind = random.pick(&[
            "application/json",
            "application/json",
            "text/plain",
            "multipart/form-data; boundary=x",
        ]);
        request =
            request.header("content-type", kind).body(random.change(random.pick(JSON).as_bytes(), WORDS));
    }
    // A URL that the client refuses is no input.
    let Ok(answer) = request.send().await else { return };
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap_or_default();
    assert!(status != 500 && !text.contains("\"INTERNAL\""), "{path}: {status} {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests() {
    let server = server().await;
    let (anon, alice) = (server.anon(), server.member("Alice").await);
    for seed in seeds() {
        attempt("requests", seed, async |random| {
            request(random, random.pick(&[&anon, &alice])).await;
            assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets() {
    let server = server().await;
    let host = server.url.strip_prefix("http://").expect("an address").to_owned();
    for seed in seeds() {
        attempt("sockets", seed, async |random| {
            let mut request = format!("ws://{host}/graphql/ws").into_client_request().expect("a request");
            let protocol = HeaderValue::from_static("graphql-transport-ws");
            request.headers_mut().insert("sec-websocket-protocol", protocol);
            let wire = tokio::net::TcpStream::connect(&host).await.expect("the server listens");
            let (mut socket, _) = client_async(request, wire).await.expect("it opens");
            let init = "{\"type\": \"connection_init\"}";
            let init = if random.below(5) == 0 { random.change_text(init, WORDS) } else { init.to_owned() };
            let mut messages = vec![Message::text(init)];
            for _ in 0..random.below(5) {
                let text = random.change(random.pick(SOCKET).as_bytes(), WORDS);
                messages.push(match String::from_utf8(text) {
                    Ok(text) => Message::text(text),
                    Err(error) => Message::binary(error.into_bytes()),
                });
            }
            for message in messages {
                // The server may have closed the socket.
                if socket.send(message).await.is_err() {
                    break;
                }
            }
            _ = socket.close(None).await;
            while let Some(Ok(frame)) = socket.next().await {
                assert!(!frame.to_text().unwrap_or_default().contains("\"INTERNAL\""), "{frame}");
            }
            assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        })
        .await;
    }
    assert_eq!(server.anon().graphql("{ __typename }", serde_json::json!({})).await.status, 200);
}
