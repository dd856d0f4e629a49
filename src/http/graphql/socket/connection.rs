//! The state machine of one socket from its first message to its last. It is polled, so that an idle socket
//! is small.
//!
//! Backpressure: operations are polled only while the socket accepts frames.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll},
    time::Duration,
};

use axum::extract::ws::Message;
use bytes::Bytes;
use futures_util::{FutureExt, Sink, SinkExt, Stream, StreamExt, future::BoxFuture};

use super::{
    super::{
        operation::{Limits, Operation, OperationLimits},
        operations::Operations,
        request::GraphqlRequest,
        start::Next,
    },
    close::{Close, End},
    message::{self, Incoming},
};
use crate::{
    auth::Viewer,
    clock::Clock,
    document::Failure,
    error::{Code, Error},
    tasks::Tasks,
};

/// Maximum number of frames written and messages read before other tasks get their turn.
const BATCH_BUDGET: usize = 32;

/// A pending authentication.
pub(super) type Authenticating = BoxFuture<'static, Result<Viewer, Error>>;

/// The server behind a socket.
pub(super) trait SocketHandler: Send {
    /// Authenticates the viewer again, or the sender of this token. Refuses banned and unknown accounts.
    fn authenticate(&self, viewer: &Viewer, token: Option<String>) -> Authenticating;

    /// Lists the open socket. The result resolves when an administrator ends it.
    fn list(&mut self, viewer: &Viewer, allowance: &OperationLimits) -> BoxFuture<'static, ()>;

    /// Records the viewer on the list.
    fn identified(&self, viewer: &Viewer);

    /// Resolves when the viewer's session may have ended; `None` for an anonymous viewer.
    fn watch(&self, viewer: &Viewer) -> Option<BoxFuture<'static, ()>>;

    /// Begins an operation.
    fn begin(
        &self,
        viewer: &Viewer,
        allowance: &OperationLimits,
        ask: GraphqlRequest,
    ) -> Result<Operation, Failure>;
}

/// An operator's settings for sockets.
#[derive(Clone, Debug)]
pub(in crate::http) struct SocketRules {
    /// How long a client may take to send `connection_init`.
    pub(in crate::http) init: Duration,
    /// Interval of pings.
    pub(in crate::http) ping: Duration,
    /// Maximum number of bytes of a message from a client.
    pub(in crate::http) message: usize,
    /// Maximum number of bytes of replies that wait for a client that does not read.
    pub(in crate::http) buffer: usize,
    /// Limits on operations.
    pub(in crate::http) limits: Limits,
}

/// A socket with its operations.
pub(super) struct Connection<S, D> {
    socket: S,
    door: D,
    clock: Clock,
    viewer: Viewer,
    phase: Phase,
    /// Resolves when the viewer's session may have ended.
    watch: Option<BoxFuture<'static, ()>>,
    /// Whether the session may have ended and was not revalidated yet.
    needs_revalidation: bool,
    /// The pending authentication; until it completes, no message is read.
    recognising: Option<(Reason, Authenticating)>,
    operations: Operations<Operation>,
    allowance: OperationLimits,
    replies: VecDeque<Message>,
    reply_bytes: usize,
    unflushed: bool,
    /// Large responses that the socket has not sent yet: they count as in memory.
    unsent: Vec<Bytes>,
    timer: BoxFuture<'static, ()>,
    /// Whether the client sent anything since the last ping.
    received_since_ping: bool,
    stopping: BoxFuture<'static, ()>,
    /// Resolves when an administrator ends the socket.
    ended: BoxFuture<'static, ()>,
    is_stopping: bool,
    ping: Duration,
    buffer: usize,
}

/// Reasons for authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// The client sent `connection_init`.
    Init,
    /// A `ping` brought a token.
    Renewal,
    /// An operation was refused as if the session had ended.
    Doubt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Only `connection_init` is allowed.
    Opened,
    /// The client sent `connection_init`.
    Initialised,
    /// The server acknowledged it.
    Acknowledged,
}

