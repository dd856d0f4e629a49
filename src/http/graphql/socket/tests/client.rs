//! A socket whose two ends the test controls, on a paused clock.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use chrono::DateTime;
use entity::user;
use futures_channel::mpsc;
use futures_util::{Sink, Stream, future::BoxFuture};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::super::*;
use crate::{
    clock::Clock,
    domain::accounts::{Identity, Proof},
    error::Error,
    http::graphql::{
        operation::Limits,
        start::{Next, StartedOperation},
    },
    tasks::Tasks,
};

/// The server's end of a socket; it buffers a bounded number of frames, like a real one.
pub(super) struct Wire {
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

type Plan = Pin<Box<dyn Future<Output = Result<StartedOperation, Refusal>> + Send>>;

/// A server that answers each query as the test planned, and knows the tokens that the test named.
#[derive(Clone, Default)]
pub(super) struct Planned {
    pub(super) tasks: Tasks,
    pub(super) plans: Arc<Mutex<HashMap<String, Plan>>>,
    pub(super) tokens: Arc<Mutex<Vec<String>>>,
    /// Notified when an administrator ends the socket.
    pub(super) ended: Arc<tokio::sync::Notify>,
}

impl Planned {
    pub(super) fn plan(
        &self,
        query: &str,
        plan: impl Future<Output = Result<StartedOperation, Refusal>> + Send + 'static,
    ) {
        self.plans.lock().unwrap().insert(query.to_owned(), Box::pin(plan));
    }

    /// Plans a subscription whose events the test sends.
    pub(super) fn subscription(&self, query: &str) -> mpsc::UnboundedSender<Next> {
        let (speak, said) = mpsc::unbounded();
        self.plan(query, async { Ok(StartedOperation::Stream(said.boxed())) });
        speak
    }
}

impl SocketHandler for Planned {
    fn authenticate(&self, viewer: &Viewer, token: Option<String>) -> Authenticating {
        let token = token.or_else(|| viewer.token.clone());
        let known = token.as_ref().is_none_or(|token| self.tokens.lock().unwrap().contains(token));
        async move {
            match (known, token) {
                (false, _) => Err(Error::Unauthenticated),
                (true, None) => Ok(Viewer::default()),
                (true, token) => Ok(Viewer { identity: Some(sample_identity()), token, ..Viewer::default() }),
            }
        }
        .boxed()
    }

    fn list(&mut self, _: &Viewer, _: &OperationLimits) -> BoxFuture<'static, ()> {
        let ended = self.ended.clone();
        async move { ended.notified().await }.boxed()
    }

    fn identified(&self, _: &Viewer) {}

    fn watch(&self, _: &Viewer) -> Option<BoxFuture<'static, ()>> {
        None
    }

    fn begin(
        &self,
        _viewer: &Viewer,
        allowance: &OperationLimits,
        ask: GraphqlRequest,
    ) -> Result<Operation, Failure> {
        let plan = self.plans.lock().unwrap().remove(&ask.query.unwrap()).unwrap();
        Operation::begin(&self.tasks, allowance, plan)
    }
}

pub(super) fn sample_identity() -> Arc<Identity> {
    let at = DateTime::UNIX_EPOCH;
    let user = user::Model {
        id: "sample_identity".into(),
        name: "Somebody".into(),
        email_fold: "sample_identity@example.com".into(),
        name_fold: String::new(),
        email_skeleton: None,
        email: "sample_identity@example.com".into(),
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
pub(super) struct Client {
    pub(super) server: Planned,
    pub(super) clock: Clock,
    pub(super) say: mpsc::UnboundedSender<Message>,
    pub(super) hear: mpsc::Receiver<Message>,
    /// Number of messages that the server has read.
    pub(super) read: Arc<AtomicUsize>,
    pub(super) end: JoinHandle<End>,
}

pub(super) const INIT: Duration = Duration::from_secs(10);
pub(super) const PING: Duration = Duration::from_secs(25);

impl Client {
    /// Opens a socket that buffers `frames` frames.
    pub(super) fn open(frames: usize) -> Self {
        let server = Planned::default();
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let (say, incoming) = mpsc::unbounded();
        let (outgoing, hear) = mpsc::channel(frames);
        let rules = SocketRules {
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

    /// Opens a socket and completes its handshake.
    pub(super) async fn acknowledged() -> Self {
        let mut client = Self::open(8);
        client.say(json!({ "type": "connection_init" }));
        assert_eq!(client.hear().await, json!({ "type": "connection_ack" }));
        client
    }

    pub(super) fn say(&self, message: Value) {
        self.say.unbounded_send(Message::text(message.to_string())).unwrap();
    }

    pub(super) fn subscribe(&self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } }));
    }

    pub(super) async fn hear(&mut self) -> Value {
        match self.hear.next().await.unwrap() {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => json!(format!("{other:?}")),
        }
    }

    pub(super) async fn end(self) -> (u16, String) {
        let end = self.end.await.unwrap();
        (end.code(), end.reason().to_owned())
    }

    /// Lets the socket make all progress that is possible.
    pub(super) async fn settle(&self) {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
}
