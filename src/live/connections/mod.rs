//! The open sockets and event streams of this server, and by the bus those of the others.
//!
//! Each server knows its own in memory only. A question travels to the other servers by the bus, and each answers with
//! at most one page. A server that does not answer in time is named in the result.

mod entry;
mod question;

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, Weak},
};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{bus::Bus, clock::Clock};

use entry::Entry;
use question::Questions;

pub use entry::{CountSubscriptions, Listed, Opened};
pub use question::{Answer, Collected, Question};

/// The reason that a client reads when an administrator ends its connection.
pub const ENDED_BY_ADMINISTRATOR: &str = "An administrator ended this connection";

/// Maximum number of connections in one answer: a page, and one more that shows that others follow.
const MAX_LISTED: usize = 51;

/// Kinds of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    /// A WebSocket.
    WebSocket,
    /// An event stream of GraphQL.
    GraphqlStream,
    /// An event stream of REST.
    RestStream,
}

/// An open connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenConnection {
    /// UUID v7 of the time of opening.
    pub id: Uuid,
    /// The server that holds it.
    pub server: Uuid,
    /// The kind.
    pub kind: ConnectionKind,
    /// The account that uses it; `None` if anonymous.
    pub user: Option<String>,
    /// The client's network address, if known.
    pub address: Option<String>,
    /// Time of opening.
    pub opened_at: DateTime<Utc>,
    /// Number of open subscriptions.
    pub subscriptions: usize,
}

/// A part of the list of connections, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// Maximum number of connections.
    pub limit: usize,
    /// Only connections beyond this one; `None` for the start of the list, or its end.
    pub from: Option<Uuid>,
    /// Whether the slice is read from the end of the list: oldest first.
    pub is_backward: bool,
}

/// The open connections of this server, and the questions to the others.
pub struct OpenConnections {
    server: Uuid,
    bus: Bus,
    clock: Clock,
    /// By id, which is their order by time. The limits on connections bound their number.
    open: Mutex<BTreeMap<Uuid, Arc<Entry>>>,
    questions: Questions,
    own: Weak<Self>,
}

impl OpenConnections {
    /// Creates the empty list of the server with this id.
    pub fn new(server: Uuid, bus: Bus, clock: Clock) -> Arc<Self> {
        Arc::new_cyclic(|own| Self {
            server,
            bus,
            clock,
            open: Mutex::default(),
            questions: Questions::default(),
            own: own.clone(),
        })
    }

    /// Returns the id of this server, which is another one after each start.
    pub fn server(&self) -> Uuid {
        self.server
    }

    /// Lists a connection under a new row id until the result is dropped.
    pub fn open(&self, id: Uuid, opened: Opened) -> Listed {
        let entry = Arc::new(Entry::new(opened, self.clock.now()));
        self.open.lock().insert(id, entry.clone());
        Listed { list: self.own.clone(), id, entry }
    }

    /// Returns a slice of the connections of this server, and the number of all.
    fn own_slice(&self, slice: Slice) -> (Vec<OpenConnection>, usize) {
        let open = self.open.lock();
        let limit = slice.limit.min(MAX_LISTED);
        let row = |(id, entry): (&Uuid, &Arc<Entry>)| entry.row(*id, self.server);
        let from = slice.from.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = if slice.is_backward {
            open.range((from, Bound::Unbounded)).take(limit).map(row).collect()
        } else {
            open.range((Bound::Unbounded, from)).rev().take(limit).map(row).collect()
        };
        (rows, open.len())
    }

    /// Returns a connection of this server.
    fn find_own(&self, id: Uuid) -> Option<OpenConnection> {
        self.open.lock().get(&id).map(|entry| entry.row(id, self.server))
    }

    /// Makes a connection of this server end. Idempotent.
    fn end_own(&self, id: Uuid) {
        if let Some(entry) = self.open.lock().get(&id) {
            entry.end();
        }
    }

    fn remove(&self, id: Uuid) {
        self.open.lock().remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Arc<OpenConnections> {
        OpenConnections::new(Uuid::nil(), Bus::alone(), Clock::manual(DateTime::UNIX_EPOCH))
    }

    fn opened(user: Option<&str>) -> Opened {
        Opened {
            kind: ConnectionKind::WebSocket,
            user: user.map(str::to_owned),
            address: Some("192.0.2.1".to_owned()),
            subscriptions: Box::new(|| 3),
        }
    }

    fn ids(list: &OpenConnections, slice: Slice) -> Vec<u128> {
        list.own_slice(slice).0.iter().map(|row| row.id.as_u128()).collect()
    }

    #[test]
    fn slices_begin_beyond_a_connection_and_are_bounded() {
        let list = list();
        let _held: Vec<Listed> =
            (1..=60).map(|id| list.open(Uuid::from_u128(id), opened(Some("ann")))).collect();
        let slice = Slice { limit: 2, from: None, is_backward: false };
        assert_eq!(ids(&list, slice), [60, 59]);
        assert_eq!(ids(&list, Slice { from: Some(Uuid::from_u128(3)), ..slice }), [2, 1]);
        assert_eq!(ids(&list, Slice { is_backward: true, ..slice }), [1, 2]);
        let before = Slice { from: Some(Uuid::from_u128(58)), is_backward: true, ..slice };
        assert_eq!(ids(&list, before), [59, 60]);
        let (rows, total) = list.own_slice(Slice { limit: usize::MAX, ..slice });
        assert_eq!((rows.len(), total), (MAX_LISTED, 60));
    }

    #[test]
    fn a_connection_is_listed_while_it_is_held() {
        let list = list();
        let held = list.open(Uuid::from_u128(1), opened(None));
        held.set_user(Some("bob".to_owned()));
        let row = list.find_own(Uuid::from_u128(1)).unwrap();
        assert_eq!((row.user.as_deref(), row.subscriptions), (Some("bob"), 3));
        drop(held);
        assert!(list.find_own(Uuid::from_u128(1)).is_none());
    }

    #[tokio::test]
    async fn an_end_before_the_wait_is_not_lost() {
        let list = list();
        let held = list.open(Uuid::from_u128(1), opened(None));
        list.end_own(Uuid::from_u128(1));
        held.ended().await;
    }
}
