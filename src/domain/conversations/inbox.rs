//! The inbox: a subscription to all of a user's conversations, which coalesces events per conversation.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    VisibleConversation,
    read_marks::list_read_marks,
    readable::{list_of_user, page_of_user},
};
use crate::{
    app::App,
    domain::{
        EVENT_ROWS, PageRows, User, Window,
        accounts::{Identity, check_identity},
    },
    error::Result,
    live::{AccessGrant, Changes, Mailbox, Recheck, StateSource, StateSubscription, Subscribe},
};

/// Maximum number of conversations in an inbox: the last changed.
const MAX_CONVERSATIONS: usize = 500;

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

/// Lists the actor's 500 most recently changed conversations, for REST.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn list_all_own(app: &App, actor: &User) -> Result<Vec<VisibleConversation>> {
    list_of_user(app, &actor.id, None, MAX_CONVERSATIONS as u64).await
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
        self.mailbox.signal()
    }

    async fn poll_change(&mut self) -> Result<Option<InboxEvent>> {
        let changes = self.mailbox.take_changes();
        let read = match (&self.known, &changes) {
            (Some(_), Changes::Some(ids)) if ids.is_empty() => return Ok(None),
            (Some(_), Changes::Some(ids)) => Some(ids.iter().copied().collect::<Vec<_>>()),
            _ => None,
        };
        let event = self.read_changes(read.as_deref()).await;
        if event.is_err() {
            // They are read again.
            self.mailbox.put_back(None);
        }
        event
    }
}

impl InboxSource {
    /// Reads the whole inbox, or of these conversations those that are in it, and returns what differs.
    async fn read_changes(&mut self, among: Option<&[Uuid]>) -> Result<Option<InboxEvent>> {
        let conversations = list_of_user(&self.app, &self.user.id, among, MAX_CONVERSATIONS as u64).await?;
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
        // The next poll, which follows at once, publishes the rest.
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
            // A change before the inbox followed them notified no subscriber.
            new.into_iter().for_each(|id| self.mailbox.notify(Some(id)));
        }
        known.extend(changed.iter().filter_map(|row| Some((row.id, *now.get(&row.id)?))));
        if known.len() > MAX_CONVERSATIONS {
            // The ones that were changed first leave the inbox.
            self.mailbox.notify(None);
        }
        Ok(Some(InboxEvent { is_snapshot: whole, conversations: changed, removed_ids: gone }))
    }
}
