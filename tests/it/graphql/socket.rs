//! `graphql-transport-ws` over real sockets.

use std::time::Duration;

use plaza::domain::accounts::{find_user_by_email, set_ban};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::support::{Server, Socket};

const NAME: &str = "{ viewer { name } }";

fn init() -> Value {
    json!({ "type": "connection_init" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_run_at_both_addresses() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    for path in ["/graphql/ws", "/graphql"] {
        let mut socket = server.socket().at(path).by(&alice).await;
        assert_eq!(socket.protocol.as_deref(), Some("graphql-transport-ws"));
        let (kind, answer) = socket.ask("1", NAME, json!({})).await;
        assert_eq!((kind.as_str(), answer), ("next", json!({ "data": { "viewer": { "name": "Alice" } } })));
        let create = "mutation($name: String!) { createSpace(input: { name: $name }) { space { name } } }";
        let (_, answer) = socket.ask("1", create, json!({ "name": path })).await;
        assert_eq!(answer["data"]["createSpace"]["space"]["name"], path, "{answer}");
    }
    let answer = alice.graphql("{ viewer { spaces { totalCount } } }", json!({})).await;
    assert_eq!(answer.json["data"]["viewer"]["spaces"]["totalCount"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_operations_go_on_at_once() {
    let server = Server::on_sqlite().await;
    let mut socket = server.socket().open().await;
    socket.init(json!({})).await;
    for id in 0..10 {
        socket.subscribe(&format!("\"{id}\""), "{ spaces { totalCount } }", json!({})).await;
    }
    let mut completed = Vec::new();
    while completed.len() < 10 {
        let message = socket.hear().await;
        if message["type"] == "complete" {
            completed.push(message["id"].as_str().expect("an id").to_owned());
        } else {
            assert_eq!(message["payload"], json!({ "data": { "spaces": { "totalCount": 0 } } }));
        }
    }
    completed.sort();
    assert_eq!(completed, (0..10).map(|id| format!("\"{id}\"")).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_run_is_an_error_and_what_fails_while_it_runs_an_answer() {
    let server = Server::on_sqlite().await;
    let mut socket = server.socket().open().await;
    socket.init(json!({})).await;
    for (query, variables, code) in [
        ("{", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { space(id: $id) { id } }", json!({}), "INVALID"),
    ] {
        let (kind, errors) = socket.ask("1", query, variables).await;
        assert_eq!((kind.as_str(), &errors[0]["extensions"]["code"]), ("error", &json!(code)), "{errors}");
    }
    let (kind, answer) = socket
        .ask("1", "mutation { createSpace(input: { name: \"No\" }) { space { id } } }", json!({}))
        .await;
    assert_eq!(kind, "next");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_persisted_query_is_asked_by_its_hash() {
    let server = Server::on_sqlite().await;
    let mut socket = server.socket().open().await;
    socket.init(json!({})).await;
    let hash = plaza::security::random::sha256_hex(NAME);
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let ask = |query: Option<&str>| json!({ "id": "1", "type": "subscribe", "payload": { "query": query, "extensions": extensions } });
    socket.say(ask(None)).await;
    assert_eq!(socket.hear().await["payload"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    for query in [Some(NAME), None] {
        socket.say(ask(query)).await;
        assert_eq!(socket.hear().await["payload"], json!({ "data": { "viewer": null } }));
        assert_eq!(socket.hear().await["type"], "complete");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_viewer_is_identified_by_token_key_header_or_cookie() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let key = alice.graphql("mutation { createApiKey(input: { name: \"k\" }) { key } }", json!({})).await;
    let key =
        key.json["data"]["createApiKey"]["key"].as_str().unwrap_or_else(|| panic!("{}", key.text)).to_owned();
    let bearer = |token: &str| format!("Bearer {token}");
    let cookie = format!("better-auth.session_token={}", alice.token);
    let openings = [
        (server.socket(), json!({ "token": alice.token })),
        (server.socket(), json!({ "token": key })),
        (server.socket(), json!({ "authorization": bearer(&alice.token) })),
        (server.socket(), json!({ "Authorization": bearer(&key) })),
        (server.socket().with("authorization", &bearer(&alice.token)), json!({})),
        (server.socket().with("authorization", &bearer(&key)), json!({ "token": null })),
        (server.socket().with("cookie", &cookie), Value::Null),
        (server.socket().with("cookie", &cookie).with("origin", &server.url), Value::Null),
    ];
    for (opening, payload) in openings {
        let mut socket = opening.open().await;
        socket.init(payload.clone()).await;
        let (_, answer) = socket.ask("1", NAME, json!({})).await;
        assert_eq!(answer["data"]["viewer"]["name"], "Alice", "{payload}");
    }
    let mut socket = server.socket().with("authorization", "Bearer of bad news").open().await;
    socket.init(json!({})).await;
    assert_eq!(socket.ask("1", NAME, json!({})).await.1, json!({ "data": { "viewer": null } }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_upgrade_is_refused_as_any_request() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let cookie = format!("better-auth.session_token={}", alice.token);
    let foreign = server.socket().with("cookie", &cookie).with("origin", "https://elsewhere.example");
    let (status, body) = foreign.try_open().await.err().expect("it is refused");
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")));
    let key = server.socket().with("authorization", "Bearer ari_cli_00000000000000000000000000000000");
    let (status, body) = key.try_open().await.err().expect("it is refused");
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")));
    // Without a cookie, a foreign page has no account.
    server.socket().with("origin", "https://elsewhere.example").open().await;
    let plain = server.anon().get("/graphql/ws").await;
    assert_eq!((plain.status, plain.headers["upgrade"].to_str().ok()), (426, Some("websocket")));
    let post = server.anon().post("/graphql/ws", json!({})).await;
    assert_eq!(post.status, 426);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_subprotocol_is_not_acceptable() {
    let server = Server::on_sqlite().await;
    let mut socket = server.socket().with("sec-websocket-protocol", "").open().await;
    assert_eq!(socket.closed().await, (4406, "Subprotocol not acceptable".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn breaches_of_the_protocol_close_the_socket() {
    let server = Server::on_sqlite().await;
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": NAME } });
    let long = json!({ "type": "ö".repeat(500) }).to_string();
    let text = |message: &Value| Message::text(message.to_string());
    let cases: Vec<(Vec<Message>, u16)> = vec![
        (vec![text(&subscribe)], 4401),
        (vec![text(&init()), text(&init())], 4429),
        (vec![Message::binary("{}")], 4400),
        (vec![Message::text("{")], 4400),
        (vec![Message::text("")], 4400),
        (vec![text(&json!([]))], 4400),
        (vec![text(&json!({ "type": "connection_ack" }))], 4400),
        (vec![text(&json!({ "id": "1", "type": "subscribe", "payload": { "query": 1 } }))], 4400),
        (vec![Message::text(long)], 4400),
        (vec![text(&json!({ "type": "connection_init", "payload": { "token": "nobody's" } }))], 4403),
        (vec![text(&json!({ "type": "connection_init", "payload": { "token": "" } }))], 4403),
        (vec![Message::text("x".repeat(256 * 1024 + 1))], 1009),
    ];
    for (messages, code) in cases {
        let said = format!("{:.100}", format!("{messages:?}"));
        let mut socket = server.socket().open().await;
        for message in messages {
            socket.send(message).await;
        }
        // The acknowledgement may arrive first.
        let closed = match socket.frame().await {
            Message::Text(_) => socket.closed().await,
            Message::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
            other => panic!("{other:?}"),
        };
        assert_eq!(closed.0, code, "{said}: {}", closed.1);
        assert!(closed.1.len() <= 123);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_are_none_close_the_socket() {
    let server = Server::on_sqlite().await;
    for (bytes, code) in [
        // An unmasked text frame.
        (&[0x81, 2, b'{', b'}'][..], 1002),
        // A reserved bit.
        (&[0xc1, 0x82, 0, 0, 0, 0, b'{', b'}'], 1002),
        // A ping in fragments.
        (&[0x09, 0x80, 0, 0, 0, 0], 1002),
        // A text that is not UTF-8.
        (&[0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe], 1007),
    ] {
        let mut socket = server.socket().open().await;
        socket.send_raw(bytes).await;
        assert_eq!(socket.closed().await.0, code, "{bytes:x?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_may_come_in_fragments() {
    let server = Server::on_sqlite().await;
    let mut socket = server.socket().open().await;
    let (first, last) = ("{\"type\":\"connec", "tion_init\"}");
    socket.send(Message::Frame(Frame::message(first, OpCode::Data(Data::Text), false))).await;
    socket.send(Message::Ping("between".into())).await;
    socket.send(Message::Frame(Frame::message(last, OpCode::Data(Data::Continue), true))).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_newcomer_is_closed() {
    let server = Server::on_sqlite().await;
    let mut socket = server.socket().open().await;
    // The answer shows that the socket is served.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    server.app.clock.advance(Duration::from_secs(10));
    assert_eq!(socket.closed().await, (4408, "Connection initialisation timeout".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_client_that_answers_pings_stays() {
    let server = Server::on_sqlite().await;
    let mut socket = server.socket().open().await;
    socket.init(json!({})).await;
    for _ in 0..3 {
        server.app.clock.advance(Duration::from_secs(25));
        assert!(matches!(socket.any_frame().await, Message::Ping(_)));
        // Reading answers the ping; the pong to the test's ping shows that it arrived.
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_renewed_by_a_ping() {
    let server = Server::on_sqlite().await;
    let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
    let mut socket = server.socket().by(&alice).await;
    assert_eq!(socket.ask("1", NAME, json!({})).await.1["data"]["viewer"]["name"], "Alice");
    socket.say(json!({ "type": "ping", "payload": { "token": bob.token } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    assert_eq!(socket.ask("1", NAME, json!({})).await.1["data"]["viewer"]["name"], "Bob");
    socket.say(json!({ "type": "ping", "payload": { "token": "nobody's" } })).await;
    assert_eq!(socket.closed().await, (4403, "Unauthorized".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_ends_with_its_sign_in() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let mut socket = server.socket().by(&alice).await;
    let (_, answer) = socket.ask("1", "mutation { signOut { deletedId } }", json!({})).await;
    assert!(answer["data"]["signOut"]["deletedId"].is_string(), "{answer}");
    assert_eq!(socket.closed().await, (4403, "Unauthorized".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_banned_account_is_forbidden() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let mut before = server.socket().by(&alice).await;
    let user = find_user_by_email(&server.app, "alice@example.com").await.expect("reads").expect("Alice");
    set_ban(&server.app, &user, Some("test".into())).await.expect("bans");
    let mut socket = server.socket().open().await;
    socket.say(json!({ "type": "connection_init", "payload": { "token": alice.token } })).await;
    assert_eq!(socket.closed().await, (4403, "Your account has been banned".into()));
    assert_eq!(before.closed().await, (4403, "Your account has been banned".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_count_as_requests() {
    let server = Server::with(|settings| settings.requests_per_minute = 3).await;
    let mut socket = server.socket().open().await;
    socket.init(json!({})).await;
    for _ in 0..2 {
        assert_eq!(socket.ask("1", NAME, json!({})).await.0, "next");
    }
    let (kind, errors) = socket.ask("1", NAME, json!({})).await;
    assert_eq!((kind.as_str(), &errors[0]["extensions"]["code"]), ("error", &json!("RATE_LIMITED")));
    assert!(errors[0]["extensions"]["retryAfter"].as_u64() > Some(0), "{errors}");
    server.app.clock.advance(Duration::from_secs(20));
    assert_eq!(socket.ask("1", NAME, json!({})).await.0, "next");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_a_bounded_number_of_sockets() {
    let server = Server::with(|settings| settings.connections_per_address = 2).await;
    let mut first = server.socket().open().await;
    let _second = server.socket().open().await;
    let (status, body) = server.socket().try_open().await.err().expect("it is refused");
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (429, &json!("RATE_LIMITED")));
    first.say(json!({ "type": "nonsense" })).await;
    first.closed().await;
    first.gone().await;
    server.socket().open().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_server_says_goodbye() {
    let server = Server::on_sqlite().await;
    let (mut fresh, mut used): (Socket, Socket) =
        (server.socket().open().await, server.socket().open().await);
    used.init(json!({})).await;
    assert_eq!(used.ask("1", NAME, json!({})).await.0, "next");
    server.app.tasks.stop();
    for socket in [&mut fresh, &mut used] {
        assert_eq!(socket.closed().await, (1001, "The server is stopping".into()));
        socket.gone().await;
    }
    assert!(server.app.tasks.finish(Duration::from_secs(10)).await);
}
