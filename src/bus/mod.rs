//! Messages between the servers on one database: they wake readers and end rights sooner than a poll would.
//!
//! The database is authoritative, so a message may be lost. Every message has a number, and a server that
//! misses one reads the database instead ([`Delivery::Missed`]). A server sends at least a heartbeat every few
//! seconds; one that is silent counts as gone ([`Delivery::Left`]).
//!
//! Sending never waits: messages go through a bounded outbox. One task of each process
//! ([`Bus::run`]) carries them over a [`Transport`] and reconnects by itself.

mod driver;
mod frame;
mod nats;
mod outbox;
mod peers;
mod postgres;
mod transport;

use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

pub use nats::Nats;
pub use postgres::Postgres;
pub use transport::{Link, Transport};

use outbox::Outbox;
use peers::Peers;

/// The connection of this server to the others. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Option<Arc<Shared>>);

struct Shared {
    id: Uuid,
    outbox: Outbox,
    peers: Mutex<Peers>,
}

/// Something that a server receives.
#[derive(Debug)]
pub enum Delivery<'a> {
    /// A message of another server.
    Message {
        /// The server that sent it.
        server: Uuid,
        /// Kind of the message.
        subject: &'a str,
        /// The message.
        body: &'a RawValue,
    },
    /// Messages of this server, or of any server, were lost.
    Missed(Option<Uuid>),
    /// A server stopped or is silent.
    Left {
        /// The server.
        server: Uuid,
        /// Whether it said goodbye, so that no message of it was lost.
        is_orderly: bool,
    },
}

impl Bus {
    /// The bus of a server that shares its database with no other: nothing is sent.
    pub fn alone() -> Self {
        Self(None)
    }

    /// The bus of the server with this id, which no other process has.
    pub fn shared(id: Uuid) -> Self {
        Self(Some(Arc::new(Shared { id, outbox: Outbox::default(), peers: Mutex::default() })))
    }

    /// Returns whether other servers may use the same database.
    pub fn is_shared(&self) -> bool {
        self.0.is_some()
    }

    /// Returns the id of this server and the number of messages that it has sent; `None` if it is alone.
    pub fn sent(&self) -> Option<(Uuid, u64)> {
        self.0.as_ref().map(|shared| (shared.id, shared.outbox.sent()))
    }

    /// Returns the other servers that were heard lately.
    pub fn peers(&self) -> Vec<Uuid> {
        self.0.as_ref().map(|shared| shared.peers.lock().list()).unwrap_or_default()
    }

    /// Returns the number of messages received from a server, or lost and noticed.
    pub fn received(&self, server: Uuid) -> Option<u64> {
        self.0.as_ref().and_then(|shared| shared.peers.lock().received(server))
    }

    /// Records that the messages of a server up to this number are accounted for.
    pub fn catch_up(&self, server: Uuid, number: u64) {
        if let Some(shared) = &self.0 {
            shared.peers.lock().catch_up(server, number);
        }
    }

    /// Sends a message to all other servers, without waiting. `small` replaces a message that is too large
    /// for the transport; a message that cannot be sent counts as lost.
    pub fn send<T: Serialize>(&self, subject: &'static str, message: &T, small: impl FnOnce() -> Option<T>) {
        if let Some(shared) = &self.0 {
            shared.outbox.push(subject, message, small);
        }
    }
}
