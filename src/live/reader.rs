//! A position in a feed, which its reader pulls forward.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use tokio::sync::watch;

use super::{
    Hub, Log, Position,
    feed::{After, Feed, Head},
};
use crate::domain::Result;

/// Events that a reader who is behind reads at a time: all that it ever holds.
const PAGE: u64 = 32;

/// A position in a feed.
pub(super) struct Reader<L: Log> {
    pub(super) hub: Arc<Hub<L>>,
    feed: Arc<Feed<L::Event>>,
    at: Position,
    head: watch::Receiver<Head>,
    pulse: u64,
    doubts: u64,
    behind: VecDeque<Arc<L::Event>>,
}

/// What a reader comes to.
pub(super) enum Step<E> {
    /// The next event, and the answer about it.
    Event(Arc<E>, Bytes),
    /// Activity, which is in no log.
    Activity(Bytes),
    /// The log no longer has what comes next.
    Gap,
    /// The right to read may have changed.
    Doubt,
}

impl<L: Log> Reader<L> {
    pub(super) fn new(hub: Arc<Hub<L>>, feed: Arc<Feed<L::Event>>, at: Position) -> Self {
        let head = feed.watch();
        let Head { pulse, doubts, .. } = *head.borrow();
        Self { hub, feed, at, head, pulse, doubts, behind: VecDeque::new() }
    }

    /// Goes on behind `at`.
    pub(super) fn skip_to(&mut self, at: Position) {
        self.at = at;
        self.behind.clear();
    }

    /// The next thing, waited for. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Step<L::Event>> {
        use super::Event;
        loop {
            let head = *self.head.borrow_and_update();
            if head.doubts != self.doubts {
                self.doubts = head.doubts;
                return Ok(Step::Doubt);
            }
            if let Some(event) = self.behind.front() {
                let payload = (self.feed.render)(event.clone(), self.feed.run).await;
                let Some(event) = self.behind.pop_front() else { continue };
                self.at = event.position();
                return Ok(Step::Event(event, payload));
            }
            match self.feed.after(self.at) {
                After::Entry(entry) => {
                    let payload = self.feed.render_entry(&entry).await;
                    self.at = entry.event.position();
                    return Ok(Step::Event(entry.event, payload));
                }
                After::Earlier => match self.hub.read(self.at, PAGE).await? {
                    Some(events) if !events.is_empty() => self.behind.extend(events),
                    // The feed is ahead of the log as this read saw it only when the log was cut.
                    _ => return Ok(Step::Gap),
                },
                After::Nothing if head.pulse != self.pulse => {
                    let payload = self.feed.activity().await;
                    self.pulse = head.pulse;
                    return Ok(Step::Activity(payload));
                }
                // The sender lives in the feed, which we hold.
                After::Nothing => _ = self.head.changed().await,
            }
        }
    }
}
