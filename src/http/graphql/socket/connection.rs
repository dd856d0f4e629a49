//! One socket from its first message to its last: a machine that is polled, so that an idle one is small.
//!
//! What the peer does not read is not made: operations are asked for more only while the socket takes it.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll},
    time::Duration,
};

use axum::extract::ws::Message;
use futures_util::{FutureExt, Sink, SinkExt, Stream, StreamExt, future::BoxFuture};

use super::{
    super::{
        ask::Ask,
        operation::{Allowance, Limits, Operation},
        operations::Operations,
        start::Next,
    },
    close::{Close, End},
    message::{self, Incoming},
};
use crate::{
    auth::Viewer,
    clock::Clock,
    document::Failure,
    domain::{self, Code},
    tasks::Tasks,
};

/// How many frames are written, and messages read, before others get their turn.
const TURN: usize = 32;

/// Finding out who is there.
pub(super) type Recognising = BoxFuture<'static, Result<Viewer, domain::Error>>;

/// What is behind a socket.
pub(super) trait Door: Send {
    /// The viewer as they are now, or whoever this token stands for; refused when banned or not known.
    fn recognise(&self, viewer: &Viewer, token: Option<String>) -> Recognising;

    /// Ends when the sign-in may have ended by which this viewer was recognised; `None` for a viewer without one.
    fn watch(&self, viewer: &Viewer) -> Option<BoxFuture<'static, ()>>;

    /// Begins an operation.
    fn begin(&self, viewer: &Viewer, allowance: &Allowance, ask: Ask) -> Result<Operation, Failure>;
}

/// What an operator can set about sockets.
#[derive(Clone, Debug)]
pub(in crate::http) struct Rules {
    /// In which time `connection_init` has to come.
    pub(in crate::http) init: Duration,
    /// How often it is pinged.
    pub(in crate::http) ping: Duration,
    /// Bytes of one message to us.
    pub(in crate::http) message: usize,
    /// Bytes of replies that may wait for a peer who does not read.
    pub(in crate::http) buffer: usize,
    /// What may go on at once.
    pub(in crate::http) limits: Limits,
}

/// A socket and all that goes on there.
pub(super) struct Connection<S, D> {
    socket: S,
    door: D,
    clock: Clock,
    viewer: Viewer,
    phase: Phase,
    /// Ends when the viewer's sign-in may have ended.
    watch: Option<BoxFuture<'static, ()>>,
    /// Whether it may have ended and that was not found out yet.
    is_doubtful: bool,
    /// Who is there is being found out; until then nothing is read.
    recognising: Option<(Reason, Recognising)>,
    operations: Operations<Operation>,
    allowance: Allowance,
    replies: VecDeque<Message>,
    reply_bytes: usize,
    unflushed: bool,
    timer: BoxFuture<'static, ()>,
    /// Whether the peer said anything since the last ping.
    heard: bool,
    stopping: BoxFuture<'static, ()>,
    is_stopping: bool,
    ping: Duration,
    buffer: usize,
}

/// Why it is found out who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// `connection_init` came.
    Init,
    /// A `ping` brought a token.
    Renewal,
    /// An operation was refused as if the sign-in had ended.
    Doubt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing but `connection_init` may come.
    Opened,
    /// It came.
    Initialised,
    /// It was acknowledged.
    Acknowledged,
}

