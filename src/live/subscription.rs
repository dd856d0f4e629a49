//! What one subscriber is told: first where things stand, then everything that happens, until their right ends.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{
    StreamExt,
    future::{BoxFuture, ready},
    stream::{BoxStream, once, unfold},
};
use uuid::Uuid;

use super::{
    Asked, Event, Happening, Hub, Hubs, Log, Pass, Position, Run,
    outage::{is_outage, outlast},
    reader::{Reader, Step},
};
use crate::domain::{Error, Result};

/// What a subscription says next.
pub enum Next {
    /// One answer.
    Answer {
        /// What the door made of the happening.
        payload: Bytes,
        /// Where to go on after it; none for what is in no log.
        position: Option<Position>,
    },
    /// The right to listen has ended: nothing follows.
    Refused(Error),
}

/// What an event means to one subscriber.
pub enum Sight {
    /// They see it.
    Shown,
    /// It is not for them.
    Hidden,
    /// Nothing follows it, whether or not they see it: the stream is complete.
    Done {
        /// Whether they see it.
        shown: bool,
    },
    /// They see it, and nothing more: it ends their right.
    Last(Error),
    /// It ended their right before they could see it.
    Over(Error),
}

/// Where things stand, told before what happens: at the beginning, and where the log no longer reaches back.
pub struct Snapshot {
    /// Everything up to here is in it.
    pub position: Position,
    /// What the door is to answer about.
    pub happening: Happening,
}

/// Says what an event means to one subscriber.
pub type Judge<E> = Arc<dyn Fn(&E) -> Sight + Send + Sync>;

/// Reads where things stand; told whether that is because the log no longer reaches back.
pub type ReadSnapshot = Arc<dyn Fn(bool) -> BoxFuture<'static, Result<Snapshot>> + Send + Sync>;

/// A subscription that may be opened: whoever asked has the right to.
pub struct Subscription<L: Log> {
    /// Where the topic's hub is.
    pub hubs: Arc<Hubs<L>>,
    /// The topic.
    pub topic: Uuid,
    /// Where to go on; none begins with a snapshot, [`Position::LOST`] with one that says so.
    pub after: Option<Position>,
    /// The log's end as it was read when the right was checked.
    pub head: Position,
    /// Those with whom the answers are shared.
    pub audience: &'static str,
    /// The id of the subscriber.
    pub user: String,
    /// Who listens, where their activity and that of others is told.
    pub present: Option<String>,
    /// What an event means to this subscriber.
    pub judge: Judge<L::Event>,
    /// Reads where things stand; told whether that is because the log no longer reaches back.
    pub snapshot: ReadSnapshot,
    /// The right to listen.
    pub pass: Pass,
}

/// A subscription of whatever log.
pub trait Listen: Send {
    /// Opens it.
    fn open(self: Box<Self>, asked: Asked) -> BoxStream<'static, Next>;
}

impl<L: Log> Listen for Subscription<L> {
    fn open(self: Box<Self>, asked: Asked) -> BoxStream<'static, Next> {
        let hub = self.hubs.join(self.topic, self.head);
        let render = asked.render.clone();
        let feed = match hub.feed(asked, self.audience, self.present.is_some(), &self.user) {
            Ok(feed) => feed,
            Err(error) => return once(ready(Next::Refused(error))).boxed(),
        };
        let after = self.after.filter(|after| *after != Position::LOST);
        let presence = self.present.map(|user| Presence::enter(&hub, user));
        let state = Listener {
            reader: Reader::new(hub, feed, after.unwrap_or(self.head)),
            missing: after.is_none().then_some(self.after.is_some()),
            judge: self.judge,
            snapshot: self.snapshot,
            render,
            pass: self.pass,
            over: None,
            _presence: presence,
        };
        unfold(Some(state), |state| async move {
            let mut state = state?;
            loop {
                match state.next().await {
                    Ok(Some(next)) => return Some((next, Some(state))),
                    Ok(None) => return None,
                    Err(error) if is_outage(&error) => outlast(error).await,
                    Err(error) => return Some((Next::Refused(error), None)),
                }
            }
        })
        .boxed()
    }
}

struct Listener<L: Log> {
    reader: Reader<L>,
    /// Whether a snapshot comes first, and whether because the log was cut.
    missing: Option<bool>,
    judge: Judge<L::Event>,
    snapshot: ReadSnapshot,
    render: super::Render,
    pass: Pass,
    /// What comes after the last event: nothing, or why.
    over: Option<Option<Error>>,
    _presence: Option<Presence<L>>,
}

impl<L: Log> Listener<L> {
    /// What comes next; none when all was said.
    async fn next(&mut self) -> Result<Option<Next>> {
        if let Some(over) = self.over.take() {
            return over.map_or(Ok(None), Err);
        }
        loop {
            if let Some(cut) = self.missing {
                self.pass.confirmed().await?;
                let Snapshot { position, happening } = (self.snapshot)(cut).await?;
                let payload = (self.render)(happening, Run::Own).await;
                self.reader.skip_to(position);
                self.missing = None;
                return Ok(Some(Next::Answer { payload, position: Some(position) }));
            }
            let step = tokio::select! {
                // A right that ended goes before what happened since.
                biased;
                () = self.pass.doubt() => {
                    self.pass.check().await?;
                    continue;
                }
                step = self.reader.next() => step?,
            };
            match step {
                Step::Event(event, payload) => {
                    self.pass.confirmed().await?;
                    let next = Next::Answer { payload, position: Some(event.position()) };
                    match (self.judge)(&event) {
                        Sight::Shown => return Ok(Some(next)),
                        Sight::Hidden => {}
                        Sight::Done { shown: true } => {
                            self.over = Some(None);
                            return Ok(Some(next));
                        }
                        Sight::Done { shown: false } => return Ok(None),
                        Sight::Last(error) => {
                            self.over = Some(Some(error));
                            return Ok(Some(next));
                        }
                        Sight::Over(error) => return Err(error),
                    }
                }
                Step::Activity(payload) => {
                    self.pass.confirmed().await?;
                    return Ok(Some(Next::Answer { payload, position: None }));
                }
                Step::Gap => self.missing = Some(true),
                Step::Doubt => self.pass.check().await?,
            }
        }
    }
}

/// Somebody who is there for as long as they listen.
struct Presence<L: Log> {
    hub: Arc<Hub<L>>,
    user: String,
}

impl<L: Log> Presence<L> {
    fn enter(hub: &Arc<Hub<L>>, user: String) -> Self {
        hub.act(|doings| doings.enter(&user));
        Self { hub: hub.clone(), user }
    }
}

impl<L: Log> Drop for Presence<L> {
    fn drop(&mut self) {
        self.hub.act(|doings| doings.leave(&self.user));
    }
}
