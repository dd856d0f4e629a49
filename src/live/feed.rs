//! The answers to one question about a topic: each event rendered once for everybody who asked the same.

use std::{any::Any, collections::VecDeque, sync::Arc};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::{OnceCell, watch};

use super::{Event, Position};

/// So many answers a feed keeps.
const ENTRIES: usize = 256;
/// So many bytes of answers a feed keeps, but always the newest answer.
const BYTES: usize = 1024 * 1024;

/// From this number of readers on, the hub renders an answer before it wakes them.
const SHARED: usize = 8;

/// What a question is answered about: an event, or what is said first. The door knows its type again.
pub type Happening = Arc<dyn Any + Send + Sync>;

/// For whom something is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// For all of an audience: without a viewer.
    Shared,
    /// For the one who asked.
    Own,
}

/// Turns a happening into the bytes that a subscriber gets.
pub type Render = Arc<dyn Fn(Happening, Run) -> BoxFuture<'static, Bytes> + Send + Sync>;

/// A question about a topic.
pub struct Asked {
    /// What makes two questions the same, but for the audience: document, variables and, where the answer depends on
    /// who asks, the viewer.
    pub key: String,
    /// Whether the answer depends on who asks.
    pub run: Run,
    /// How it is answered.
    pub render: Render,
}

/// Where a feed and its activity stand: what wakes its readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) position: Position,
    /// Counts what was told of activity.
    pub(super) pulse: u64,
    /// Counts the times that rights to the topic changed.
    pub(super) doubts: u64,
}

/// The answers to one question about a topic.
pub(super) struct Feed<E> {
    pub(super) render: Render,
    pub(super) run: Run,
    /// Whether activity, which is in no log, is told too.
    pub(super) activity: bool,
    ring: Mutex<Ring<E>>,
    head: watch::Sender<Head>,
}

struct Ring<E> {
    /// The event before the first entry.
    start: Position,
    entries: VecDeque<Entry<E>>,
    pulse: Option<Pulse>,
}

/// The newest activity and the answer about it, which the first reader that needs it renders.
#[derive(Clone)]
struct Pulse {
    activity: Happening,
    payload: Arc<OnceCell<Bytes>>,
}

/// An event and the answer about it, which the first reader that needs it renders.
pub(super) struct Entry<E> {
    pub(super) event: Arc<E>,
    payload: Arc<OnceCell<Bytes>>,
}

impl<E> Clone for Entry<E> {
    fn clone(&self) -> Self {
        Self { event: self.event.clone(), payload: self.payload.clone() }
    }
}

/// What a feed has behind a position.
pub(super) enum After<E> {
    /// The next event.
    Entry(Entry<E>),
    /// Nothing yet.
    Nothing,
    /// The feed begins later: the log has to be read.
    Earlier,
}

impl<E: Event> Feed<E> {
    pub(super) fn new(asked: Asked, activity: bool, start: Position) -> Self {
        let ring = Ring { start, entries: VecDeque::new(), pulse: None };
        let head = watch::Sender::new(Head { position: start, ..Head::default() });
        Self { render: asked.render, run: asked.run, activity, ring: Mutex::new(ring), head }
    }

    /// Wakes when the feed or its activity moves on.
    pub(super) fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// The number of subscribers that read this feed.
    pub(super) fn readers(&self) -> usize {
        self.head.receiver_count()
    }

    /// Publishes an event and wakes the readers. Its answer is rendered here when many readers share it, so that they
    /// need not wait for one another; otherwise by its reader, at the reader's own expense.
    pub(super) async fn push(&self, event: Arc<E>) {
        let position = event.position();
        let entry = Entry { event, payload: Arc::default() };
        if self.readers() >= SHARED {
            self.render_entry(&entry).await;
        }
        {
            let mut ring = self.ring.lock();
            ring.entries.push_back(entry);
            while ring.entries.len() > 1 && (ring.entries.len() > ENTRIES || ring.bytes() > BYTES) {
                ring.drop_oldest();
            }
        }
        self.head.send_modify(|head| head.position = position);
    }

    /// The answer about an event; rendered once for all readers.
    pub(super) async fn render_entry(&self, entry: &Entry<E>) -> Bytes {
        let render = || (self.render)(entry.event.clone(), self.run);
        entry.payload.get_or_init(render).await.clone()
    }

    /// Publishes activity and wakes the readers; only the newest is kept.
    pub(super) fn pulse(&self, activity: Happening) {
        self.ring.lock().pulse = Some(Pulse { activity, payload: Arc::default() });
        self.head.send_modify(|head| head.pulse += 1);
    }

    /// The answer about the newest activity; rendered once for all readers.
    pub(super) async fn activity(&self) -> Bytes {
        let Some(Pulse { activity, payload }) = self.ring.lock().pulse.clone() else { return Bytes::new() };
        payload.get_or_init(|| (self.render)(activity, self.run)).await.clone()
    }

    /// Makes every reader ask again whether they may read.
    pub(super) fn doubt(&self) {
        self.head.send_modify(|head| head.doubts += 1);
    }

    /// Goes on at `position`: what is between is read from the log.
    pub(super) fn skip_to(&self, position: Position) {
        let mut ring = self.ring.lock();
        ring.entries.clear();
        ring.start = position;
        drop(ring);
        self.head.send_modify(|head| head.position = position);
    }

    /// What comes behind `at`.
    pub(super) fn after(&self, at: Position) -> After<E> {
        let ring = self.ring.lock();
        // Numbers have no gaps: the place in the ring is a subtraction.
        let Ok(place) = usize::try_from(at.0 - ring.start.0) else { return After::Earlier };
        ring.entries.get(place).map_or(After::Nothing, |entry| After::Entry(entry.clone()))
    }
}

impl<E> Ring<E> {
    /// The bytes of all answers that were rendered.
    fn bytes(&self) -> usize {
        self.entries.iter().filter_map(|entry| entry.payload.get()).map(Bytes::len).sum()
    }

    fn drop_oldest(&mut self) {
        if self.entries.pop_front().is_some() {
            self.start.0 += 1;
        }
    }
}
