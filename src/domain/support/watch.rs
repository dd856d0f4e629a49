//! The queue as it changes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use entity::support_chat;
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
    live::{Grant, Listen, Look, Looking, Pass, Recheck},
};

/// So many chats that are done a live queue shows.
const RESOLVED: u64 = 50;

/// Who listens to the queues of communities.
pub struct Queues {
    /// How often a queue is asked without being told: where another process writes to it too.
    pub(super) poll: Option<Duration>,
    listeners: Mutex<HashMap<Uuid, Vec<Arc<Notify>>>>,
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
            listeners.iter().for_each(|bell| bell.notify_one());
        }
    }

    fn join(&self, community_id: Uuid) -> Arc<Notify> {
        let bell = Arc::new(Notify::new());
        self.listeners.lock().entry(community_id).or_default().push(bell.clone());
        bell
    }

    fn leave(&self, community_id: Uuid, bell: &Arc<Notify>) {
        let mut listeners = self.listeners.lock();
        if let Some(here) = listeners.get_mut(&community_id) {
            here.retain(|other| !Arc::ptr_eq(other, bell));
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
    let mut pass = Pass::new(&app.access, &app.clock, &identity.user.id, identity.grant(), recheck);
    check(app, identity, community_id).await?;
    pass.holds_until(identity.signed_in_until());
    let grant = Grant::Community { user: identity.user.id.clone(), community: community_id };
    pass.depends_on(&app.access, Some(grant));
    let seat = Seat::take(app, |app| &app.queues, community_id);
    let look = Listener { seat, identity: identity.clone(), known: None };
    Ok(Box::new(Looking { look, pass, poll: app.queues.poll }))
}

async fn check(app: &App, identity: &Identity, community_id: Uuid) -> Result<()> {
    communities::get_allowed(app.db.read(), &identity.user, community_id, Action::SeeQueue).await?;
    Ok(())
}

/// Somebody's place among those who listen to a community's queue.
pub(super) struct Seat {
    pub(super) app: App,
    pub(super) community_id: Uuid,
    /// Among whom.
    queues: fn(&App) -> &Queues,
    /// Rings when something happened there.
    pub(super) bell: Arc<Notify>,
}

impl Seat {
    pub(super) fn take(app: &App, queues: fn(&App) -> &Queues, community_id: Uuid) -> Self {
        Self { app: app.clone(), community_id, queues, bell: queues(app).join(community_id) }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        (self.queues)(&self.app).leave(self.community_id, &self.bell);
    }
}

struct Listener {
    seat: Seat,
    identity: Arc<Identity>,
    /// The chats that were told; none before the first time.
    known: Option<Vec<support_chat::Model>>,
}

impl Look for Listener {
    type Change = QueueEvent;

    fn bell(&self) -> Arc<Notify> {
        self.seat.bell.clone()
    }

    async fn look(&mut self) -> Result<Option<QueueEvent>> {
        let Seat { app, community_id, .. } = &self.seat;
        // Where no other process tells of a role that was taken, the queue is shown to those who have it now.
        if app.queues.poll.is_some() {
            check(app, &self.identity, *community_id).await?;
        }
        let now = queue::list(app.db.read(), *community_id, RESOLVED).await?;
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
