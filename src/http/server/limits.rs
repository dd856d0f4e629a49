//! Limits on connections.

use std::time::Duration;

use crate::config::{Settings, Switch};

/// Number of descriptors reserved for the database, files and outgoing connections.
const RESERVED: u64 = 128;
/// Maximum number of connections if descriptors set no lower limit.
const MAX_CONNECTIONS: usize = 100_000;

/// Limits on connections.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Maximum number of open connections.
    pub connections: usize,
    /// Maximum number of open connections per network; `None` if the peers are proxies or limits are off.
    pub per_network: Option<usize>,
    /// How long the head of a request may take, from its first byte or, on a new connection, from the start.
    pub header: Duration,
    /// How long a connection may be idle between two requests.
    pub idle: Duration,
    /// How long a peer may go without reading any byte written to it.
    pub write: Duration,
    /// Maximum number of bytes of a request's head: its target and headers.
    pub header_bytes: usize,
}

impl Limits {
    /// Derives the limits from the settings and the number of descriptors.
    pub fn new(settings: &Settings, descriptors: Option<u64>) -> Self {
        let most = descriptors.map_or(MAX_CONNECTIONS, |descriptors| {
            let spare = descriptors.saturating_sub(RESERVED).max(descriptors / 2).max(1);
            usize::try_from(spare).unwrap_or(MAX_CONNECTIONS).min(MAX_CONNECTIONS)
        });
        let connections = match settings.max_connections {
            0 => most,
            wanted => wanted.min(most),
        };
        let counts_networks = settings.rate_limits == Switch::On && settings.proxies() == 0;
        // One network never gets more than half.
        let share = settings.max_connections_per_address.min((connections / 2).max(1));
        Self {
            connections,
            per_network: counts_networks.then_some(share),
            header: Duration::from_secs(settings.header_timeout),
            idle: Duration::from_secs(settings.idle_timeout),
            write: Duration::from_secs(settings.write_timeout),
            header_bytes: settings.max_header_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_bound_connections() {
        let limits = |descriptors| Limits::new(&Settings::default(), descriptors);
        assert_eq!(limits(None).connections, MAX_CONNECTIONS);
        assert_eq!(limits(Some(1024)).connections, 896);
        assert_eq!(limits(Some(1024)).per_network, Some(448));
        assert_eq!(limits(Some(64)).connections, 32);
        assert_eq!(limits(Some(1_048_576)).connections, MAX_CONNECTIONS);
        assert_eq!(limits(Some(1_048_576)).per_network, Some(2000));
    }

    #[test]
    fn settings_bound_connections() {
        let settings = Settings { max_connections: 10, trusted_proxies: 1, ..Settings::default() };
        let limits = Limits::new(&settings, Some(1024));
        assert_eq!((limits.connections, limits.per_network), (10, None));
        let settings = Settings { max_connections: 5000, ..Settings::default() };
        assert_eq!(Limits::new(&settings, Some(1024)).connections, 896);
    }
}
