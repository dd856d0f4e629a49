//! The end of a socket, and events that do not end it.

use tokio::sync::oneshot;

use super::*;

#[tokio::test]
async fn a_refused_subscription_is_an_error_and_no_more() {
    let mut client = Client::acknowledged().await;
    let speak = client.server.subscription("a");
    client.subscribe("1", "a");
    speak.unbounded_send(Next::Refused(Failure::new(Code::MemberBanned, "You are banned", None))).unwrap();
    let error = client.hear().await;
    assert_eq!((&error["id"], &error["type"]), (&json!("1"), &json!("error")));
    assert_eq!(error["payload"][0]["extensions"]["code"], "MEMBER_BANNED");
    client.say(json!({ "type": "ping" }));
    assert_eq!(client.hear().await, json!({ "type": "pong" }));
    assert!(speak.is_closed());
}

#[tokio::test]
async fn an_ended_sign_in_ends_the_socket_and_a_renewed_one_does_not() {
    let mut client = Client::open(8);
    client.server.tokens.lock().unwrap().extend(["old".into(), "new".into()]);
    client.say(json!({ "type": "connection_init", "payload": { "token": "old" } }));
    client.hear().await;
    let speak = (client.server.subscription("a"), client.server.subscription("b"));
    client.subscribe("a", "a");
    client.subscribe("b", "b");
    client.say(json!({ "type": "ping", "payload": { "token": "new" } }));
    assert_eq!(client.hear().await, json!({ "type": "pong" }));
    let ended = || Next::Refused(Failure::new(Code::Unauthenticated, "Unauthorized", None));
    // The old session has ended: its operations end, but the socket does not.
    client.server.tokens.lock().unwrap().retain(|token| token != "old");
    speak.0.unbounded_send(ended()).unwrap();
    assert_eq!(client.hear().await["type"], "error");
    speak.1.unbounded_send(answer(1)).unwrap();
    assert_eq!(client.hear().await, next("b", 1));
    // The new session has ended.
    client.server.tokens.lock().unwrap().clear();
    speak.1.unbounded_send(ended()).unwrap();
    assert_eq!(client.hear().await["type"], "error");
    assert_eq!(client.end().await, (4403, "Unauthorized".into()));
}

