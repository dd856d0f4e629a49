//! A socket whose two ends are in the test's hand, on a clock that stands still.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::extract::ws::CloseFrame;
use chrono::DateTime;
use entity::user;
use futures_channel::mpsc;
use futures_util::{Sink, Stream, stream};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;

use super::{
    super::{operation::Limits, start::Next, start::Started},
    *,
};
use crate::{
    clock::Clock,
    domain::{
        Code, Error,
        accounts::{Identity, Proof},
    },
    tasks::Tasks,
};

/// The server's end of a socket: what it takes is bounded, as a real one's buffers are.
struct Wire {
    incoming: mpsc::UnboundedReceiver<Message>,
    read: Arc<AtomicUsize>,
    outgoing: mpsc::Sender<Message>,
}

impl Stream for Wire {
    type Item = Result<Message, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let message = self.incoming.poll_next_unpin(cx);
        if message.is_ready() {
            self.read.fetch_add(1, Ordering::SeqCst);
        }
        message.map(|message| message.map(Ok))
    }
}

impl Sink<Message> for Wire {
    type Error = axum::Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.outgoing.poll_ready(cx).map_err(axum::Error::new)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Self::Error> {
        self.outgoing.start_send(message).map_err(axum::Error::new)
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }
}

type Plan = Pin<Box<dyn Future<Output = Result<Started, Refusal>> + Send>>;

/// A server that does what the test planned for each query, and knows the tokens that the test named.
#[derive(Clone, Default)]
struct Planned {
    tasks: Tasks,
    plans: Arc<Mutex<HashMap<String, Plan>>>,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Planned {
    fn plan(&self, query: &str, plan: impl Future<Output = Result<Started, Refusal>> + Send + 'static) {
        self.plans.lock().unwrap().insert(query.to_owned(), Box::pin(plan));
    }

    /// Plans a subscription that the test speaks for.
    fn subscription(&self, query: &str) -> mpsc::UnboundedSender<Next> {
        let (speak, said) = mpsc::unbounded();
        self.plan(query, async { Ok(Started::Stream(said.boxed())) });
        speak
    }
}

impl Door for Planned {
    fn recognise(&self, viewer: &Viewer, token: Option<String>) -> Recognising {
        let token = token.or_else(|| viewer.token.clone());
        let known = token.as_ref().is_none_or(|token| self.tokens.lock().unwrap().contains(token));
        async move {
            match (known, token) {
                (false, _) => Err(Error::Unauthenticated),
                (true, None) => Ok(Viewer::default()),
                (true, token) => Ok(Viewer { identity: Some(somebody()), token, ..Viewer::default() }),
            }
        }
        .boxed()
    }

    fn begin(&self, _viewer: &Viewer, allowance: &Allowance, ask: Ask) -> Result<Operation, Failure> {
        let plan = self.plans.lock().unwrap().remove(&ask.query.unwrap()).unwrap();
        Operation::begin(&self.tasks, allowance, plan)
    }
}

fn somebody() -> Arc<Identity> {
    let at = DateTime::UNIX_EPOCH;
    let user = user::Model {
        id: "somebody".into(),
        name: "Somebody".into(),
        email_fold: "somebody@example.com".into(),
        email: "somebody@example.com".into(),
        email_verified: false,
        image: None,
        is_admin: false,
        banned_at: None,
        ban_reason: None,
        deleted_at: None,
        created_at: at,
        updated_at: at,
    };
    Arc::new(Identity { user, proof: Proof::Key(Uuid::nil()) })
}

/// The client's end.
struct Client {
    server: Planned,
    clock: Clock,
    say: mpsc::UnboundedSender<Message>,
    hear: mpsc::Receiver<Message>,
    /// How many messages the server has read.
    read: Arc<AtomicUsize>,
    end: JoinHandle<End>,
}

const INIT: Duration = Duration::from_secs(10);
const PING: Duration = Duration::from_secs(25);

impl Client {
    /// A socket that is open; so many frames fit into its buffers.
    fn open(frames: usize) -> Self {
        let server = Planned::default();
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let (say, incoming) = mpsc::unbounded();
        let (outgoing, hear) = mpsc::channel(frames);
        let rules = Rules {
            init: INIT,
            ping: PING,
            message: 1024,
            buffer: 1024,
            limits: Limits { operations: 2, subscriptions: 2, timeout: Duration::from_secs(30) },
        };
        let read = Arc::new(AtomicUsize::new(0));
        let wire = Wire { incoming, outgoing, read: read.clone() };
        let connection =
            Connection::new(wire, server.clone(), Viewer::default(), &clock, &server.tasks, &rules);
        let end = tokio::spawn(async move { connection.serve().await.1 });
        Self { server, clock, say, hear, read, end }
    }

    /// A socket that was acknowledged.
    async fn acknowledged() -> Self {
        let mut client = Self::open(8);
        client.say(json!({ "type": "connection_init" }));
        assert_eq!(client.hear().await, json!({ "type": "connection_ack" }));
        client
    }

