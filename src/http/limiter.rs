//! Rate limit of requests per network.

use std::num::NonZeroU32;

use super::{
    middleware::refusal,
    quota::{self, RemainingQuota},
};
use crate::{
    config::{Settings, Switch},
    error::Code,
    security::{KeyedLimiter, RateLimits, network::Network},
    transport::Refusal,
};

/// Maximum number of counted networks. Beyond it, those with the fewest requests are forgotten first.
const NETWORKS: usize = 100_000;

/// Counts requests by network. Its size is bounded for any addresses.
pub(super) struct Limiter(Option<(KeyedLimiter, NonZeroU32)>);

impl Limiter {
    pub(super) fn new(limits: &RateLimits, settings: &Settings) -> Self {
        let requests = NonZeroU32::new(settings.requests_per_minute);
        let requests = requests.filter(|_| settings.rate_limits == Switch::On);
        Self(requests.map(|requests| (limits.per_minute("requests", requests, NETWORKS), requests)))
    }

    /// Counts one request of this address. A refusal has the number of seconds to wait.
    pub(super) fn count(&self, address: Option<&str>) -> Result<(), Refusal> {
        self.count_many(address, 1)
    }

    /// Counts several requests at once, such as those of a batch. Refuses at most once for all of them.
    pub(super) fn count_many(&self, address: Option<&str>, requests: usize) -> Result<(), Refusal> {
        let (Some((limiter, limit)), Some(network)) = (&self.0, address.and_then(Network::parse)) else {
            return Ok(());
        };
        let note = |remaining| quota::note(RemainingQuota { limit: limit.get(), remaining });
        let left = limiter.take(network, requests).map_err(|wait| {
            note(0);
            let wait = wait.as_secs() + 1;
            let message = format!("Too many requests; try again in {wait} s");
            Refusal { retry_after: Some(wait), ..refusal(Code::RateLimited, message) }
        })?;
        left.into_iter().for_each(note);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn one_network_is_counted_under_all_its_spellings() {
        let settings = Settings { requests_per_minute: 3, ..Settings::default() };
        let limits = RateLimits::new(&Clock::manual(DateTime::UNIX_EPOCH), None);
        let limiter = Limiter::new(&limits, &settings);
        for address in ["2001:db8::1", "2001:DB8:0::2", "2001:db8::ffff:3"] {
            limiter.count(Some(address)).unwrap();
        }
        assert_eq!(limiter.count(Some("2001:db8::4")).unwrap_err().code, Code::RateLimited);
        limiter.count(Some("2001:db8:0:1::4")).unwrap();
        limiter.count(None).unwrap();
    }
}
