//! Subscribers of inboxes, and the conversations that each must read again.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Weak},
};

use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

/// Maximum number of changed conversations that are read individually; above it, the whole inbox is read.
const MAX_SEPARATE_READS: usize = 50;

/// Subscribers of inboxes.
#[derive(Default)]
pub struct Inboxes {
    by_user: Mutex<HashMap<String, Vec<Weak<Mailbox>>>>,
    by_conversation: Mutex<HashMap<Uuid, Vec<Weak<Mailbox>>>>,
}

/// The conversations that a subscriber of an inbox must read.
#[derive(Default)]
pub struct Mailbox {
    signal: Arc<Notify>,
    changes: Mutex<Changes>,
}

/// Conversations that may have changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Changes {
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
            (Self::Some(ids), Some(id)) if ids.len() < MAX_SEPARATE_READS => _ = ids.insert(id),
            (all, _) => *all = Self::All,
        }
    }
}

impl Mailbox {
    /// Returns the signal that something changed.
    pub fn signal(&self) -> Arc<Notify> {
        self.signal.clone()
    }

    /// Takes the changes since the last call.
    pub fn take_changes(&self) -> Changes {
        std::mem::take(&mut *self.changes.lock())
    }

    /// Adds a change of this conversation, or for `None` of any, without a signal.
    pub fn put_back(&self, conversation: Option<Uuid>) {
        self.changes.lock().add(conversation);
    }

    /// Adds a change of this conversation, or for `None` of any, and signals it.
    pub fn notify(&self, conversation: Option<Uuid>) {
        self.changes.lock().add(conversation);
        self.signal.notify_one();
    }
}

impl Inboxes {
    /// Notifies the inboxes that contain a conversation.
    pub fn conversation_changed(&self, conversation: Uuid) {
        if let Some(mailboxes) = self.by_conversation.lock().get(&conversation) {
            mailboxes.iter().filter_map(Weak::upgrade).for_each(|mailbox| mailbox.notify(Some(conversation)));
        }
    }

    /// Notifies a user's inboxes: they read, gained or lost this conversation, or for `None` any.
    pub fn changed_for(&self, user_id: &str, conversation: Option<Uuid>) {
        if let Some(own) = self.by_user.lock().get(user_id) {
            own.iter().filter_map(Weak::upgrade).for_each(|mailbox| mailbox.notify(conversation));
        }
    }

    /// Returns the users with inboxes.
    pub fn users(&self) -> Vec<String> {
        self.by_user.lock().keys().cloned().collect()
    }

    /// Registers a subscriber of a user's inbox.
    pub fn join(&self, user_id: &str) -> Arc<Mailbox> {
        let mailbox = Arc::new(Mailbox::default());
        self.by_user.lock().entry(user_id.to_owned()).or_default().push(Arc::downgrade(&mailbox));
        mailbox
    }

    /// Notifies a subscriber of changes of these conversations from now on.
    pub fn follow(&self, mailbox: &Arc<Mailbox>, conversations: impl IntoIterator<Item = Uuid>) {
        let mut by_conversation = self.by_conversation.lock();
        for id in conversations {
            let mailboxes = by_conversation.entry(id).or_default();
            mailboxes.retain(|other| other.strong_count() > 0);
            mailboxes.push(Arc::downgrade(mailbox));
        }
    }

    /// Notifies a subscriber of changes of these conversations no more.
    pub fn unfollow(&self, mailbox: &Arc<Mailbox>, conversations: &[Uuid]) {
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

    /// Removes the closed subscribers of a user's inbox and of these conversations.
    pub fn sweep(&self, user_id: &str, conversations: impl IntoIterator<Item = Uuid>) {
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