    fn say(&self, message: Value) {
        self.say.unbounded_send(Message::text(message.to_string())).unwrap();
    }

    fn subscribe(&self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } }));
    }

    async fn hear(&mut self) -> Value {
        match self.hear.next().await.unwrap() {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => json!(format!("{other:?}")),
        }
    }

    async fn end(self) -> (u16, String) {
        let end = self.end.await.unwrap();
        (end.code(), end.reason().to_owned())
    }

    /// Whatever the socket has to do, it has done.
    async fn settle(&self) {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
}

fn answer(number: i64) -> Next {
    Next::Answer { payload: format!(r#"{{"data":{{"n":{number}}}}}"#).into(), position: None }
}

fn next(id: &str, number: i64) -> Value {
    json!({ "id": id, "type": "next", "payload": { "data": { "n": number } } })
}

fn one(number: i64) -> Started {
    Started::Stream(stream::iter([answer(number)]).boxed())
}

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
    // Its id is free again.
    client.server.plan("b", async { Ok(one(4)) });
    client.subscribe("1", "b");
    assert_eq!(client.hear().await, next("1", 4));
}

#[tokio::test]
async fn who_completes_hears_nothing_more() {
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
async fn what_has_begun_runs_to_its_end() {
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
    client.server.plan("endless", async { Ok(Started::Stream(endless.boxed())) });
    client.subscribe("1", "endless");
    client.settle().await;
    // One that fits into the buffer, and no other.
    assert_eq!(*pulled.lock().unwrap(), 1);
    for number in 1..=50 {
        assert_eq!(client.hear().await, next("1", number));
    }
    client.settle().await;
    assert!(*pulled.lock().unwrap() <= 52);
    // It is heard all the same.
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
    client.server.plan("busy", async { Ok(Started::Stream(stream::iter(1..).map(answer).boxed())) });
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
    // The acknowledgement is in the socket's buffer; a little over 1024 bytes of replies wait; the rest is not read.
    assert_eq!(client.read.load(Ordering::SeqCst), 1 + 3);
    assert_eq!(client.hear().await["type"], "connection_ack");
    for number in 0..100 {
        assert_eq!(client.hear().await["payload"]["number"], number);
    }
}

#[tokio::test]
async fn too_many_operations_are_refused_one_by_one() {
    let mut client = Client::acknowledged().await;
    let mut gates = Vec::new();
    for id in ["1", "2"] {
        let (open, opened) = oneshot::channel::<()>();
        gates.push(open);
        client.server.plan(id, async {
            _ = opened.await;
            Ok(one(1))
        });
        client.subscribe(id, id);
    }
    client.server.plan("3", async { Ok(one(3)) });
    client.subscribe("3", "3");
    let refused = client.hear().await;
    assert_eq!((&refused["id"], &refused["type"]), (&json!("3"), &json!("error")));
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    drop(gates);
    let mut heard = Vec::new();
    for _ in 0..4 {
        heard.push(client.hear().await);
    }
    for id in ["1", "2"] {
        assert!(heard.contains(&next(id, 1)), "{heard:?}");
    }
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
    // The old one has ended: what it began ends, but not the socket.
    client.server.tokens.lock().unwrap().retain(|token| token != "old");
    speak.0.unbounded_send(ended()).unwrap();
    assert_eq!(client.hear().await["type"], "error");
    speak.1.unbounded_send(answer(1)).unwrap();
    assert_eq!(client.hear().await, next("b", 1));
    // The new one has ended.
    client.server.tokens.lock().unwrap().clear();
    speak.1.unbounded_send(ended()).unwrap();
    assert_eq!(client.hear().await["type"], "error");
    assert_eq!(client.end().await, (4403, "Unauthorized".into()));
}

#[tokio::test]
async fn nobody_is_cut_off_for_what_takes_signing_in() {
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
async fn who_answers_pings_stays_and_who_does_not_goes() {
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
        Ok(Started::Answered(Box::new(super::super::Outcome::Ran(Box::default()))))
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
async fn what_breaks_the_protocol_is_closed_with_its_code() {
    let subscribe = |id: &str| json!({ "id": id, "type": "subscribe", "payload": { "query": "a" } });
    let init = || json!({ "type": "connection_init" });
    for (messages, code, reason) in [
        (vec![subscribe("1")], 4401, "Unauthorized"),
        (vec![init(), init()], 4429, "Too many initialisation requests"),
        (vec![init(), subscribe("1"), subscribe("1")], 4409, "Subscriber for 1 already exists"),
        (vec![json!("text")], 4400, "Invalid message: it must be an object"),
        (vec![json!({})], 4400, "Invalid message: type is missing"),
        (vec![json!({ "type": 1 })], 4400, "Invalid message: type must be a string"),
        (vec![json!({ "type": "start" })], 4400, "Invalid message: there is no type \"start\""),
        (vec![json!({ "type": "next" })], 4400, "Invalid message: there is no type \"next\""),
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
