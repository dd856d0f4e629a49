//! Receives all events of a topic for this process, in order and without gaps.

use std::{
    collections::HashMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    Event, FeedRequest, Log, Position, Presence, PresenceUpdate,
    feed::Feed,
    presence::{PresenceChange, PresenceState},
};
use crate::{
    bus::Bus,
    clock::Clock,
    error::{Error, Result},
};

/// Maximum number of events per read of the log.
const PAGE: u64 = 200;
/// Maximum number of different feeds of one topic per user.
const FEEDS_OF_USER: usize = 20;
/// Maximum number of different feeds of one topic.
const FEEDS: usize = 1000;
/// Maximum number of events that wait for a hub; it reads further ones from the log.
const MAIL: usize = 1024;
/// How long a hub waits before it repeats a failed read.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// All topics of one log that have subscribers in this process.
pub struct Hubs<L: Log> {
    pub(super) log: L,
    pub(super) clock: Clock,
    bus: Bus,
    hubs: Mutex<HashMap<Uuid, Weak<Hub<L>>>>,
}

/// The end of one topic's log, and its subscribers.
pub struct Hub<L: Log> {
    hubs: Arc<Hubs<L>>,
    pub(super) topic: Uuid,
    mail: Mutex<Vec<Arc<L::Event>>>,
    /// Whether the log may have events that are not in the mail.
    is_unread: AtomicBool,
    state: Mutex<State<L::Event>>,
    presence: Mutex<PresenceState>,
    signal: Arc<Notify>,
}

struct State<E> {
    /// Position of the last event that was published to the feeds.
    head: Position,
    feeds: HashMap<String, Slot<E>>,
}

/// A feed and the user whose subscription created it.
struct Slot<E> {
    feed: Weak<Feed<E>>,
    user: Box<str>,
}

impl<L: Log> Hubs<L> {
    /// Creates an empty set of hubs, which share presence over this bus.
    pub fn new(log: L, clock: Clock, bus: Bus) -> Arc<Self> {
        Arc::new(Self { log, clock, bus, hubs: Mutex::new(HashMap::new()) })
    }

    /// Notifies a topic's hub of a commit, with the event if it is loaded.
    pub fn publish(&self, topic: Uuid, event: Option<Arc<L::Event>>) {
        if let Some(hub) = self.find(topic) {
            let mut mail = hub.mail.lock();
            match event {
                Some(event) if mail.len() < MAIL => mail.push(event),
                _ => hub.is_unread.store(true, Ordering::Release),
            }
            drop(mail);
            hub.signal.notify_one();
        }
    }

    /// Notifies a topic's hub that its log reaches this position.
    pub fn advanced(&self, topic: Uuid, to: Position) {
        if let Some(hub) = self.find(topic).filter(|hub| hub.state.lock().head < to) {
            hub.is_unread.store(true, Ordering::Release);
            hub.signal.notify_one();
        }
    }

    /// Returns the topics with subscribers, with the positions of their last published events.
    pub fn positions(&self) -> Vec<(Uuid, Position)> {
        self.open().iter().map(|hub| (hub.topic, hub.state.lock().head)).collect()
    }

    fn open(&self) -> Vec<Arc<Hub<L>>> {
        self.hubs.lock().values().filter_map(Weak::upgrade).collect()
    }

    /// Records the presence of another server.
    pub fn receive_presence(&self, server: Uuid, update: PresenceUpdate) {
        if let Some(hub) = self.find(update.topic) {
            hub.update_presence(|presence| presence.receive(server, update));
        }
    }

    /// Removes the presence of a server that is gone.
    pub fn forget_presence(&self, server: Uuid) {
        for hub in self.open() {
            hub.update_presence(|presence| presence.forget(server));
        }
    }

    /// Sends the presence in all topics to the other servers again.
    pub fn share_presence(&self) {
        for hub in self.open() {
            hub.update_presence(PresenceState::share_again);
        }
    }

    /// Makes all subscribers of a topic revalidate their access grants.
    pub fn revalidate(&self, topic: Uuid) {
        if let Some(hub) = self.find(topic) {
            let feeds = hub.state.lock().feeds();
            feeds.iter().for_each(|feed| feed.revalidate());
        }
    }