impl<S, D> Connection<S, D>
where
    S: Stream<Item = Result<Message, axum::Error>> + Sink<Message, Error = axum::Error> + Unpin,
    D: SocketHandler,
{
    pub(super) fn new(
        socket: S,
        mut door: D,
        viewer: Viewer,
        clock: &Clock,
        tasks: &Tasks,
        rules: &SocketRules,
    ) -> Self {
        let allowance = OperationLimits::new(rules.limits);
        let ended = door.list(&viewer, &allowance);
        Self {
            socket,
            door,
            clock: clock.clone(),
            viewer,
            phase: Phase::Opened,
            watch: None,
            needs_revalidation: false,
            recognising: None,
            operations: Operations::default(),
            allowance,
            replies: VecDeque::new(),
            reply_bytes: 0,
            unflushed: false,
            unsent: Vec::new(),
            timer: timer(clock, rules.init),
            received_since_ping: true,
            stopping: tasks.stopping().boxed(),
            ended,
            is_stopping: false,
            ping: rules.ping,
            buffer: rules.buffer,
        }
    }

    /// Serves the socket until it ends, and returns it with the reason.
    pub(super) async fn serve(mut self) -> (S, End) {
        let end = poll_fn(|cx| match self.step(cx) {
            Ok(()) => Poll::Pending,
            Err(end) => Poll::Ready(end),
        })
        .await;
        (self.socket, end)
    }

    /// Makes all progress that is possible now.
    fn step(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        self.stop(cx)?;
        let mut left = BATCH_BUDGET;
        while left > 0 {
            self.tick(cx)?;
            self.write(cx, &mut left)?;
            let read = self.read(cx)?;
            let learned = self.process_events(cx)?;
            self.guard(cx);
            if !read && !learned && left > 0 {
                return self.stop(cx);
            }
            left = left.saturating_sub(1);
        }
        // More work is left, after other tasks had their turn.
        cx.waker().wake_by_ref();
        Ok(())
    }

    /// Ends at once if an administrator wants it. Stops with the server: running operations are answered, no new
    /// ones begin, and subscriptions end so that clients can resume them.
    fn stop(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        if self.ended.poll_unpin(cx).is_ready() {
            return Err(Close::ENDED.into());
        }
        if !self.is_stopping && self.stopping.poll_unpin(cx).is_ready() {
            self.is_stopping = true;
            self.operations.retain(Operation::is_short);
        }
        if self.is_stopping && self.operations.is_empty() { Err(Close::GOING_AWAY.into()) } else { Ok(()) }
    }

    fn tick(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        while self.timer.poll_unpin(cx).is_ready() {
            match self.phase {
                Phase::Opened => return Err(Close::INIT_TIMEOUT.into()),
                // While messages are not read, the client's pongs are not seen.
                _ if !self.received_since_ping && !self.is_stopping => return Err(Close::PING_TIMEOUT.into()),
                _ => {}
            }
            self.received_since_ping = false;
            self.reply(Message::Ping(Default::default()));
            self.timer = timer(&self.clock, self.ping);
        }
        Ok(())
    }

    /// Revalidates the viewer if their session may have ended. While operations run, the refused one is
    /// answered first.
    fn guard(&mut self, cx: &mut Context<'_>) {
        while let Some(watch) = &mut self.watch
            && watch.poll_unpin(cx).is_ready()
        {
            self.watch = self.door.watch(&self.viewer);
            self.needs_revalidation = true;
        }
        if self.needs_revalidation && self.operations.is_empty() && self.recognising.is_none() {
            self.needs_revalidation = false;
            self.reauthenticate(Reason::Doubt, None);
            // The new future must be polled at once.
            cx.waker().wake_by_ref();
        }
    }

    /// Polls the pending authentication. Returns whether it completed.
    fn process_events(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let Some((reason, recognising)) = &mut self.recognising else { return Ok(false) };
        let Poll::Ready(found) = recognising.poll_unpin(cx) else { return Ok(false) };
        let reason = *reason;
        self.recognising = None;
        self.viewer = found.map_err(|error| Close::forbidden(&error))?;
        self.door.identified(&self.viewer);
        if reason != Reason::Doubt {
            self.watch = self.door.watch(&self.viewer);
        }
        match reason {
            Reason::Init => {
                self.phase = Phase::Acknowledged;
                self.reply(message::acknowledge());
            }
            Reason::Renewal => self.reply(message::pong(None)),
            Reason::Doubt => {}
        }
        Ok(true)
    }

    /// Writes replies, then responses of operations, while the socket accepts frames and the budget lasts.
    fn write(&mut self, cx: &mut Context<'_>, left: &mut usize) -> Result<(), End> {
        while *left > 0 {
            match self.socket.poll_ready_unpin(cx) {
                Poll::Pending => return Ok(()),
                Poll::Ready(ready) => ready.map_err(End::of)?,
            }
            let frame = match self.replies.pop_front() {
                Some(reply) => {
                    self.reply_bytes -= length(&reply);
                    reply
                }
                None => match self.operations.poll_next(cx) {
                    Poll::Ready((id, said)) => self.say(&id, said)?,
                    Poll::Pending => break,
                },
            };
            self.socket.start_send_unpin(frame).map_err(End::of)?;
            self.unflushed = true;
            *left -= 1;
        }
        self.flush(cx)
    }

    fn flush(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        if self.unflushed
            && let Poll::Ready(flushed) = self.socket.poll_flush_unpin(cx)
        {
            flushed.map_err(End::of)?;
            self.unflushed = false;
            self.unsent = Vec::new();
        }
        Ok(())
    }

    fn say(&mut self, id: &str, said: Option<Next>) -> Result<Message, End> {
        let frame = match said {
            None => message::complete(id),
            Some(Next::Answer { payload, .. }) => {
                let frame = message::next(id, &payload);
                if payload.len() > self.buffer {
                    self.unsent.push(payload);
                }
                frame
            }
            Some(Next::Refused(failure)) => {
                self.operations.remove(id);
                // The refusal may concern the viewer instead of this operation: the session may have ended.
                let about_viewer = matches!(failure.code, Code::Unauthenticated | Code::AccountBanned);
                if about_viewer && self.viewer.identity.is_some() && self.recognising.is_none() {
                    self.reauthenticate(Reason::Doubt, None);
                }
                message::error(id, &failure.errors)
            }
        };
        Ok(frame?)
    }

    /// Reads one message. Returns whether there was one.
    fn read(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        if self.recognising.is_some() || self.is_stopping || self.reply_bytes > self.buffer {
            return Ok(false);
        }
        let Poll::Ready(message) = self.socket.poll_next_unpin(cx) else { return Ok(false) };
        self.received_since_ping = true;
        match message {
            None => return Err(End::Lost),
            Some(Err(error)) => return Err(End::of(error)),
            Some(Ok(Message::Text(text))) => self.receive(Incoming::parse(&text)?)?,
            Some(Ok(Message::Binary(_))) => {
                return Err(Close::bad_request("Invalid message: it must be text").into());
            }
            // The library has answered the ping.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(frame))) => {
                return Err(End::Closed(frame.map_or(1005, |frame| frame.code)));
            }
        }
        Ok(true)
    }

    fn receive(&mut self, incoming: Incoming) -> Result<(), Close> {
        let acknowledged = self.phase == Phase::Acknowledged;
        match incoming {
            Incoming::Init { .. } if self.phase != Phase::Opened => return Err(Close::INIT_TWICE),
            Incoming::Init { token } => {
                self.phase = Phase::Initialised;
                self.timer = timer(&self.clock, self.ping);
                self.reauthenticate(Reason::Init, token);
            }
            Incoming::Ping { token: Some(_), .. } | Incoming::Subscribe { .. } if !acknowledged => {
                return Err(Close::UNAUTHORIZED);
            }
            Incoming::Ping { token: Some(token), .. } => self.reauthenticate(Reason::Renewal, Some(token)),
            Incoming::Ping { token: None, payload } => self.reply(message::pong(payload.as_ref())),
            Incoming::Pong => {}
            Incoming::Subscribe { id, .. } if self.operations.contains(&id) => {
                return Err(Close::exists(&id));
            }
            Incoming::Subscribe { id, ask } => match self.door.begin(&self.viewer, &self.allowance, *ask) {
                Ok(operation) => self.operations.insert(&id, operation),
                // A reply counts towards the bytes that wait for a client that does not read.
                Err(failure) => self.reply(message::error(&id, &failure.errors)?),
            },
            Incoming::Complete { id } => _ = self.operations.remove(&id),
        }
        Ok(())
    }

    fn reauthenticate(&mut self, reason: Reason, token: Option<String>) {
        self.recognising = Some((reason, self.door.authenticate(&self.viewer, token)));
    }

    fn reply(&mut self, reply: Message) {
        self.reply_bytes += length(&reply);
        self.replies.push_back(reply);
    }
}

/// Returns the bytes that a waiting reply counts.
fn length(message: &Message) -> usize {
    let text = if let Message::Text(text) = message { text.len() } else { 0 };
    text + size_of::<Message>()
}

fn timer(clock: &Clock, after: Duration) -> BoxFuture<'static, ()> {
    let clock = clock.clone();
    async move { clock.sleep(after).await }.boxed()
}
