//! The one place in this process where a topic's events arrive, in order and without gaps.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{Activity, Asked, Event, Log, Position, activity::Doings, feed::Feed};
use crate::{
    clock::Clock,
    domain::{Error, Result},
};

/// Events that are read from the log at a time.
const PAGE: u64 = 200;
/// Different feeds of one topic that one user may create at a time.
const FEEDS_OF_USER: usize = 20;
/// Different feeds of one topic at a time.
const FEEDS: usize = 1000;
/// How long a hub waits before it asks a database again that did not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// All topics of one log that somebody in this process listens to.
pub struct Hubs<L: Log> {
    pub(super) log: L,
    pub(super) clock: Clock,
    /// How often the log is asked without being rung: where another process writes to it too.
    poll: Option<Duration>,
    hubs: Mutex<HashMap<Uuid, Weak<Hub<L>>>>,
}

/// The end of one topic's log, and who listens to it.
pub struct Hub<L: Log> {
    hubs: Arc<Hubs<L>>,
    pub(super) topic: Uuid,
    mail: Mutex<Vec<Arc<L::Event>>>,
    state: Mutex<State<L::Event>>,
    doings: Mutex<Doings>,
    bell: Arc<Notify>,
}

struct State<E> {
    /// Everything up to here was given to the feeds.
    head: Position,
    feeds: HashMap<String, Slot<E>>,
}

/// A feed and the user whose subscription created it.
struct Slot<E> {
    feed: Weak<Feed<E>>,
    user: Box<str>,
}

impl<L: Log> Hubs<L> {
    /// No topics yet. Where other processes write to the log too, it is asked every `poll`.
    pub fn new(log: L, clock: Clock, poll: Option<Duration>) -> Arc<Self> {
        Arc::new(Self { log, clock, poll, hubs: Mutex::new(HashMap::new()) })
    }

    /// Tells the listeners of a topic that something was committed; the event, where it is at hand.
    pub fn ring(&self, topic: Uuid, event: Option<Arc<L::Event>>) {
        if let Some(hub) = self.find(topic) {
            hub.mail.lock().extend(event);
            hub.bell.notify_one();
        }
    }

    /// Makes everybody who listens to a topic ask again whether they may.
    pub fn doubt(&self, topic: Uuid) {
        if let Some(hub) = self.find(topic) {
            let feeds = hub.state.lock().feeds();
            feeds.iter().for_each(|feed| feed.doubt());
        }
    }

    /// The hub of a topic, if somebody listens to it.
    pub fn find(&self, topic: Uuid) -> Option<Arc<Hub<L>>> {
        self.hubs.lock().get(&topic).and_then(Weak::upgrade)
    }

    /// The hub of a topic; one that is made begins at `head`, which must have been read from the log.
    pub(super) fn join(self: &Arc<Self>, topic: Uuid, head: Position) -> Arc<Hub<L>> {
        let mut hubs = self.hubs.lock();
        if let Some(hub) = hubs.get(&topic).and_then(Weak::upgrade) {
            return hub;
        }
        let hub = Arc::new(Hub {
            hubs: self.clone(),
            topic,
            mail: Mutex::new(Vec::new()),
            state: Mutex::new(State { head, feeds: HashMap::new() }),
            doings: Mutex::new(Doings::default()),
            bell: Arc::new(Notify::new()),
        });
        hubs.insert(topic, Arc::downgrade(&hub));
        drop(hubs);
        // What was committed between reading `head` and now rang nowhere: the log is asked once.
        hub.bell.notify_one();
        tokio::spawn(drive(Arc::downgrade(&hub), hub.bell.clone(), self.clock.clone(), self.poll));
        hub
    }
}

impl<L: Log> Drop for Hub<L> {
    fn drop(&mut self) {
        let mut hubs = self.hubs.hubs.lock();
        // A new hub may have taken the place already.
        if hubs.get(&self.topic).is_some_and(|hub| hub.strong_count() == 0) {
            hubs.remove(&self.topic);
        }
        drop(hubs);
        self.bell.notify_one();
    }
}

/// Lives as long as its hub: sleeps until it is rung, then brings the feeds up to date.
async fn drive<L: Log>(hub: Weak<Hub<L>>, bell: Arc<Notify>, clock: Clock, poll: Option<Duration>) {
    let mut due: Option<Duration> = None;
    loop {
        let rung = async {
            match poll {
                // Late is what a lost ring costs, not lost.
                Some(poll) => _ = tokio::time::timeout(poll, bell.notified()).await,
                None => bell.notified().await,
            }
        };
        let activity = async {
            match due {
                Some(at) => clock.sleep_until_monotonic(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = rung => {}
            () = activity => {}
        }
        let Some(hub) = hub.upgrade() else { return };
        if let Err(error) = hub.advance().await {
            tracing::error!(error = format!("{error:?}"), topic = %hub.topic, "reading a log");
            tokio::time::sleep(AGAIN).await;
            hub.bell.notify_one();
        }
        due = hub.tell_activity().await;
    }
}

impl<L: Log> Hub<L> {
    /// Gives the feeds everything that was committed: what came by mail where it follows, the rest from the log.
    async fn advance(&self) -> Result<()> {
        let mut mail = std::mem::take(&mut *self.mail.lock());
        if mail.is_empty() {
            return self.read_log().await;
        }
        mail.sort_by_key(|event| event.position());
        let mut events = mail.into_iter().peekable();
        loop {
            let head = self.state.lock().head;
            while events.next_if(|event| event.position() <= head).is_some() {}
            match events.peek() {
                None => return Ok(()),
                Some(event) if event.position().0 == head.0 + 1 => {
                    let mut run = Vec::new();
                    let mut next = head.0 + 1;
                    while let Some(event) = events.next_if(|event| event.position().0 == next) {
                        run.push(event);
                        next += 1;
                    }
                    self.give(run).await;
                }
                // Numbers are given in the order of commits: what is missing is in the log.
                Some(_) => self.read_log().await?,
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
                    // The log was cut behind our back: everybody who is behind finds that out by reading it.
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
            // A feed that is made from now on begins behind these events.
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
        asked: Asked,
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

    /// At most so many events behind `after`, from the log.
    pub(super) async fn read(&self, after: Position, limit: u64) -> Result<Option<Vec<Arc<L::Event>>>> {
        self.hubs.log.read(self.topic, after, limit).await
    }

    /// Changes who is there or types.
    pub fn act(&self, change: impl FnOnce(&mut Doings)) {
        change(&mut self.doings.lock());
        self.bell.notify_one();
    }

    /// Tells activity if it changed and was not told a moment ago; says when to come back.
    async fn tell_activity(&self) -> Option<Duration> {
        let (told, due) = self.doings.lock().tell(self.hubs.clock.monotonic());
        if let Some(activity) = told {
            let activity = Arc::new(Activity { topic: self.topic, ..activity });
            let feeds = self.state.lock().feeds();
            for feed in feeds.into_iter().filter(|feed| feed.activity) {
                feed.pulse(activity.clone());
            }
        }
        due
    }
}

impl<E> State<E> {
    /// Forgets the feeds without readers.
    fn sweep(&mut self) {
        self.feeds.retain(|_, slot| slot.feed.strong_count() > 0);
    }
}

impl<E: Event> State<E> {
    /// The feeds that have readers, the most read first.
    fn feeds(&mut self) -> Vec<Arc<Feed<E>>> {
        self.sweep();
        let mut feeds: Vec<_> = self.feeds.values().filter_map(|slot| slot.feed.upgrade()).collect();
        feeds.sort_by_cached_key(|feed| std::cmp::Reverse(feed.readers()));
        feeds
    }
}
