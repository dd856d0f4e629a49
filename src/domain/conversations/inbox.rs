//! The inbox: a subscription to all of a user's conversations, which coalesces events per conversation.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Weak},
};

use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    VisibleConversation,
    readable::{list_of_user, page_of_user},
    reads::list_read_marks,
};
use crate::{
    app::App,
    domain::{
        EVENT_ROWS, PageRows, User, Window,
        accounts::{Identity, check_identity},
    },
    error::Result,
    live::{AccessGrant, Recheck, StateSource, StateSubscription, Subscribe},
};

/// Maximum number of conversations in an inbox: the last changed.
const MOST: usize = 500;
/// Maximum number of changed conversations that are read apart; beyond, the whole inbox is read.
const MOST_APART: usize = 50;

/// Subscribers of inboxes.
#[derive(Default)]
pub struct Inboxes {
    by_user: Mutex<HashMap<String, Vec<Weak<Mailbox>>>>,
    by_conversation: Mutex<HashMap<Uuid, Vec<Weak<Mailbox>>>>,
}

/// The conversations that a subscriber of an inbox must read.
#[derive(Default)]
struct Mailbox {
    signal: Arc<Notify>,
    changes: Mutex<Changes>,
}

/// Conversations that may have changed.
#[derive(Debug, PartialEq, Eq)]
enum Changes {
    /// Any conversation.
    All,
    /// Only these.
    Some(BTreeSet<Uuid>),
}

impl Default for Changes {
    fn default() -> Self {
        Self::Some(BTreeSet::new())
    }
}

impl Changes {
    fn add(&mut self, conversation: Option<Uuid>) {
        match (self, conversation) {
            (Self::All, _) => {}
            (Self::Some(ids), Some(id)) if ids.len() < MOST_APART => _ = ids.insert(id),
            (all, _) => *all = Self::All,
        }
    }
}

impl Mailbox {
    fn notify(&self, conversation: Option<Uuid>) {
        self.changes.lock().add(conversation);
        self.signal.notify_one();
    }
}

/// An event of an inbox.
#[derive(Clone, Debug)]
pub struct InboxEvent {
    /// Whether this is the initial snapshot: the newest conversations. The others follow.
    pub is_snapshot: bool,
    /// The changed conversations, last changed first; at most 100.
    pub conversations: Vec<VisibleConversation>,
    /// Ids of conversations that left the inbox.
    pub removed_ids: Vec<Uuid>,
}

impl Inboxes {
    /// Notifies the inboxes that contain a conversation.
    pub(crate) fn conversation_changed(&self, conversation: Uuid) {
        if let Some(mailboxes) = self.by_conversation.lock().get(&conversation) {
            mailboxes.iter().filter_map(Weak::upgrade).for_each(|mailbox| mailbox.notify(Some(conversation)));
        }
    }

    /// Notifies a user's inboxes: they read, gained or lost this conversation, or for `None` any.
    pub(crate) fn changed_for(&self, user_id: &str, conversation: Option<Uuid>) {
        if let Some(own) = self.by_user.lock().get(user_id) {
            own.iter().filter_map(Weak::upgrade).for_each(|mailbox| mailbox.notify(conversation));
        }
    }

    /// Returns the users with inboxes.
    pub fn users(&self) -> Vec<String> {
        self.by_user.lock().keys().cloned().collect()
    }

    fn join(&self, user_id: &str) -> Arc<Mailbox> {
        let mailbox = Arc::new(Mailbox::default());
        self.by_user.lock().entry(user_id.to_owned()).or_default().push(Arc::downgrade(&mailbox));
        mailbox
    }

    fn follow(&self, mailbox: &Arc<Mailbox>, conversations: impl IntoIterator<Item = Uuid>) {
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            let mailboxes = by_conversation.entry(id).or_default();
            mailboxes.retain(|other| other.strong_count() > 0);
            mailboxes.push(Arc::downgrade(mailbox));
        }
    }

    fn unfollow(&self, mailbox: &Arc<Mailbox>, conversations: &[Uuid]) {
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            if let Some(mailboxes) = by_conversation.get_mut(id) {
                mailboxes.retain(|other| !std::ptr::eq(other.as_ptr(), Arc::as_ptr(mailbox)));
                if mailboxes.is_empty() {
                    by_conversation.remove(id);
                }
            }
        }
    }

    /// Removes closed subscribers.
    fn sweep(&self, user_id: &str, conversations: impl IntoIterator<Item = Uuid>) {
        let live = |mailbox: &Weak<Mailbox>| mailbox.strong_count() > 0;
        let mut by_user = self.by_user.lock();
        if let Some(own) = by_user.get_mut(user_id) {
            own.retain(live);
            if own.is_empty() {
                by_user.remove(user_id);
            }
        }
        drop(by_user);
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            if let Some(mailboxes) = by_conversation.get_mut(&id) {
                mailboxes.retain(live);
                if mailboxes.is_empty() {
                    by_conversation.remove(&id);
                }
            }
        }
    }
}

/// Lists the actor's own conversations, last changed first.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_own(
    app: &App,
    actor: &User,
    window: Window,
    total: bool,
) -> Result<PageRows<VisibleConversation>> {
    page_of_user(app, &actor.id, window, total).await
}

/// Lists the 500 of the actor's own conversations that changed last, for REST.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_all_own(app: &App, actor: &User) -> Result<Vec<VisibleConversation>> {
    list_of_user(app, &actor.id, None, MOST as u64).await
}

