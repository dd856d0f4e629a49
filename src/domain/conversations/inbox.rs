//! All conversations of one's own: those that changed are told, however many events that were.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Weak},
    time::Duration,
};

use entity::conversation;
use parking_lot::Mutex;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::Notify;
use uuid::Uuid;

use super::access::own;
use crate::{
    app::App,
    domain::{
        Result, User,
        accounts::{Identity, check_identity},
    },
    live::{Listen, Look, Looking, Pass, Recheck},
};

/// So many conversations, the ones that changed last, an inbox has.
const MOST: u64 = 500;

/// Who listens to all conversations of their own.
pub struct Inbox {
    /// How often the conversations are asked without being told: where another process writes to them too.
    poll: Option<Duration>,
    listeners: Mutex<HashMap<String, Vec<Weak<Dirty>>>>,
    by_conversation: Mutex<HashMap<Uuid, Vec<Weak<Dirty>>>>,
}

/// What changed since one listener was last told.
#[derive(Default)]
struct Dirty {
    changed: Mutex<BTreeSet<Uuid>>,
    bell: Arc<Notify>,
}

impl Dirty {
    fn add(&self, conversation: Uuid) {
        self.changed.lock().insert(conversation);
        self.bell.notify_one();
    }
}

/// What an inbox tells.
#[derive(Clone, Debug)]
pub struct InboxEvent {
    /// Whether it is told first, of all conversations.
    pub whole: bool,
    /// Those that changed, the last changed first.
    pub conversations: Vec<conversation::Model>,
    /// Those that are one's own no longer.
    pub gone: Vec<Uuid>,
}

impl Inbox {
    pub(crate) fn new(poll: Option<Duration>) -> Self {
        Self { poll, listeners: Mutex::default(), by_conversation: Mutex::default() }
    }

    /// Something happened in a conversation.
    pub(super) fn touched(&self, conversation: Uuid) {
        if let Some(listeners) = self.by_conversation.lock().get(&conversation) {
            listeners.iter().filter_map(Weak::upgrade).for_each(|dirty| dirty.add(conversation));
        }
    }

    /// A conversation changed for one person: they read it, came to it or lost it.
    pub(in crate::domain) fn changed_for(&self, user_id: &str, conversation: Uuid) {
        let dirty: Vec<_> = {
            let listeners = self.listeners.lock();
            listeners.get(user_id).into_iter().flatten().filter_map(Weak::upgrade).collect()
        };
        for dirty in dirty {
            self.follow(&dirty, [conversation]);
            dirty.add(conversation);
        }
    }

    fn join(&self, user_id: &str) -> Arc<Dirty> {
        let dirty = Arc::new(Dirty::default());
        let mut listeners = self.listeners.lock();
        let own = listeners.entry(user_id.to_owned()).or_default();
        own.retain(|dirty| dirty.strong_count() > 0);
        own.push(Arc::downgrade(&dirty));
        dirty
    }

    fn follow(&self, dirty: &Arc<Dirty>, conversations: impl IntoIterator<Item = Uuid>) {
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            let listeners = by_conversation.entry(id).or_default();
            listeners.retain(|other| other.strong_count() > 0);
            if !listeners.iter().any(|other| std::ptr::eq(other.as_ptr(), Arc::as_ptr(dirty))) {
                listeners.push(Arc::downgrade(dirty));
            }
        }
    }

    /// Forgets those who stopped to listen.
    fn sweep(&self, user_id: &str, conversations: impl IntoIterator<Item = Uuid>) {
        let live = |dirty: &Weak<Dirty>| dirty.strong_count() > 0;
        let mut listeners = self.listeners.lock();
        if let Some(own) = listeners.get_mut(user_id) {
            own.retain(live);
            if own.is_empty() {
                listeners.remove(user_id);
            }
        }
        drop(listeners);
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            if let Some(listeners) = by_conversation.get_mut(&id) {
                listeners.retain(live);
                if listeners.is_empty() {
                    by_conversation.remove(&id);
                }
            }
        }
    }
}

/// The actor's own conversations, the last changed first.
///
/// # Errors
/// [`crate::domain::Error::Internal`].
pub async fn list_own(app: &App, actor: &User) -> Result<Vec<conversation::Model>> {
    Ok(conversation::Entity::find()
        .filter(own(&actor.id, app.clock.now()))
        .order_by_desc(conversation::Column::LastMicros)
        .order_by_desc(conversation::Column::Id)
        .limit(MOST)
        .all(app.db.read())
        .await?)
}

/// Listens to all conversations of one's own, as long as one is signed in.
pub fn watch_inbox(app: &App, identity: &Arc<Identity>) -> Box<dyn Listen> {
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move { check_identity(&app, &identity).await })
        })
    };
    let mut pass = Pass::new(&app.access, &app.clock, &identity.user.id, recheck);
    pass.holds_until(identity.signed_in_until());
    let dirty = app.inbox.join(&identity.user.id);
    let bell = dirty.bell.clone();
    let look =
        Listener { app: app.clone(), user: identity.user.clone(), dirty: Some(dirty), bell, known: None };
    Box::new(Looking { look, pass, poll: app.inbox.poll })
}

struct Listener {
    app: App,
    user: User,
    dirty: Option<Arc<Dirty>>,
    bell: Arc<Notify>,
    /// The conversations that were told and their logs' ends; none before the first time.
    known: Option<HashMap<Uuid, i64>>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.dirty = None;
        self.app.inbox.sweep(&self.user.id, self.known.take().unwrap_or_default().into_keys());
    }
}

impl Look for Listener {
    type Change = InboxEvent;

    fn bell(&self) -> Arc<Notify> {
        self.bell.clone()
    }

    async fn look(&mut self) -> Result<Option<InboxEvent>> {
        let Some(dirty) = &self.dirty else { return Ok(None) };
        let told_to_look = std::mem::take(&mut *dirty.changed.lock());
        let conversations = list_own(&self.app, &self.user).await?;
        let now: HashMap<Uuid, i64> = conversations.iter().map(|row| (row.id, row.last_seq)).collect();
        let Some(known) = self.known.replace(now.clone()) else {
            self.app.inbox.follow(dirty, now.into_keys());
            return Ok(Some(InboxEvent { whole: true, conversations, gone: Vec::new() }));
        };
        self.app.inbox.follow(dirty, now.keys().copied().filter(|id| !known.contains_key(id)));
        let gone: Vec<Uuid> = known.keys().copied().filter(|id| !now.contains_key(id)).collect();
        let changed: Vec<_> = conversations
            .into_iter()
            .filter(|row| known.get(&row.id) != Some(&row.last_seq) || told_to_look.contains(&row.id))
            .collect();
        if changed.is_empty() && gone.is_empty() {
            return Ok(None);
        }
        Ok(Some(InboxEvent { whole: false, conversations: changed, gone }))
    }
}