impl<S, D> Connection<S, D>
where
    S: Stream<Item = Result<Message, axum::Error>> + Sink<Message, Error = axum::Error> + Unpin,
    D: Door,
{
    pub(super) fn new(
        socket: S,
        door: D,
        viewer: Viewer,
        clock: &Clock,
        tasks: &Tasks,
        rules: &Rules,
    ) -> Self {
        Self {
            socket,
            door,
            clock: clock.clone(),
            viewer,
            phase: Phase::Opened,
            watch: None,
            is_doubtful: false,
            recognising: None,
            operations: Operations::default(),
            allowance: Allowance::new(rules.limits),
            replies: VecDeque::new(),
            reply_bytes: 0,
            unflushed: false,
            timer: timer(clock, rules.init),
            heard: true,
            stopping: tasks.stopping().boxed(),
            is_stopping: false,
            ping: rules.ping,
            buffer: rules.buffer,
        }
    }

    /// Serves the socket until it ends, and gives it back with the reason.
    pub(super) async fn serve(mut self) -> (S, End) {
        let end = poll_fn(|cx| match self.step(cx) {
            Ok(()) => Poll::Pending,
            Err(end) => Poll::Ready(end),
        })
        .await;
        (self.socket, end)
    }

    /// Does all that can be done now.
    fn step(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        self.stop(cx)?;
        let mut left = TURN;
        while left > 0 {
            self.tick(cx)?;
            self.write(cx, &mut left)?;
            let read = self.read(cx)?;
            let learned = self.learn(cx)?;
            self.guard(cx);
            if !read && !learned && left > 0 {
                return self.stop(cx);
            }
            left = left.saturating_sub(1);
        }
        // There is more to do, after others had their turn.
        cx.waker().wake_by_ref();
        Ok(())
    }

    /// When the server stops: what runs is answered, nothing new begins, and subscriptions are left to be resumed.
    fn stop(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
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
                // A peer that is not read cannot be heard.
                _ if !self.heard && !self.is_stopping => return Err(Close::PING_TIMEOUT.into()),
                _ => {}
            }
            self.heard = false;
            self.reply(Message::Ping(Default::default()));
            self.timer = timer(&self.clock, self.ping);
        }
        Ok(())
    }

    /// Recognises the viewer again when their sign-in may have ended. While operations go on, the one that is refused
    /// answers first.
    fn guard(&mut self, cx: &mut Context<'_>) {
        while let Some(watch) = &mut self.watch
            && watch.poll_unpin(cx).is_ready()
        {
            self.watch = self.door.watch(&self.viewer);
            self.is_doubtful = true;
        }
        if self.is_doubtful && self.operations.is_empty() && self.recognising.is_none() {
            self.is_doubtful = false;
            self.recognise(Reason::Doubt, None);
            // What was begun is polled at once.
            cx.waker().wake_by_ref();
        }
    }

    /// Goes on when it is known who is there; whether it just became known.
    fn learn(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let Some((reason, recognising)) = &mut self.recognising else { return Ok(false) };
        let Poll::Ready(found) = recognising.poll_unpin(cx) else { return Ok(false) };
        let reason = *reason;
        self.recognising = None;
        self.viewer = found.map_err(|error| Close::forbidden(&error))?;
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

    /// Writes replies, then what operations say, as long as the socket takes it and frames are left.
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
        }
        Ok(())
    }

    fn say(&mut self, id: &str, said: Option<Next>) -> Result<Message, End> {
        let frame = match said {
            None => message::complete(id),
            Some(Next::Answer { payload, .. }) => message::next(id, &payload),
            Some(Next::Refused(failure)) => {
                self.operations.remove(id);
                // Perhaps it is not about this operation: the sign-in itself may have ended.
                let about_viewer = matches!(failure.code, Code::Unauthenticated | Code::AccountBanned);
                if about_viewer && self.viewer.identity.is_some() && self.recognising.is_none() {
                    self.recognise(Reason::Doubt, None);
                }
                message::error(id, &failure.errors)
            }
        };
        Ok(frame?)
    }

    /// Reads one message; whether there was one.
    fn read(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        if self.recognising.is_some() || self.is_stopping || self.reply_bytes > self.buffer {
            return Ok(false);
        }
        let Poll::Ready(message) = self.socket.poll_next_unpin(cx) else { return Ok(false) };
        self.heard = true;
        match message {
            None => return Err(End::Lost),
            Some(Err(error)) => return Err(End::of(error)),
            Some(Ok(Message::Text(text))) => self.receive(Incoming::parse(&text)?)?,
            Some(Ok(Message::Binary(_))) => {
                return Err(Close::bad_request("Invalid message: it must be text").into());
            }
            // A ping was answered already.
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
                self.recognise(Reason::Init, token);
            }
            Incoming::Ping { token: Some(_), .. } | Incoming::Subscribe { .. } if !acknowledged => {
                return Err(Close::UNAUTHORIZED);
            }
            Incoming::Ping { token: Some(token), .. } => self.recognise(Reason::Renewal, Some(token)),
            Incoming::Ping { token: None, payload } => self.reply(message::pong(payload.as_ref())),
            Incoming::Pong => {}
            Incoming::Subscribe { id, .. } if self.operations.contains(&id) => {
                return Err(Close::exists(&id));
            }
            Incoming::Subscribe { id, ask } => match self.door.begin(&self.viewer, &self.allowance, *ask) {
                Ok(operation) => self.operations.insert(&id, operation),
                // A reply: it counts among what waits for a peer who does not read.
                Err(failure) => self.reply(message::error(&id, &failure.errors)?),
            },
            Incoming::Complete { id } => _ = self.operations.remove(&id),
        }
        Ok(())
    }

    fn recognise(&mut self, reason: Reason, token: Option<String>) {
        self.recognising = Some((reason, self.door.recognise(&self.viewer, token)));
    }

    fn reply(&mut self, reply: Message) {
        self.reply_bytes += length(&reply);
        self.replies.push_back(reply);
    }
}

/// What a reply counts as while it waits.
fn length(message: &Message) -> usize {
    let text = if let Message::Text(text) = message { text.len() } else { 0 };
    text + size_of::<Message>()
}

fn timer(clock: &Clock, after: Duration) -> BoxFuture<'static, ()> {
    let clock = clock.clone();
    async move { clock.sleep(after).await }.boxed()
}
