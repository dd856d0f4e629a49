//! The queue as it changes.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use entity::support_chat;
use futures_util::{
    StreamExt,
    stream::{BoxStream, unfold},
};
use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use super::queue;
use crate::{
    app::App,
    domain::{
        Result,
        accounts::{Identity, check_identity},
        communities::{self, Action},
    },
    live::{Asked, Listen, Next, Pass, Recheck, Run},
};

/// So many chats that are done a live queue shows.
const RESOLVED: u64 = 50;

/// Who listens to the queues of communities.
pub struct Queues {
    /// How often a queue is asked without being told: where another process writes to it too.
    poll: Option<Duration>,
    listeners: Mutex<HashMap<Uuid, Vec<Weak<Notify>>>>,
}

/// What changed in a queue.
#[derive(Clone, Debug)]
pub struct QueueEvent {
    /// Whether it is told first: all of the queue.
    pub whole: bool,
    /// Those that changed, as they are now, in the order of the queue.
    pub chats: Vec<support_chat::Model>,
    /// The ids of those that are no longer shown.
    pub gone: Vec<Uuid>,
    /// The ids of those that have become late.
    pub late: Vec<Uuid>,
    /// The ids of all that are shown, in the order of the queue.
    pub order: Vec<Uuid>,
}

impl Queues {
    pub(crate) fn new(poll: Option<Duration>) -> Self {
        Self { poll, listeners: Mutex::default() }
    }

    /// Something happened in a community's queue.
    pub(in crate::domain) fn touched(&self, community_id: Uuid) {
        if let Some(listeners) = self.listeners.lock().get(&community_id) {
            listeners.iter().filter_map(Weak::upgrade).for_each(|bell| bell.notify_one());
        }
    }

    fn join(&self, community_id: Uuid) -> Arc<Notify> {
        let bell = Arc::new(Notify::new());
        let mut listeners = self.listeners.lock();
        listeners.entry(community_id).or_default().push(Arc::downgrade(&bell));
        bell
    }

    /// Forgets those who stopped to listen.
    fn sweep(&self, community_id: Uuid) {
        let mut listeners = self.listeners.lock();
        if let Some(here) = listeners.get_mut(&community_id) {
            here.retain(|bell| bell.strong_count() > 0);
            if here.is_empty() {
                listeners.remove(&community_id);
            }
        }
    }
}

/// Listens to a community's queue: first all of it, then what changes, as long as the actor serves there.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`], also where there is no such community.
pub async fn watch_queue(app: &App, identity: &Arc<Identity>, community_id: Uuid) -> Result<Box<dyn Listen>> {
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move {
                let signed_in_until = check_identity(&app, &identity).await?;
                check(&app, &identity, community_id).await?;
                Ok(signed_in_until)
            })
        })
    };
    let mut pass = Pass::new(&app.access, &app.clock, &identity.user.id, recheck);
    check(app, identity, community_id).await?;
    pass.holds_until(identity.signed_in_until());
    let bell = Some(app.queues.join(community_id));
    Ok(Box::new(Listener {
        app: app.clone(),
        identity: identity.clone(),
        community_id,
        bell,
        pass,
        known: None,
    }))
}

async fn check(app: &App, identity: &Identity, community_id: Uuid) -> Result<()> {
    communities::get_allowed(app.db.read(), &identity.user, community_id, Action::SeeQueue).await?;
    Ok(())
}

struct Listener {
    app: App,
    identity: Arc<Identity>,
    community_id: Uuid,
    bell: Option<Arc<Notify>>,
    pass: Pass,
    /// The chats that were told; none before the first time.
    known: Option<Vec<support_chat::Model>>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.bell = None;
        self.app.queues.sweep(self.community_id);
    }
}

impl Listen for Listener {
    fn open(self: Box<Self>, asked: Asked) -> BoxStream<'static, Next> {
        unfold(Some((*self, asked)), |state| async move {
            let (mut listener, asked) = state?;
            match listener.next().await {
                Ok(event) => {
                    let payload = (asked.render)(Arc::new(event), Run::Own).await;
                    Some((Next::Answer { payload, position: None }, Some((listener, asked))))
                }
                Err(error) => Some((Next::Refused(error), None)),
            }
        })
        .boxed()
    }
}

impl Listener {
    async fn next(&mut self) -> Result<QueueEvent> {
        loop {
            // Where no other process tells of a role that was taken, the queue is shown to those who have it now.
            if self.app.queues.poll.is_some() {
                check(&self.app, &self.identity, self.community_id).await?;
            }
            if let Some(event) = self.compare().await? {
                return Ok(event);
            }
            let (Some(bell), poll) = (&self.bell, self.app.queues.poll) else { continue };
            let changed = async {
                match poll {
                    Some(poll) => _ = tokio::time::timeout(poll, bell.notified()).await,
                    None => bell.notified().await,
                }
            };
            tokio::select! {
                biased;
                () = self.pass.doubt() => self.pass.check().await?,
                () = changed => {}
            }
        }
    }

    /// What is different from what was told; the first time all of it.
    async fn compare(&mut self) -> Result<Option<QueueEvent>> {
        let now = queue::list(self.app.db.read(), self.community_id, RESOLVED).await?;
        let order: Vec<Uuid> = now.iter().map(|chat| chat.id).collect();
        let Some(known) = self.known.replace(now.clone()) else {
            let late = now.iter().filter(|chat| chat.late_since.is_some()).map(|chat| chat.id).collect();
            return Ok(Some(QueueEvent { whole: true, chats: now, gone: Vec::new(), late, order }));
        };
        let was_late = |id: Uuid| known.iter().any(|chat| chat.id == id && chat.late_since.is_some());
        let gone = known.iter().map(|chat| chat.id).filter(|id| !order.contains(id)).collect::<Vec<_>>();
        let late = now.iter().filter(|chat| chat.late_since.is_some() && !was_late(chat.id));
        let late = late.map(|chat| chat.id).collect();
        let chats: Vec<_> = now.into_iter().filter(|chat| !known.contains(chat)).collect();
        if chats.is_empty() && gone.is_empty() {
            return Ok(None);
        }
        Ok(Some(QueueEvent { whole: false, chats, gone, late, order }))
    }
}
