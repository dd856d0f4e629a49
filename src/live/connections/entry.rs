//! One connection on the list of its server.

use std::sync::{Arc, Weak};

use chrono::{DateTime, Utc};
use futures_util::{FutureExt, future::BoxFuture};
use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{ConnectionKind, OpenConnection, OpenConnections};

/// Counts the open subscriptions of a connection.
pub type CountSubscriptions = Box<dyn Fn() -> usize + Send + Sync>;

/// A connection that opens.
pub struct Opened {
    /// The kind.
    pub kind: ConnectionKind,
    /// The account that uses it; `None` if anonymous.
    pub user: Option<String>,
    /// The client's network address, if known.
    pub address: Option<String>,
    /// Counts its subscriptions.
    pub subscriptions: CountSubscriptions,
}

/// A connection's place on the list.
pub(super) struct Entry {
    kind: ConnectionKind,
    user: Mutex<Option<String>>,
    address: Option<String>,
    opened_at: DateTime<Utc>,
    subscriptions: CountSubscriptions,
    /// Notified when the connection must end; it keeps the notification until the connection waits.
    end: Notify,
}

impl Entry {
    pub(super) fn new(opened: Opened, opened_at: DateTime<Utc>) -> Self {
        let Opened { kind, user, address, subscriptions } = opened;
        Self { kind, user: Mutex::new(user), address, opened_at, subscriptions, end: Notify::new() }
    }

    pub(super) fn row(&self, id: Uuid, server: Uuid) -> OpenConnection {
        OpenConnection {
            id,
            server,
            kind: self.kind,
            user: self.user.lock().clone(),
            address: self.address.clone(),
            opened_at: self.opened_at,
            subscriptions: (self.subscriptions)(),
        }
    }

    pub(super) fn end(&self) {
        self.end.notify_one();
    }
}

/// A connection that is on the list. Dropped, it leaves the list.
pub struct Listed {
    pub(super) list: Weak<OpenConnections>,
    pub(super) id: Uuid,
    pub(super) entry: Arc<Entry>,
}

impl Listed {
    /// Records the account that uses the connection.
    pub fn set_user(&self, user: Option<String>) {
        *self.entry.user.lock() = user;
    }

    /// Resolves when an administrator ends the connection. Only one caller may wait.
    pub fn ended(&self) -> BoxFuture<'static, ()> {
        let entry = self.entry.clone();
        async move { entry.end.notified().await }.boxed()
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        if let Some(list) = self.list.upgrade() {
            list.remove(self.id);
        }
    }
}