#[tokio::test]
async fn an_operation_that_needs_sign_in_does_not_close_the_socket() {
    let mut client = Client::acknowledged().await;
    let speak = client.server.subscription("a");
    client.subscribe("1", "a");
    speak.unbounded_send(Next::Refused(Failure::new(Code::Unauthenticated, "Unauthorized", None))).unwrap();
    assert_eq!(client.hear().await["type"], "error");
    client.say(json!({ "type": "ping" }));
    assert_eq!(client.hear().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn a_bad_token_is_forbidden() {
    let client = Client::open(8);
    client.say(json!({ "type": "connection_init", "payload": { "Authorization": "Bearer nobody's" } }));
    assert_eq!(client.end().await, (4403, "Unauthorized".into()));
    let client = Client::acknowledged().await;
    client.say(json!({ "type": "ping", "payload": { "token": "nobody's" } }));
    assert_eq!(client.end().await, (4403, "Unauthorized".into()));
}

#[tokio::test]
async fn a_silent_newcomer_is_closed_in_time() {
    let client = Client::open(8);
    client.settle().await;
    client.clock.advance(INIT - Duration::from_secs(1));
    client.settle().await;
    assert!(!client.end.is_finished());
    client.clock.advance(Duration::from_secs(1));
    assert_eq!(client.end().await, (4408, "Connection initialisation timeout".into()));
}

#[tokio::test]
async fn only_clients_that_answer_pings_stay_connected() {
    let mut client = Client::acknowledged().await;
    for _ in 0..5 {
        client.clock.advance(PING);
        assert_eq!(client.hear().await, json!("Ping(b\"\")"));
        client.say.unbounded_send(Message::Pong(Default::default())).unwrap();
        client.settle().await;
    }
    client.clock.advance(PING);
    client.hear().await;
    client.clock.advance(PING);
    assert_eq!(client.end().await, (4408, "No answer to a ping".into()));
}

/// Pings follow the monotonic clock: changes of the wall clock neither close a socket nor spare one.
#[tokio::test]
async fn a_change_of_the_time_of_day_ends_no_socket() {
    let newcomer = Client::open(8);
    newcomer.settle().await;
    let mut client = Client::acknowledged().await;
    for hours in [1, -2, 1] {
        newcomer.clock.step(chrono::TimeDelta::hours(hours));
        client.clock.step(chrono::TimeDelta::hours(hours));
        newcomer.settle().await;
        client.settle().await;
        assert!(!newcomer.end.is_finished() && !client.end.is_finished());
    }
    client.clock.step(chrono::TimeDelta::hours(-1));
    client.clock.advance(PING);
    assert_eq!(client.hear().await, json!("Ping(b\"\")"), "and pings go on");
    newcomer.clock.advance(INIT);
    assert_eq!(newcomer.end().await, (4408, "Connection initialisation timeout".into()));
}

#[tokio::test]
async fn a_stopping_server_answers_what_runs_and_ends_the_rest() {
    let mut client = Client::acknowledged().await;
    let speak = client.server.subscription("live");
    client.subscribe("live", "live");
    speak.unbounded_send(answer(1)).unwrap();
    client.hear().await;
    let (open, opened) = oneshot::channel::<()>();
    client.server.plan("slow", async {
        opened.await.unwrap();
        Ok(StartedOperation::Answered(bytes::Bytes::from_static(b"{}"), HeaderMap::new()))
    });
    client.subscribe("slow", "slow");
    client.settle().await;
    client.server.tasks.stop();
    client.settle().await;
    assert!(speak.is_closed());
    open.send(()).unwrap();
    assert_eq!(client.hear().await["type"], "next");
    assert_eq!(client.hear().await, json!({ "id": "slow", "type": "complete" }));
    assert_eq!(client.end().await, (1001, "The server is stopping".into()));
}

#[tokio::test]
async fn protocol_violations_close_with_their_codes() {
    let subscribe = |id: &str| json!({ "id": id, "type": "subscribe", "payload": { "query": "a" } });
    let init = || json!({ "type": "connection_init" });
    for (messages, code, reason) in [
        (vec![subscribe("1")], 4401, "Unauthorized"),
        (vec![init(), init()], 4429, "Too many initialisation requests"),
        (vec![init(), subscribe("1"), subscribe("1")], 4409, "Subscriber for 1 already exists"),
        (vec![json!("text")], 4400, "Invalid message: it must be an object"),
        (vec![json!({})], 4400, "Invalid message: type is missing"),
        (vec![json!({ "type": 1 })], 4400, "Invalid message: type must be a string"),
        (vec![json!({ "type": "start" })], 4400, "Invalid message: unknown type \"start\""),
        (vec![json!({ "type": "next" })], 4400, "Invalid message: unknown type \"next\""),
        (vec![json!({ "type": "ping", "payload": 1 })], 4400, "Invalid message: payload must be an object"),
        (vec![json!({ "type": "complete" })], 4400, "Invalid message: id is missing"),
        (vec![json!({ "type": "subscribe", "id": "" })], 4400, "Invalid message: id is empty"),
        (vec![json!({ "type": "subscribe", "id": 1 })], 4400, "Invalid message: id must be a string"),
        (vec![subscribe(&"x".repeat(257))], 4400, "Invalid message: id is longer than 256 bytes"),
        (vec![json!({ "type": "subscribe", "id": "1" })], 4400, "Invalid message: payload is missing"),
        (
            vec![json!({ "type": "subscribe", "id": "1", "payload": {} })],
            4400,
            "Invalid message: query is missing",
        ),
        (
            vec![json!({ "type": "connection_init", "payload": { "token": 1 } })],
            4400,
            "Invalid message: token must be a string",
        ),
    ] {
        let client = Client::open(8);
        client.server.subscription("a");
        let said = format!("{messages:?}");
        for message in messages {
            client.say(message);
        }
        assert_eq!(client.end().await, (code, reason.into()), "{said}");
    }
    for (message, reason) in [
        (Message::binary("{}"), "Invalid message: it must be text"),
        (Message::text("{"), "Invalid message: not JSON (line 1, column 1)"),
    ] {
        let client = Client::open(8);
        client.say.unbounded_send(message).unwrap();
        assert_eq!(client.end().await, (4400, reason.into()));
    }
}

#[tokio::test]
async fn an_administrator_ends_a_socket_with_its_operations() {
    let client = Client::acknowledged().await;
    let speak = client.server.subscription("a");
    client.subscribe("1", "a");
    client.settle().await;
    client.server.ended.notify_one();
    assert_eq!(client.end().await, (1008, "An administrator ended this connection".to_owned()));
    assert!(speak.is_closed());
}
