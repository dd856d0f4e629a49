//! Subscription to a support queue.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use entity::support_chat;
use tokio::sync::Notify;
use uuid::Uuid;

use super::queue;
use crate::{
    app::App,
    domain::{
        EVENT_ROWS,
        accounts::{Identity, check_identity},
        communities::{self, Action},
    },
    error::Result,
    live::{AccessGrant, Recheck, Right, SignalSubscription, StateSource, StateSubscription, Subscribe},
};

/// Number of resolved chats in a live queue.
const RESOLVED: u64 = 50;

/// A change of a queue.
#[derive(Clone, Debug)]
pub struct QueueEvent {
    /// Whether this is the initial snapshot: the beginning of the queue. The others follow.
    pub is_snapshot: bool,
    /// The changed chats, in queue order; at most 100.
    pub chats: Vec<support_chat::Model>,
    /// Ids of chats that left the queue.
    pub removed_ids: Vec<Uuid>,
    /// Ids of chats with a new breach; in a snapshot, of all chats in breach.
    pub late_ids: Vec<Uuid>,
    /// Ids of all published chats, in queue order.
    pub ordered_ids: Vec<Uuid>,
}

/// Subscribes to a community's queue: a snapshot, then changes, while the actor serves there.
///
/// # Errors
/// [`crate::error::Error::Forbidden`], also if the community does not exist.
pub async fn watch_queue(
    app: &App,
    identity: &Arc<Identity>,
    community_id: Uuid,
) -> Result<Box<dyn Subscribe>> {
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
    let mut grant = AccessGrant::new(&app.grants, &app.clock, &identity.user.id, identity.grant(), recheck);
    check(app, identity, community_id).await?;
    grant.holds_until(identity.signed_in_until());
    let right = Right::Community { user: identity.user.id.clone(), community: community_id };
    grant.depends_on(&app.grants, Some(right));
    let access = app.queues.subscribe(community_id);
    let source = QueueSource {
        app: app.clone(),
        community_id,
        access,
        identity: identity.clone(),
        known: None,
        looked_at: app.clock.now(),
    };
    Ok(Box::new(StateSubscription { source, grant }))
}

async fn check(app: &App, identity: &Identity, community_id: Uuid) -> Result<()> {
    communities::get_allowed(app.db.read(), &identity.user, community_id, Action::SeeQueue).await?;
    Ok(())
}

struct QueueSource {
    app: App,
    community_id: Uuid,
    access: SignalSubscription,
    identity: Arc<Identity>,
    /// The last published chats; `None` before the snapshot.
    known: Option<HashMap<Uuid, support_chat::Model>>,
    /// When the queue was read last.
    looked_at: DateTime<Utc>,
}

impl StateSource for QueueSource {
    type Change = QueueEvent;

    fn wake_signal(&self) -> Arc<Notify> {
        self.access.signal.clone()
    }

    async fn poll_change(&mut self) -> Result<Option<QueueEvent>> {
        let Self { app, community_id, .. } = self;
        // A change of a role on another server may not have arrived yet.
        if app.bus.is_shared() {
            check(app, &self.identity, *community_id).await?;
        }
        let now = queue::list(app.db.read(), *community_id, RESOLVED).await?;
        let looked_at = std::mem::replace(&mut self.looked_at, app.clock.now());
        let whole = self.known.is_none();
        let known = self.known.get_or_insert_default();
        let mut gone: HashSet<Uuid> = known.keys().copied().collect();
        for chat in &now {
            gone.remove(&chat.id);
        }
        for id in &gone {
            known.remove(id);
        }
        let order: Vec<Uuid> = now.iter().map(|chat| chat.id).collect();
        // The next poll, which follows at once, publishes the rest.
        let changed = now.into_iter().filter(|chat| known.get(&chat.id).is_none_or(|known| known != chat));
        let chats: Vec<_> = changed.take(EVENT_ROWS).collect();
        if chats.is_empty() && gone.is_empty() && !whole {
            return Ok(None);
        }
        // Also chats that were late and have been answered since the last poll.
        let is_late = |chat: &&support_chat::Model| match known.get(&chat.id) {
            Some(was) => chat.last_late_at.is_some() && chat.last_late_at != was.last_late_at,
            None => {
                chat.late_since.is_some() || !whole && chat.last_late_at.is_some_and(|at| at >= looked_at)
            }
        };
        let late = chats.iter().filter(is_late).map(|chat| chat.id).collect();
        known.extend(chats.iter().map(|chat| (chat.id, chat.clone())));
        let order = order.into_iter().filter(|id| known.contains_key(id)).collect();
        Ok(Some(QueueEvent {
            is_snapshot: whole,
            chats,
            removed_ids: gone.into_iter().collect(),
            late_ids: late,
            ordered_ids: order,
        }))
    }
}
