//! Operations of a socket and their limits.

use std::sync::{Arc, Mutex, atomic::Ordering};

use axum::extract::ws::CloseFrame;
use futures_util::stream;
use tokio::sync::oneshot;

use super::*;

#[tokio::test]
async fn a_subscription_is_answered_until_it_ends() {
    let mut client = Client::acknowledged().await;
    let speak = client.server.subscription("a");
    client.subscribe("1", "a");
    for number in 1..=3 {
        speak.unbounded_send(answer(number)).unwrap();
        assert_eq!(client.hear().await, next("1", number));
    }
    drop(speak);
    assert_eq!(client.hear().await, json!({ "id": "1", "type": "complete" }));
    // The id is free again.
    client.server.plan("b", async { Ok(one(4)) });
    client.subscribe("1", "b");
    assert_eq!(client.hear().await, next("1", 4));
}

#[tokio::test]
async fn a_completed_operation_sends_nothing_more() {
    let mut client = Client::acknowledged().await;
    let speak = client.server.subscription("a");
    client.subscribe("1", "a");
    speak.unbounded_send(answer(1)).unwrap();
    assert_eq!(client.hear().await, next("1", 1));
    client.say(json!({ "id": "1", "type": "complete" }));
    client.say(json!({ "type": "ping", "payload": { "n": 1 } }));
    assert_eq!(client.hear().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    assert!(speak.is_closed());
}

#[tokio::test]
async fn a_started_mutation_runs_to_its_end() {
    let client = Client::acknowledged().await;
    let tasks = client.server.tasks.clone();
    let ((go, gone), (done, ran)) = (oneshot::channel::<()>(), oneshot::channel());
    client.server.plan("slow", async {
        gone.await.unwrap();
        done.send("it ran").unwrap();
        Ok(one(1))
    });
    client.subscribe("1", "slow");
    client.say(json!({ "id": "1", "type": "complete" }));
    client.say.unbounded_send(Message::Close(Some(CloseFrame { code: 1000, reason: "".into() }))).unwrap();
    assert_eq!(client.end().await, (1000, String::new()));
    go.send(()).unwrap();
    assert_eq!(ran.await, Ok("it ran"));
    assert!(tasks.finish(Duration::from_secs(5)).await);
}

#[tokio::test]
async fn a_reader_who_does_not_read_is_asked_for_nothing() {
    let mut client = Client::open(0);
    client.say(json!({ "type": "connection_init" }));
    client.hear().await;
    let pulled = Arc::new(Mutex::new(0));
    let count = pulled.clone();
    let endless = stream::iter(1..).map(move |number| {
        *count.lock().unwrap() += 1;
        answer(number)
    });
    client.server.plan("endless", async { Ok(StartedOperation::Stream(endless.boxed())) });
    client.subscribe("1", "endless");
    client.settle().await;
    // One event fits into the buffer, no other is polled.
    assert_eq!(*pulled.lock().unwrap(), 1);
    for number in 1..=50 {
        assert_eq!(client.hear().await, next("1", number));
    }
    client.settle().await;
    assert!(*pulled.lock().unwrap() <= 52);
    // The client's messages are read all the same.
    client.say(json!({ "id": "1", "type": "complete" }));
    client.settle().await;
    let before = *pulled.lock().unwrap();
    while let Ok(message) = client.hear.try_recv() {
        assert!(matches!(message, Message::Text(_)));
    }
    client.settle().await;
    assert_eq!(*pulled.lock().unwrap(), before);
}

#[tokio::test]
async fn a_busy_stream_does_not_silence_another() {
    let mut client = Client::acknowledged().await;
    client.server.plan("busy", async { Ok(StartedOperation::Stream(stream::iter(1..).map(answer).boxed())) });
    client.subscribe("busy", "busy");
    client.hear().await;
    client.server.plan("other", async { Ok(one(7)) });
    client.subscribe("other", "other");
    let heard = async { while client.hear().await != next("other", 7) {} };
    tokio::time::timeout(Duration::from_secs(5), heard).await.unwrap();
}

#[tokio::test]
async fn replies_to_who_does_not_read_are_bounded() {
    let mut client = Client::open(0);
    client.say(json!({ "type": "connection_init" }));
    let ping =
        |number: usize| json!({ "type": "ping", "payload": { "x": "x".repeat(400), "number": number } });
    for number in 0..100 {
        client.say(ping(number));
    }
    client.settle().await;
    // The acknowledgement is in the socket's buffer; a little over 1024 bytes of replies wait; the rest is
    // not read.
    assert_eq!(client.read.load(Ordering::SeqCst), 1 + 3);
    assert_eq!(client.hear().await["type"], "connection_ack");
    for number in 0..100 {
        assert_eq!(client.hear().await["payload"]["number"], number);
    }
}

#[tokio::test]
async fn operations_wait_for_their_turn_and_too_many_are_refused_one_by_one() {
    // Two run and two wait: the client's limits are two operations and two subscriptions.
    const PENDING: [&str; 4] = ["1", "2", "3", "4"];
    let mut client = Client::acknowledged().await;
    let mut gates = Vec::new();
    for id in PENDING {
        let (open, opened) = oneshot::channel::<()>();
        gates.push(open);
        client.server.plan(id, async {
            _ = opened.await;
            Ok(one(1))
        });
        client.subscribe(id, id);
    }
    client.server.plan("5", async { Ok(one(5)) });
    client.subscribe("5", "5");
    let refused = client.hear().await;
    assert_eq!((&refused["id"], &refused["type"]), (&json!("5"), &json!("error")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    drop(gates);
    // All of them complete: the waiting ones run after the others.
    let mut ended = Vec::new();
    while ended.len() < PENDING.len() {
        let heard = client.hear().await;
        if heard["type"] != "next" {
            ended.push(heard["id"].as_str().unwrap().to_owned());
        }
    }
    ended.sort_unstable();
    assert_eq!(ended, PENDING);
}

#[tokio::test]
async fn too_many_subscriptions_are_refused_one_by_one() {
    let mut client = Client::acknowledged().await;
    let mut speakers = Vec::new();
    for id in ["1", "2", "3"] {
        let speak = client.server.subscription(id);
        speak.unbounded_send(answer(1)).unwrap();
        client.subscribe(id, id);
        speakers.push(speak);
        let heard = client.hear().await;
        if id == "3" {
            assert_eq!((&heard["id"], &heard["type"]), (&json!("3"), &json!("error")));
            assert_eq!(heard["payload"][0]["extensions"]["code"], "RATE_LIMITED");
        } else {
            assert_eq!(heard, next(id, 1));
        }
    }
    // One that ends makes room for another.
    client.say(json!({ "id": "1", "type": "complete" }));
    client.server.subscription("4").unbounded_send(answer(4)).unwrap();
    client.subscribe("4", "4");
    assert_eq!(client.hear().await, next("4", 4));
}