    /// Returns the number of topics with subscribers.
    pub fn len(&self) -> usize {
        self.hubs.lock().len()
    }

    /// Returns whether no topic has subscribers.
    pub fn is_empty(&self) -> bool {
        self.hubs.lock().is_empty()
    }

    /// Returns the hub of a topic, or `None` if it has no subscribers.
    pub fn find(&self, topic: Uuid) -> Option<Arc<Hub<L>>> {
        self.hubs.lock().get(&topic).and_then(Weak::upgrade)
    }

    /// Returns the hub of a topic. A new hub begins at `head`, which must have been read from the log.
    pub(super) fn join(self: &Arc<Self>, topic: Uuid, head: Position) -> Arc<Hub<L>> {
        let mut hubs = self.hubs.lock();
        if let Some(hub) = hubs.get(&topic).and_then(Weak::upgrade) {
            return hub;
        }
        let hub = Arc::new(Hub {
            hubs: self.clone(),
            topic,
            mail: Mutex::new(Vec::new()),
            // A commit between the reading of `head` and now notified no hub.
            is_unread: AtomicBool::new(true),
            state: Mutex::new(State { head, feeds: HashMap::new() }),
            presence: Mutex::new(PresenceState::default()),
            signal: Arc::new(Notify::new()),
        });
        hubs.insert(topic, Arc::downgrade(&hub));
        drop(hubs);
        hub.signal.notify_one();
        tokio::spawn(drive(Arc::downgrade(&hub), hub.signal.clone(), self.clock.clone()));
        hub
    }
}

impl<L: Log> Drop for Hub<L> {
    fn drop(&mut self) {
        let mut hubs = self.hubs.hubs.lock();
        // A new hub may already be in the map.
        if hubs.get(&self.topic).is_some_and(|hub| hub.strong_count() == 0) {
            hubs.remove(&self.topic);
        }
        drop(hubs);
        if self.presence.get_mut().is_shared() {
            self.share(PresenceUpdate { topic: self.topic, presence: Default::default(), asks: false });
        }
        self.signal.notify_one();
    }
}

