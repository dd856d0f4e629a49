//! A subscription: first a snapshot, then every event, until the right to receive them ends.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{
    StreamExt,
    future::{BoxFuture, ready},
    stream::{BoxStream, once, unfold},
};
use uuid::Uuid;

use super::{
    AccessGrant, Event, FeedRequest, Hub, Hubs, Log, Payload, Position, RenderMode,
    outage::{is_outage, wait_out},
    reader::{Reader, Step},
};
use crate::error::{Error, Result};

/// The next item of a subscription.
pub enum Next {
    /// One answer.
    Answer {
        /// The rendered event.
        payload: Bytes,
        /// Position from which to resume; `None` for state that is in no log.
        position: Option<Position>,
    },
    /// The right has ended: nothing follows.
    Refused(Error),
}

/// The effect of an event on one subscriber.
pub enum Visibility {
    /// The subscriber receives it.
    Visible,
    /// The subscriber does not receive it.
    Hidden,
    /// The stream is complete after it.
    Completed {
        /// Whether the subscriber receives it.
        shown: bool,
    },
    /// The subscriber receives it as the last item: it ends the right.
    FinalThenError(Error),
    /// It ended the right before the subscriber could receive it.
    Ended(Error),
}

/// The current state, sent at the beginning and when the log no longer contains the subscriber's position.
pub struct Snapshot {
    /// Position of the last event that is included.
    pub position: Position,
    /// The payload to render.
    pub payload: Payload,
}

/// Returns the effect of an event on one subscriber.
pub type VisibilityOf<E> = Arc<dyn Fn(&E) -> Visibility + Send + Sync>;

/// Reads the snapshot. The argument is whether the log no longer contained the subscriber's position.
pub type ReadSnapshot = Arc<dyn Fn(bool) -> BoxFuture<'static, Result<Snapshot>> + Send + Sync>;

/// A subscription that its subscriber has the right to open.
pub struct Subscription<L: Log> {
    /// The hubs of the log.
    pub hubs: Arc<Hubs<L>>,
    /// The topic.
    pub topic: Uuid,
    /// Position after which to begin; `None` begins with a snapshot, [`Position::LOST`] with one that
    /// requests a resync.
    pub after: Option<Position>,
    /// End of the log when the right was checked.
    pub head: Position,
    /// The audience with which the answers are shared.
    pub audience: &'static str,
    /// The id of the subscriber.
    pub user: String,
    /// Id under which the subscriber is present, if the topic publishes presence.
    pub present: Option<String>,
    /// Returns the effect of an event on this subscriber.
    pub visibility: VisibilityOf<L::Event>,
    /// Reads the snapshot. The argument is whether the log no longer contained the subscriber's position.
    pub snapshot: ReadSnapshot,
    /// The right to receive the events.
    pub grant: AccessGrant,
}

/// A subscription of any log.
pub trait Subscribe: Send {
    /// Opens it.
    fn open(self: Box<Self>, asked: FeedRequest) -> BoxStream<'static, Next>;
}

impl<L: Log> Subscribe for Subscription<L> {
    fn open(self: Box<Self>, asked: FeedRequest) -> BoxStream<'static, Next> {
        let hub = self.hubs.join(self.topic, self.head);
        let render = asked.render.clone();
        let feed = match hub.feed(asked, self.audience, self.present.is_some(), &self.user) {
            Ok(feed) => feed,
            Err(error) => return once(ready(Next::Refused(error))).boxed(),
        };
        let after = self.after.filter(|after| *after != Position::LOST);
        // The reader comes first: entering changes the presence, and the subscriber receives that change too.
        let mut reader = Reader::new(hub.clone(), feed, after.unwrap_or(self.head));
        let presence = self.present.map(|user| PresenceGuard::enter(&hub, user));
        if presence.as_ref().is_some_and(|entered| !entered.is_news) {
            reader.begin_with_presence();
        }
        let state = LogSubscription {
            reader,
            missing: after.is_none().then_some(self.after.is_some()),
            visibility: self.visibility,
            snapshot: self.snapshot,
            render,
            grant: self.grant,
            ended: None,
            _presence: presence,
        };
        unfold(Some(state), |state| async move {
            let mut state = state?;
            loop {
                match state.next().await {
                    Ok(Some(next)) => return Some((next, Some(state))),
                    Ok(None) => return None,
                    Err(error) if is_outage(&error) => wait_out(error).await,
                    Err(error) => return Some((Next::Refused(error), None)),
                }
            }
        })
        .boxed()
    }
}

struct LogSubscription<L: Log> {
    reader: Reader<L>,
    /// Whether a snapshot comes first, and whether the log no longer contained the position.
    missing: Option<bool>,
    visibility: VisibilityOf<L::Event>,
    snapshot: ReadSnapshot,
    render: super::Render,
    grant: AccessGrant,
    /// The end of the stream after the last item: `Some(None)` completes it, `Some(Some(error))` refuses it.
    ended: Option<Option<Error>>,
    _presence: Option<PresenceGuard<L>>,
}

impl<L: Log> LogSubscription<L> {
    /// Returns the next item, or `None` at the end.
    async fn next(&mut self) -> Result<Option<Next>> {
        if let Some(over) = self.ended.take() {
            return over.map_or(Ok(None), Err);
        }
        loop {
            if let Some(cut) = self.missing {
                self.grant.wait_until_confirmed().await?;
                let Snapshot { position, payload: happening } = (self.snapshot)(cut).await?;
                let payload = (self.render)(happening, RenderMode::PerViewer).await;
                self.reader.skip_to(position);
                self.missing = None;
                return Ok(Some(Next::Answer { payload, position: Some(position) }));
            }
            let step = tokio::select! {
                // An ended right takes precedence over events since then.
                biased;
                () = self.grant.revalidation_needed() => {
                    self.grant.revalidate().await?;
                    continue;
                }
                step = self.reader.next() => step?,
            };
            match step {
                Step::Event(event, payload) => {
                    self.grant.wait_until_confirmed().await?;
                    let next = Next::Answer { payload, position: Some(event.position()) };
                    match (self.visibility)(&event) {
                        Visibility::Visible => return Ok(Some(next)),
                        Visibility::Hidden => {}
                        Visibility::Completed { shown: true } => {
                            self.ended = Some(None);
                            return Ok(Some(next));
                        }
                        Visibility::Completed { shown: false } => return Ok(None),
                        Visibility::FinalThenError(error) => {
                            self.ended = Some(Some(error));
                            return Ok(Some(next));
                        }
                        Visibility::Ended(error) => return Err(error),
                    }
                }
                Step::Presence(payload) => {
                    self.grant.wait_until_confirmed().await?;
                    return Ok(Some(Next::Answer { payload, position: None }));
                }
                Step::Gap => self.missing = Some(true),
                Step::Revalidate => self.grant.revalidate().await?,
            }
        }
    }
}

/// Keeps a subscriber present while the subscription is open.
struct PresenceGuard<L: Log> {
    hub: Arc<Hub<L>>,
    user: String,
    /// Whether the user was absent before, so that a change of the presence follows.
    is_news: bool,
}

impl<L: Log> PresenceGuard<L> {
    fn enter(hub: &Arc<Hub<L>>, user: String) -> Self {
        let is_news = hub.update_presence(|presence| presence.enter(&user));
        Self { hub: hub.clone(), user, is_news }
    }
}

impl<L: Log> Drop for PresenceGuard<L> {
    fn drop(&mut self) {
        self.hub.update_presence(|presence| presence.leave(&self.user));
    }
}
