//! All conversations of one's own: those that changed are told, however many events that were.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{VisibleConversation, readable::list_of_user, reads::list_read_marks};
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
    listeners: Mutex<HashMap<String, Vec<Weak<Notify>>>>,
    by_conversation: Mutex<HashMap<Uuid, Vec<Weak<Notify>>>>,
}

/// What an inbox tells.
#[derive(Clone, Debug)]
pub struct InboxEvent {
    /// Whether it is told first, of all conversations.
    pub whole: bool,
    /// Those that changed, the last changed first.
    pub conversations: Vec<VisibleConversation>,
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
            listeners.iter().filter_map(Weak::upgrade).for_each(|bell| bell.notify_one());
        }
    }

    /// A conversation changed for one person: they read it, came to it or lost it.
    pub(in crate::domain) fn changed_for(&self, user_id: &str) {
        if let Some(own) = self.listeners.lock().get(user_id) {
            own.iter().filter_map(Weak::upgrade).for_each(|bell| bell.notify_one());
        }
    }

    fn join(&self, user_id: &str) -> Arc<Notify> {
        let bell = Arc::new(Notify::new());
        self.listeners.lock().entry(user_id.to_owned()).or_default().push(Arc::downgrade(&bell));
        bell
    }

    fn follow(&self, bell: &Arc<Notify>, conversations: impl IntoIterator<Item = Uuid>) {
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            let listeners = by_conversation.entry(id).or_default();
            listeners.retain(|other| other.strong_count() > 0);
            listeners.push(Arc::downgrade(bell));
        }
    }

    fn unfollow(&self, bell: &Arc<Notify>, conversations: &[Uuid]) {
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            if let Some(listeners) = by_conversation.get_mut(id) {
                listeners.retain(|other| !std::ptr::eq(other.as_ptr(), Arc::as_ptr(bell)));
                if listeners.is_empty() {
                    by_conversation.remove(id);
                }
            }
        }
    }

    /// Forgets those who stopped to listen.
    fn sweep(&self, user_id: &str, conversations: impl IntoIterator<Item = Uuid>) {
        let live = |bell: &Weak<Notify>| bell.strong_count() > 0;
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
pub async fn list_own(app: &App, actor: &User) -> Result<Vec<VisibleConversation>> {
    list_of_user(app, &actor.id, MOST).await
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
    let mut pass = Pass::new(&app.access, &app.clock, &identity.user.id, identity.grant(), recheck);
    pass.holds_until(identity.signed_in_until());
    let bell = app.inbox.join(&identity.user.id);
    let look = Listener { app: app.clone(), user: identity.user.clone(), bell, known: None };
    Box::new(Looking { look, pass, poll: app.inbox.poll })
}

struct Listener {
    app: App,
    user: User,
    bell: Arc<Notify>,
    /// The conversations that were told, and how they stood; none before the first time.
    known: Option<HashMap<Uuid, Stand>>,
}

/// How a conversation stands for one who has it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stand {
    /// The end of its log; `None` where they may not read it.
    last_seq: Option<i64>,
    /// How far they have read.
    read: Option<i64>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Those whose last bell is gone are forgotten.
        self.bell = Arc::default();
        self.app.inbox.sweep(&self.user.id, self.known.take().unwrap_or_default().into_keys());
    }
}

impl Look for Listener {
    type Change = InboxEvent;

    fn bell(&self) -> Arc<Notify> {
        self.bell.clone()
    }

    async fn look(&mut self) -> Result<Option<InboxEvent>> {
        let conversations = list_own(&self.app, &self.user).await?;
        let ids: Vec<Uuid> = conversations.iter().map(|row| row.id).collect();
        let marks = list_read_marks(&self.app, &self.user.id, &ids).await?;
        let marks: HashMap<Uuid, i64> =
            marks.into_iter().map(|mark| (mark.conversation_id, mark.number)).collect();
        // Of what they may not read they are not told that it changes, only when they may read it again.
        let stand = |row: &VisibleConversation| Stand {
            last_seq: row.readable().map(|readable| readable.last_seq),
            read: marks.get(&row.id).copied(),
        };
        let now: HashMap<Uuid, Stand> = conversations.iter().map(|row| (row.id, stand(row))).collect();
        let Some(known) = self.known.replace(now.clone()) else {
            self.app.inbox.follow(&self.bell, ids);
            // What happened before they were followed rang nowhere.
            self.bell.notify_one();
            return Ok(Some(InboxEvent { whole: true, conversations, gone: Vec::new() }));
        };
        let new: Vec<Uuid> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
        if !new.is_empty() {
            self.app.inbox.follow(&self.bell, new);
            self.bell.notify_one();
        }
        let gone: Vec<Uuid> = known.keys().copied().filter(|id| !now.contains_key(id)).collect();
        self.app.inbox.unfollow(&self.bell, &gone);
        let changed: Vec<_> =
            conversations.into_iter().filter(|row| known.get(&row.id) != now.get(&row.id)).collect();
        if changed.is_empty() && gone.is_empty() {
            return Ok(None);
        }
        Ok(Some(InboxEvent { whole: false, conversations: changed, gone }))
    }
}