/// Runs for the lifetime of its hub: waits for notifications and publishes new events to the feeds.
async fn drive<L: Log>(hub: Weak<Hub<L>>, signal: Arc<Notify>, clock: Clock) {
    let mut due: Option<Duration> = None;
    loop {
        let activity = async {
            match due {
                Some(at) => clock.sleep_until_monotonic(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = signal.notified() => {}
            () = activity => {}
        }
        let Some(hub) = hub.upgrade() else { return };
        if let Err(error) = hub.advance().await {
            tracing::error!(error = format!("{error:?}"), topic = %hub.topic, "an event log could not be read");
            tokio::time::sleep(RETRY_DELAY).await;
            hub.is_unread.store(true, Ordering::Release);
            hub.signal.notify_one();
        }
        due = hub.publish_presence();
    }
}

impl<L: Log> Hub<L> {
    /// Publishes all committed events to the feeds: notified events if they are consecutive, the rest from
    /// the log.
    async fn advance(&self) -> Result<()> {
        let mut is_unread = self.is_unread.swap(false, Ordering::Acquire);
        let mut mail = std::mem::take(&mut *self.mail.lock());
        mail.sort_by_key(|event| event.position());
        let mut events = mail.into_iter().peekable();
        loop {
            let head = self.state.lock().head;
            while events.next_if(|event| event.position() <= head).is_some() {}
            match events.peek() {
                Some(event) if event.position().0 == head.0 + 1 => {
                    let mut run = Vec::new();
                    let mut next = head.0 + 1;
                    while let Some(event) = events.next_if(|event| event.position().0 == next) {
                        run.push(event);
                        next += 1;
                    }
                    self.give(run).await;
                }
                None if !is_unread => return Ok(()),
                // Positions follow the order of commits, so missing events are in the log.
                _ => {
                    self.read_log().await?;
                    is_unread = false;
                    let head = self.state.lock().head;
                    // Another server announced an event that the log does not have.
                    while events.next_if(|event| event.position().0 > head.0 + 1).is_some() {}
                }
            }
        }
    }

    async fn read_log(&self) -> Result<()> {
        loop {
            let head = self.state.lock().head;
            match self.hubs.log.read(self.topic, head, PAGE).await? {
                Some(events) => {
                    let more = events.len() as u64 == PAGE;
                    self.give(events).await;
                    if !more {
                        return Ok(());
                    }
                }
                None => {
                    // The log was compacted meanwhile; readers that are behind detect this when they read it.
                    let mut state = self.state.lock();
                    state.head.0 += 1;
                    let (head, feeds) = (state.head, state.feeds());
                    drop(state);
                    for feed in feeds {
                        feed.skip_to(head);
                    }
                }
            }
        }
    }

    async fn give(&self, events: Vec<Arc<L::Event>>) {
        let Some(last) = events.last() else { return };
        let feeds = {
            let mut state = self.state.lock();
            state.head = last.position();
            // A feed that is created from now on begins after these events.
            state.feeds()
        };
        // Feeds with many readers first: a feed of one subscriber cannot delay them.
        for feed in feeds {
            for event in &events {
                feed.push(event.clone()).await;
            }
        }
    }

    /// Returns the feed of a query for one audience, and creates it when there is none. `user` is the subscriber.
    ///
    /// # Errors
    /// [`Error::TooManyFeeds`] when the user or all users together have too many different feeds of this topic.
    pub(super) fn feed(
        &self,
        asked: FeedRequest,
        audience: &str,
        activity: bool,
        user: &str,
    ) -> Result<Arc<Feed<L::Event>>> {
        let key = format!("{audience}\n{activity}\n{}", asked.key);
        let mut state = self.state.lock();
        if let Some(feed) = state.feeds.get(&key).and_then(|slot| slot.feed.upgrade()) {
            return Ok(feed);
        }
        state.sweep();
        let own = state.feeds.values().filter(|slot| *slot.user == *user).count();
        if own >= FEEDS_OF_USER || state.feeds.len() >= FEEDS {
            return Err(Error::TooManyFeeds);
        }
        let feed = Arc::new(Feed::new(asked, activity, state.head));
        state.feeds.insert(key, Slot { feed: Arc::downgrade(&feed), user: user.into() });
        Ok(feed)
    }

    /// Returns at most `limit` events after `after` from the log.
    pub(super) async fn read(&self, after: Position, limit: u64) -> Result<Option<Vec<Arc<L::Event>>>> {
        self.hubs.log.read(self.topic, after, limit).await
    }

    /// Changes the presence of users.
    pub fn update_presence<T>(&self, change: impl FnOnce(&mut PresenceState) -> T) -> T {
        let outcome = change(&mut self.presence.lock());
        self.signal.notify_one();
        outcome
    }

    /// Returns the presence that the subscribers know; `None` before the first.
    pub(super) fn published_presence(&self) -> Option<Arc<Presence>> {
        let presence = self.presence.lock().published()?;
        Some(Arc::new(Presence { topic: self.topic, ..presence }))
    }

    /// Publishes changed presence, at most once per interval. Returns when to try again.
    fn publish_presence(&self) -> Option<Duration> {
        let now = self.hubs.clock.monotonic();
        let PresenceChange { presence, shared, due } =
            self.presence.lock().take_change(now, self.hubs.bus.is_shared());
        if let Some(presence) = presence {
            let presence = Arc::new(Presence { topic: self.topic, ..presence });
            let feeds = self.state.lock().feeds();
            for feed in feeds.into_iter().filter(|feed| feed.activity) {
                feed.pulse(presence.clone());
            }
        }
        if let Some((presence, asks)) = shared {
            self.share(PresenceUpdate { topic: self.topic, presence, asks });
        }
        due
    }

    fn share(&self, update: PresenceUpdate) {
        self.hubs.bus.send(PresenceUpdate::SUBJECT, &update, || None);
    }
}

impl<E> State<E> {
    /// Removes feeds without readers.
    fn sweep(&mut self) {
        self.feeds.retain(|_, slot| slot.feed.strong_count() > 0);
    }
}

impl<E: Event> State<E> {
    /// Returns the feeds with readers, those with the most readers first.
    fn feeds(&mut self) -> Vec<Arc<Feed<E>>> {
        self.sweep();
        let mut feeds: Vec<_> = self.feeds.values().filter_map(|slot| slot.feed.upgrade()).collect();
        feeds.sort_by_cached_key(|feed| std::cmp::Reverse(feed.readers()));
        feeds
    }
}
