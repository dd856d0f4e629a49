//! Slots for connections: counted overall and by network, and released when a connection ends for any reason.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    net::IpAddr,
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::Limits;
use crate::{
    metrics::{Counted, metrics},
    security::network::Network,
};

/// All slots.
pub(super) struct Slots {
    most: usize,
    per_network: Option<usize>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_network: HashMap<Network, usize>,
    /// Connections that have not sent a whole request yet, oldest first.
    unproven: BTreeMap<u64, CancellationToken>,
    next: u64,
}

/// The slot of one connection.
pub(super) struct Slot {
    slots: Arc<Slots>,
    network: Network,
    number: u64,
    _counted: Counted,
    /// Cancelled when another connection needs the slot.
    pub(super) evicted: CancellationToken,
}

/// Reasons for refusing a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    TooManyOfNetwork,
}

impl Slots {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self { most: limits.connections, per_network: limits.per_network, taken: Mutex::default() })
    }

    /// Acquires a slot. If all are taken, evicts the oldest connection that has not sent a whole request.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Result<Slot, Refused> {
        let network = Network::of(address);
        let mut taken = self.taken.lock();
        let of_network = taken.by_network.get(&network).copied().unwrap_or_default();
        if self.per_network.is_some_and(|most| of_network >= most) {
            return Err(Refused::TooManyOfNetwork);
        }
        if taken.all >= self.most {
            let (_, oldest) = taken.unproven.pop_first().ok_or(Refused::Full)?;
            oldest.cancel();
        }
        let (number, evicted) = (taken.next, CancellationToken::new());
        taken.next += 1;
        taken.all += 1;
        taken.by_network.insert(network, of_network + 1);
        taken.unproven.insert(number, evicted.clone());
        let counted = Counted::new(&metrics().connections);
        Ok(Slot { slots: self.clone(), network, number, _counted: counted, evicted })
    }

    /// Returns whether few slots are left, so that idle connections are closed sooner.
    pub(super) fn are_scarce(&self) -> bool {
        self.taken.lock().all >= self.most - self.most / 10
    }
}

impl Slot {
    /// Records that the connection sent a whole request, which protects it from eviction.
    pub(super) fn prove(&self) {
        self.slots.taken.lock().unproven.remove(&self.number);
    }

    /// Returns all slots.
    pub(super) fn slots(&self) -> &Arc<Slots> {
        &self.slots
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.taken.lock();
        taken.all -= 1;
        taken.unproven.remove(&self.number);
        if let Some(count) = taken.by_network.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                taken.by_network.remove(&self.network);
            }
        }
    }
}

impl Refused {
    /// Returns the name of the reason.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::TooManyOfNetwork => "network",
        }
    }

    /// Writes the reason to the connection without waiting.
    pub(super) fn answer(self, socket: &TcpStream) {
        const TEXT: &[u8] =
            b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\n\
            Connection: close\r\nContent-Length: 70\r\n\r\n\
            {\"error\":\"Too many connections; try again later\",\"code\":\"UNAVAILABLE\"}";
        // A newly accepted socket has room for these bytes; otherwise it is closed without them.
        _ = socket.try_write(TEXT);
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "all connections are in use",
            Self::TooManyOfNetwork => "its network has too many connections",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn slots(connections: usize, per_network: Option<usize>) -> Arc<Slots> {
        let limits = Limits { connections, per_network, ..Limits::new(&Settings::default(), None) };
        Slots::new(&limits)
    }

    fn take(slots: &Arc<Slots>, address: &str) -> Result<Slot, Refused> {
        slots.take(address.parse().unwrap())
    }

    #[test]
    fn a_network_has_its_share() {
        let slots = slots(10, Some(2));
        let (first, _second) = (take(&slots, "2001:db8::1").unwrap(), take(&slots, "2001:db8::2").unwrap());
        assert_eq!(take(&slots, "2001:db8::3").err(), Some(Refused::TooManyOfNetwork));
        take(&slots, "2001:db8:0:1::3").unwrap();
        drop(first);
        take(&slots, "2001:db8::3").unwrap();
        let taken = slots.taken.lock();
        assert_eq!((taken.all, taken.by_network.len()), (1, 1));
    }

    #[test]
    fn the_oldest_that_sent_nothing_makes_room() {
        let slots = slots(2, None);
        let proven = take(&slots, "192.0.2.1").unwrap();
        proven.prove();
        let silent = take(&slots, "192.0.2.1").unwrap();
        let newer = take(&slots, "192.0.2.2").unwrap();
        assert!(silent.evicted.is_cancelled() && !proven.evicted.is_cancelled());
        drop(silent);
        newer.prove();
        assert_eq!(take(&slots, "192.0.2.3").err(), Some(Refused::Full));
        drop((proven, newer));
        let taken = slots.taken.lock();
        assert_eq!((taken.all, taken.unproven.len(), taken.by_network.len()), (0, 0, 0));
    }
}
