//! How often one network may ask.

use std::{convert::Infallible, num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    Quota, RateLimiter,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use quick_cache::sync::Cache;

use super::edge::refusal;
use crate::{
    clock::Clock,
    config::{Settings, Switch},
    domain::Code,
    network::Network,
    rest::Refusal,
};

/// The most networks whose requests are counted. Beyond that, those that ask least are forgotten first.
const NETWORKS: usize = 100_000;

type Cell = RateLimiter<NotKeyed, InMemoryState, Clock, NoOpMiddleware<Duration>>;

/// Counts requests by network, on the monotonic clock. Its size is bounded whatever addresses come.
pub(super) struct Limiter {
    clock: Clock,
    quota: Option<Quota>,
    networks: Cache<Network, Arc<Cell>>,
}

impl Limiter {
    pub(super) fn new(clock: Clock, settings: &Settings) -> Self {
        let requests = NonZeroU32::new(settings.requests_per_minute);
        let quota = requests.filter(|_| settings.rate_limits == Switch::On).map(Quota::per_minute);
        Self { clock, quota, networks: Cache::new(if quota.is_some() { NETWORKS } else { 0 }) }
    }

    /// Counts one request of this address; refused, it says after how many seconds to come back.
    pub(super) fn count(&self, address: Option<&str>) -> Result<(), Refusal> {
        self.count_many(address, 1)
    }

    /// Counts several requests at once, such as those of a batch. At most one refusal is given for all of them.
    pub(super) fn count_many(&self, address: Option<&str>, requests: usize) -> Result<(), Refusal> {
        let (Some(quota), Some(network)) = (self.quota, address.and_then(Network::parse)) else {
            return Ok(());
        };
        let make =
            || Ok::<_, Infallible>(Arc::new(RateLimiter::direct_with_clock(quota, self.clock.clone())));
        let Ok(cell) = self.networks.get_or_insert_with(&network, make);
        for _ in 0..requests {
            cell.check().map_err(|not_until| {
                let wait = not_until.wait_time_from(self.clock.monotonic()).as_secs() + 1;
                let message = format!("Too many requests, try again in {wait} s");
                Refusal { retry_after: Some(wait), ..refusal(Code::RateLimited, message) }
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn limiter(clock: &Clock, requests_per_minute: u32) -> Limiter {
        Limiter::new(clock.clone(), &Settings { requests_per_minute, ..Settings::default() })
    }

    #[test]
    fn one_network_is_counted_under_all_its_spellings() {
        let limiter = limiter(&Clock::manual(DateTime::UNIX_EPOCH), 3);
        for address in ["2001:db8::1", "2001:DB8:0::2", "2001:db8::ffff:3"] {
            limiter.count(Some(address)).unwrap();
        }
        assert_eq!(limiter.count(Some("2001:db8::4")).unwrap_err().code, Code::RateLimited);
        limiter.count(Some("2001:db8:0:1::4")).unwrap();
        limiter.count(None).unwrap();
    }

    #[test]
    fn a_change_of_the_time_of_day_changes_nothing() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let limiter = limiter(&clock, 60);
        limiter.count_many(Some("192.0.2.1"), 60).unwrap();
        let refused = || limiter.count(Some("192.0.2.1")).unwrap_err().retry_after;
        let before = refused();
        for step in [TimeDelta::hours(1), TimeDelta::hours(-2), TimeDelta::hours(1)] {
            clock.step(step);
            assert_eq!(refused(), before, "{step}");
        }
        clock.advance(Duration::from_secs(1));
        clock.step(TimeDelta::hours(-1));
        limiter.count(Some("192.0.2.1")).unwrap();
    }

    #[test]
    fn the_number_of_networks_is_bounded() {
        let limiter = limiter(&Clock::manual(DateTime::UNIX_EPOCH), 10);
        for number in 0..(3 * NETWORKS as u32) {
            limiter.count(Some(&std::net::Ipv4Addr::from_bits(number).to_string())).unwrap();
        }
        assert!(limiter.networks.len() <= NETWORKS, "{}", limiter.networks.len());
    }
}
