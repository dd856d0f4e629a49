//! A position in a feed that its reader advances.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use tokio::sync::watch;

use super::{
    Hub, Log, Position,
    feed::{Feed, Head, NextEntry},
};
use crate::{
    error::Result,
    metrics::{metrics, seconds_since},
};

/// Maximum number of events that a lagging reader reads at a time and keeps in memory.
const PAGE: u64 = 32;

/// A position in a feed.
pub(super) struct Reader<L: Log> {
    pub(super) hub: Arc<Hub<L>>,
    feed: Arc<Feed<L::Event>>,
    at: Position,
    head: watch::Receiver<Head>,
    presence_version: u64,
    revalidations: u64,
    backlog: VecDeque<Arc<L::Event>>,
}

/// A step of a reader.
pub(super) enum Step<E> {
    /// The next event and its answer.
    Event(Arc<E>, Bytes),
    /// Presence, which is in no log.
    Presence(Bytes),
    /// The log no longer contains the next event.
    Gap,
    /// The access grant must be revalidated.
    Revalidate,
}

impl<L: Log> Reader<L> {
    pub(super) fn new(hub: Arc<Hub<L>>, feed: Arc<Feed<L::Event>>, at: Position) -> Self {
        let head = feed.watch();
        let Head { presence_version: pulse, revalidations: doubts, .. } = *head.borrow();
        Self { hub, feed, at, head, presence_version: pulse, revalidations: doubts, backlog: VecDeque::new() }
    }

    /// Delivers the known presence first: no change will announce it.
    pub(super) fn begin_with_presence(&mut self) {
        let Some(presence) = self.hub.published_presence() else { return };
        self.feed.begin_presence(presence);
        self.presence_version = self.head.borrow().presence_version.wrapping_sub(1);
    }

    /// Continues after `at`.
    pub(super) fn skip_to(&mut self, at: Position) {
        self.at = at;
        self.backlog.clear();
    }

    /// Waits for the next step. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Step<L::Event>> {
        use super::Event;
        loop {
            let head = *self.head.borrow_and_update();
            if head.revalidations != self.revalidations {
                self.revalidations = head.revalidations;
                return Ok(Step::Revalidate);
            }
            if let Some(event) = self.backlog.front() {
                let payload = (self.feed.render)(event.clone(), self.feed.run).await;
                let Some(event) = self.backlog.pop_front() else { continue };
                self.at = event.position();
                metrics().deliveries.inc();
                return Ok(Step::Event(event, payload));
            }
            match self.feed.after(self.at) {
                NextEntry::Entry(entry) => {
                    let payload = self.feed.render_entry(&entry).await;
                    self.at = entry.event.position();
                    metrics().deliveries.inc();
                    metrics().delivery_delay.observe(seconds_since(entry.since));
                    return Ok(Step::Event(entry.event, payload));
                }
                NextEntry::Behind => match self.hub.read(self.at, PAGE).await? {
                    Some(events) if !events.is_empty() => self.backlog.extend(events),
                    // The feed can be ahead of this read of the log only if the log was compacted.
                    _ => return Ok(Step::Gap),
                },
                NextEntry::Nothing if head.presence_version != self.presence_version => {
                    let payload = self.feed.activity().await;
                    self.presence_version = head.presence_version;
                    return Ok(Step::Presence(payload));
                }
                // The sender lives in the feed, which the reader holds.
                NextEntry::Nothing => _ = self.head.changed().await,
            }
        }
    }
}
