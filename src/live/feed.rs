//! The answers of one query about a topic: each event is rendered once for all subscribers with the same
//! query.

use std::{any::Any, collections::VecDeque, sync::Arc, time::Instant};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::{OnceCell, watch};

use super::{Event, Position};

/// Maximum number of answers that a feed keeps.
const MAX_ENTRIES: usize = 256;
/// Maximum bytes of answers that a feed keeps; the newest answer is always kept.
const MAX_BYTES: usize = 1024 * 1024;

/// Minimum number of readers for which the hub renders an answer before it wakes them.
const HUB_RENDERS_FROM: usize = 8;

/// An event or a snapshot to render. The caller of the feed knows its concrete type.
pub type Payload = Arc<dyn Any + Send + Sync>;

/// Whether an answer depends on the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenderMode {
    /// Rendered once for an audience, without a viewer.
    Shared,
    /// Rendered for one viewer.
    PerViewer,
}

/// Renders a payload into the bytes that a subscriber receives.
pub type Render = Arc<dyn Fn(Payload, RenderMode) -> BoxFuture<'static, Bytes> + Send + Sync>;

/// A query about a topic.
pub struct FeedRequest {
    /// Identifies the query within an audience: document, variables and, for viewer-dependent answers, the
    /// viewer.
    pub key: String,
    /// Whether the answer depends on the viewer.
    pub run: RenderMode,
    /// Renders the answers.
    pub render: Render,
}

/// The end of a feed and of its presence; a change wakes its readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) position: Position,
    /// Number of presence changes that were published.
    pub(super) presence_version: u64,
    /// Number of times that rights to the topic changed.
    pub(super) revalidations: u64,
}

/// The answers of one query about a topic.
pub(super) struct Feed<E> {
    pub(super) render: Render,
    pub(super) run: RenderMode,
    /// Whether the feed also publishes presence, which is in no log.
    pub(super) activity: bool,
    buffer: Mutex<EntryBuffer<E>>,
    head: watch::Sender<Head>,
}

struct EntryBuffer<E> {
    /// Position of the event before the first entry.
    start: Position,
    entries: VecDeque<Entry<E>>,
    presence: Option<PresenceEntry>,
}

/// The newest presence and its answer, which the first reader that needs it renders.
#[derive(Clone)]
struct PresenceEntry {
    activity: Payload,
    payload: Arc<OnceCell<Bytes>>,
}

/// An event and its answer, which the first reader that needs it renders.
pub(super) struct Entry<E> {
    pub(super) event: Arc<E>,
    /// When this server received the committed event.
    pub(super) since: Instant,
    payload: Arc<OnceCell<Bytes>>,
}

impl<E> Clone for Entry<E> {
    fn clone(&self) -> Self {
        Self { event: self.event.clone(), since: self.since, payload: self.payload.clone() }
    }
}

/// The entry of a feed after a position.
pub(super) enum NextEntry<E> {
    /// The next event.
    Entry(Entry<E>),
    /// There is no later event yet.
    Nothing,
    /// The feed begins later: read the log.
    Behind,
}

impl<E: Event> Feed<E> {
    pub(super) fn new(asked: FeedRequest, activity: bool, start: Position) -> Self {
        let ring = EntryBuffer { start, entries: VecDeque::new(), presence: None };
        let head = watch::Sender::new(Head { position: start, ..Head::default() });
        Self { render: asked.render, run: asked.run, activity, buffer: Mutex::new(ring), head }
    }

    /// Wakes when an event, a presence change or a change of rights arrives.
    pub(super) fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// Returns the number of subscribers that read this feed.
    pub(super) fn readers(&self) -> usize {
        self.head.receiver_count()
    }

    /// Publishes an event and wakes the readers. If many readers share the feed, the answer is rendered here,
    /// so that they do not wait for each other; otherwise a reader renders it in its own time.
    pub(super) async fn push(&self, event: Arc<E>) {
        let position = event.position();
        let entry = Entry { event, since: Instant::now(), payload: Arc::default() };
        if self.readers() >= HUB_RENDERS_FROM {
            self.render_entry(&entry).await;
        }
        {
            let mut ring = self.buffer.lock();
            ring.entries.push_back(entry);
            while ring.entries.len() > 1 && (ring.entries.len() > MAX_ENTRIES || ring.bytes() > MAX_BYTES) {
                ring.drop_oldest();
            }
        }
        self.head.send_modify(|head| head.position = position);
    }

    /// Returns the answer for an event, rendered once for all readers.
    pub(super) async fn render_entry(&self, entry: &Entry<E>) -> Bytes {
        let render = || (self.render)(entry.event.clone(), self.run);
        entry.payload.get_or_init(render).await.clone()
    }

    /// Publishes presence and wakes the readers. Only the newest presence is kept.
    pub(super) fn pulse(&self, activity: Payload) {
        self.buffer.lock().presence = Some(PresenceEntry { activity, payload: Arc::default() });
        self.head.send_modify(|head| head.presence_version += 1);
    }

    /// Sets the presence of a feed that has none, without waking the readers.
    pub(super) fn begin_presence(&self, activity: Payload) {
        self.buffer
            .lock()
            .presence
            .get_or_insert_with(|| PresenceEntry { activity, payload: Arc::default() });
    }

    /// Returns the answer for the newest presence, rendered once for all readers.
    pub(super) async fn activity(&self) -> Bytes {
        let Some(PresenceEntry { activity, payload }) = self.buffer.lock().presence.clone() else {
            return Bytes::new();
        };
        payload.get_or_init(|| (self.render)(activity, self.run)).await.clone()
    }

    /// Makes every reader revalidate its access grant.
    pub(super) fn revalidate(&self) {
        self.head.send_modify(|head| head.revalidations += 1);
    }

    /// Continues at `position`; readers read the skipped events from the log.
    pub(super) fn skip_to(&self, position: Position) {
        let mut ring = self.buffer.lock();
        ring.entries.clear();
        ring.start = position;
        drop(ring);
        self.head.send_modify(|head| head.position = position);
    }

    /// Returns the entry after `at`.
    pub(super) fn after(&self, at: Position) -> NextEntry<E> {
        let ring = self.buffer.lock();
        // Positions have no gaps, so the index in the ring is a difference.
        let Ok(place) = usize::try_from(at.0 - ring.start.0) else { return NextEntry::Behind };
        ring.entries.get(place).map_or(NextEntry::Nothing, |entry| NextEntry::Entry(entry.clone()))
    }
}

impl<E> EntryBuffer<E> {
    /// Returns the bytes of all rendered answers.
    fn bytes(&self) -> usize {
        self.entries.iter().filter_map(|entry| entry.payload.get()).map(Bytes::len).sum()
    }

    fn drop_oldest(&mut self) {
        if self.entries.pop_front().is_some() {
            self.start.0 += 1;
        }
    }
}
