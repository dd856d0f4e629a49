//! The other servers, and the numbers of their messages.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;
use uuid::Uuid;

/// How long a server may be silent before it counts as gone.
const SILENCE: Duration = Duration::from_secs(15);
/// Maximum number of servers; frames of further ones are ignored.
const MAX_PEERS: usize = 1000;

/// The servers that this server hears from.
#[derive(Default)]
pub(super) struct Peers(HashMap<Uuid, Peer>);

struct Peer {
    /// Number of the next message.
    next: u64,
    last_seen: Instant,
}

/// How a frame follows the previous ones of its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Nothing is missing.
    Next,
    /// Messages before it were lost.
    Gap,
    /// It is old or of too many servers.
    Ignored,
}

impl Peers {
    /// Returns the number of servers.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the servers.
    pub(super) fn list(&self) -> Vec<Uuid> {
        self.0.keys().copied().collect()
    }

    /// Returns the number of messages received from a server, or accounted for.
    pub(super) fn received(&self, server: Uuid) -> Option<u64> {
        self.0.get(&server).map(|peer| peer.next - 1)
    }

    /// Records that messages up to this number are accounted for.
    pub(super) fn catch_up(&mut self, server: Uuid, number: u64) {
        if let Some(peer) = self.0.get_mut(&server) {
            peer.next = peer.next.max(number + 1);
        }
    }

    /// Records a frame of `count` messages from `first` on.
    pub(super) fn record(&mut self, server: Uuid, first: u64, count: usize) -> Order {
        let (now, next) = (Instant::now(), first + count as u64);
        let is_full = self.0.len() >= MAX_PEERS;
        match self.0.get_mut(&server) {
            Some(peer) => {
                peer.last_seen = now;
                if first < peer.next && next <= peer.next && count > 0 {
                    return Order::Ignored;
                }
                let order = if first > peer.next { Order::Gap } else { Order::Next };
                peer.next = peer.next.max(next);
                order
            }
            None if is_full => Order::Ignored,
            None => {
                self.0.insert(server, Peer { next, last_seen: now });
                if first > 1 { Order::Gap } else { Order::Next }
            }
        }
    }

    /// Removes a server.
    pub(super) fn remove(&mut self, server: Uuid) {
        self.0.remove(&server);
    }

    /// Removes and returns the servers that are silent.
    pub(super) fn take_silent(&mut self) -> Vec<Uuid> {
        self.0.extract_if(|_, peer| peer.last_seen.elapsed() > SILENCE).map(|(server, _)| server).collect()
    }

    /// After an interruption of the own connection, gives all servers time to be heard again.
    pub(super) fn resume(&mut self) {
        let now = Instant::now();
        self.0.values_mut().for_each(|peer| peer.last_seen = now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_number_is_a_gap() {
        let (mut peers, server) = (Peers::default(), Uuid::nil());
        assert_eq!(peers.record(server, 1, 2), Order::Next);
        assert_eq!(peers.record(server, 3, 0), Order::Next);
        assert_eq!(peers.record(server, 3, 1), Order::Next);
        assert_eq!(peers.record(server, 6, 1), Order::Gap);
        assert_eq!(peers.record(server, 5, 1), Order::Ignored);
        assert_eq!(peers.received(server), Some(6));
        // A lost message after the last frame, which the heartbeat reveals.
        assert_eq!(peers.record(server, 8, 0), Order::Gap);
    }

    #[test]
    fn an_unknown_server_has_sent_messages_before() {
        let mut peers = Peers::default();
        assert_eq!(peers.record(Uuid::nil(), 5, 1), Order::Gap);
    }

    #[tokio::test(start_paused = true)]
    async fn silent_servers_are_gone() {
        let (mut peers, server) = (Peers::default(), Uuid::nil());
        peers.record(server, 1, 0);
        assert!(peers.take_silent().is_empty());
        tokio::time::advance(SILENCE + Duration::from_secs(1)).await;
        assert_eq!(peers.take_silent(), [server]);
        assert_eq!(peers.received(server), None);
    }
}