/// Subscribes to all of the user's conversations while they are signed in.
pub fn watch_inbox(app: &App, identity: &Arc<Identity>) -> Box<dyn Subscribe> {
    let recheck: Recheck = {
        let (app, identity) = (app.clone(), identity.clone());
        Arc::new(move || {
            let (app, identity) = (app.clone(), identity.clone());
            Box::pin(async move { check_identity(&app, &identity).await })
        })
    };
    let mut grant = AccessGrant::new(&app.grants, &app.clock, &identity.user.id, identity.grant(), recheck);
    grant.holds_until(identity.signed_in_until());
    let mailbox = app.inboxes.join(&identity.user.id);
    let source = InboxSource { app: app.clone(), user: identity.user.clone(), mailbox, known: None };
    Box::new(StateSubscription { source, grant })
}

struct InboxSource {
    app: App,
    user: User,
    mailbox: Arc<Mailbox>,
    /// Last published state of each conversation; `None` before the snapshot.
    known: Option<HashMap<Uuid, KnownState>>,
}

/// State of a conversation for one user.
#[derive(Clone, Copy, PartialEq, Eq)]
struct KnownState {
    /// End of its event log; `None` if the user may not read it.
    last_seq: Option<i64>,
    /// Sequence number of the last message read.
    read: Option<i64>,
}

impl Drop for InboxSource {
    fn drop(&mut self) {
        // Dropping the last reference removes this subscriber.
        self.mailbox = Arc::default();
        self.app.inboxes.sweep(&self.user.id, self.known.take().unwrap_or_default().into_keys());
    }
}

impl StateSource for InboxSource {
    type Change = InboxEvent;

    fn wake_signal(&self) -> Arc<Notify> {
        self.mailbox.signal.clone()
    }

    async fn poll_change(&mut self) -> Result<Option<InboxEvent>> {
        let changes = std::mem::take(&mut *self.mailbox.changes.lock());
        let read = match (&self.known, &changes) {
            (Some(_), Changes::Some(ids)) if ids.is_empty() => return Ok(None),
            (Some(_), Changes::Some(ids)) => Some(ids.iter().copied().collect::<Vec<_>>()),
            _ => None,
        };
        let event = self.read_changes(read.as_deref()).await;
        if event.is_err() {
            // They are read again.
            self.mailbox.changes.lock().add(None);
        }
        event
    }
}

impl InboxSource {
    /// Reads the whole inbox, or of these conversations those that are in it, and returns what differs.
    async fn read_changes(&mut self, among: Option<&[Uuid]>) -> Result<Option<InboxEvent>> {
        let conversations = list_of_user(&self.app, &self.user.id, among, MOST as u64).await?;
        let ids: Vec<Uuid> = conversations.iter().map(|row| row.id).collect();
        let marks = list_read_marks(&self.app, &self.user.id, &ids).await?;
        let marks: HashMap<Uuid, i64> =
            marks.into_iter().map(|mark| (mark.conversation_id, mark.number)).collect();
        // Changes of an unreadable conversation are not published until it is readable again.
        let state = |row: &VisibleConversation| KnownState {
            last_seq: row.readable().map(|readable| readable.last_seq),
            read: marks.get(&row.id).copied(),
        };
        let now: HashMap<Uuid, KnownState> = conversations.iter().map(|row| (row.id, state(row))).collect();
        let whole = self.known.is_none();
        let known = self.known.get_or_insert_default();
        let is_read = |id: &Uuid| among.is_none_or(|among| among.contains(id));
        let gone: Vec<Uuid> =
            known.keys().copied().filter(|id| is_read(id) && !now.contains_key(id)).collect();
        for id in &gone {
            known.remove(id);
        }
        self.app.inboxes.unfollow(&self.mailbox, &gone);
        let mut changed: Vec<_> =
            conversations.into_iter().filter(|row| known.get(&row.id) != now.get(&row.id)).collect();
        // The rest is published by the next poll, which finds it different and comes at once.
        if changed.len() > EVENT_ROWS {
            changed.truncate(EVENT_ROWS);
            self.mailbox.notify(None);
        }
        if changed.is_empty() && gone.is_empty() && !whole {
            return Ok(None);
        }
        let new = changed.iter().map(|row| row.id).filter(|id| !known.contains_key(id)).collect::<Vec<_>>();
        if !new.is_empty() {
            self.app.inboxes.follow(&self.mailbox, new.iter().copied());
            // A change before they were followed notified no subscriber.
            new.into_iter().for_each(|id| self.mailbox.notify(Some(id)));
        }
        known.extend(changed.iter().filter_map(|row| Some((row.id, *now.get(&row.id)?))));
        if known.len() > MOST {
            // The ones that were changed first leave the inbox.
            self.mailbox.notify(None);
        }
        Ok(Some(InboxEvent { is_snapshot: whole, conversations: changed, removed_ids: gone }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_become_a_change_of_all() {
        let mut changes = Changes::default();
        changes.add(Some(Uuid::nil()));
        changes.add(Some(Uuid::nil()));
        assert_eq!(changes, Changes::Some([Uuid::nil()].into()));
        (0..100).for_each(|number| changes.add(Some(Uuid::from_u128(number))));
        assert_eq!(changes, Changes::All);
        changes.add(Some(Uuid::nil()));
        assert_eq!(changes, Changes::All);
        let mut changes = Changes::default();
        changes.add(None);
        assert_eq!(changes, Changes::All);
    }
}
