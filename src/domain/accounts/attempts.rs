//! Limits on attempts to sign in and up, and to give one's password once more.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use quick_cache::sync::Cache;
use uuid::Uuid;

use super::{Identity, Proof};
use crate::{
    clock::Clock,
    domain::{Error, Result},
};

/// Attempts a minute and at once from one network address, whatever the account: 30.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Attempts a minute and at once from one network address, known device, session or key on one account: 10.
const PER_CALLER: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// Attempts a minute and at once on one account from all unknown devices together: 60.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// The most keys that each counter keeps, of some 100 bytes each: the least used go first.
const KEYS: usize = 50_000;

/// Who makes an attempt.
#[derive(Clone, Copy, Debug)]
pub(super) enum From<'a> {
    /// A caller who is signed in to the account: never held up by the attempts of others.
    SignedIn(&'a Identity),
    /// A device that has signed in to the account before, by the hash of its token: counted apart, too.
    Device(&'a str),
    /// Any other, by the network address where it is known.
    Unknown(Option<&'a str>),
}

/// Counts attempts to sign in and up.
pub struct Attempts {
    counters: Option<Counters>,
}

struct Counters {
    by_address: Counter,
    by_caller: Counter,
    by_account: Counter,
}

impl Attempts {
    pub(crate) fn new(clock: &Clock, limited: bool) -> Self {
        let counter = |quota| Counter::new(Quota::per_minute(quota), clock);
        let counters = limited.then(|| Counters {
            by_address: counter(PER_ADDRESS),
            by_caller: counter(PER_CALLER),
            by_account: counter(PER_ACCOUNT),
        });
        Self { counters }
    }

    /// Counts one attempt on an account, known by its folded address.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time after which the next may come.
    pub(super) fn count(&self, from: From<'_>, account: &str) -> Result<()> {
        let Some(counters) = &self.counters else { return Ok(()) };
        match from {
            From::SignedIn(identity) => {
                let proof: Uuid = match &identity.proof {
                    Proof::Session(session) => session.id,
                    Proof::Key(id) => *id,
                };
                counters.by_caller.take(("proof", proof, account))
            }
            From::Device(device) => counters.by_caller.take(("device", device, account)),
            From::Unknown(address) => {
                if let Some(address) = address.map(network) {
                    counters.by_address.take(&address)?;
                    counters.by_caller.take(("address", &address, account))?;
                }
                counters.by_account.take(account)
            }
        }
    }
}

/// The network of an address: one customer of a provider has a /64 of IPv6.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let mut segments = address.segments();
            segments[4..].fill(0);
            Ipv6Addr::from(segments).to_string()
        }
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, Clock, NoOpMiddleware<Duration>>;

/// Counts by key. Keys are hashed with a secret of the process, so none takes more room than another.
struct Counter {
    quota: Quota,
    clock: Clock,
    hasher: RandomState,
    buckets: Cache<u64, Arc<Bucket>>,
}

impl Counter {
    fn new(quota: Quota, clock: &Clock) -> Self {
        Self { quota, clock: clock.clone(), hasher: RandomState::new(), buckets: Cache::new(KEYS) }
    }

    fn take(&self, key: impl Hash) -> Result<()> {
        let make =
            || Ok::<_, Error>(Arc::new(RateLimiter::direct_with_clock(self.quota, self.clock.clone())));
        let bucket: Arc<Bucket> = self.buckets.get_or_insert_with(&self.hasher.hash_one(key), make)?;
        bucket.check().map_err(|not_until| Error::RateLimited {
            retry_after: not_until.wait_time_from(governor::clock::Clock::now(&self.clock)),
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn an_account_is_not_closed_to_its_devices() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let attempts = Attempts::new(&clock, true);
        let from = |number: u32| {
            From::Unknown(Some(["10.0.0.1", "10.0.0.2", "2001:db8::1", "10.0.0.4"][number as usize]))
        };
        for _ in 0..10 {
            attempts.count(from(0), "ann").unwrap();
        }
        assert!(matches!(attempts.count(from(0), "ann"), Err(Error::RateLimited { .. })));
        // Another address, and another account from the same one.
        attempts.count(from(1), "ann").unwrap();
        attempts.count(from(0), "bob").unwrap();
        // A /64 is one address.
        for number in 0..10 {
            let address = format!("2001:db8::{number}");
            attempts.count(From::Unknown(Some(&address)), "ann").unwrap();
        }
        assert!(attempts.count(from(2), "ann").is_err());
        // Many addresses together slow unknown devices, not one that is known.
        let refused = (0..100).filter(|number| {
            attempts.count(From::Unknown(Some(&format!("10.1.0.{number}"))), "ann").is_err()
        });
        assert!(refused.count() > 50);
        for _ in 0..10 {
            attempts.count(From::Device("device"), "ann").unwrap();
        }
        assert!(attempts.count(From::Device("device"), "ann").is_err());
        // A change of the time of day opens and closes nothing.
        clock.step(chrono::TimeDelta::hours(2));
        assert!(attempts.count(From::Device("device"), "ann").is_err());
        clock.step(chrono::TimeDelta::hours(-4));
        clock.advance(Duration::from_secs(60));
        attempts.count(From::Device("device"), "ann").unwrap();
    }

    #[test]
    fn strangers_fill_no_memory() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let counter = Counter::new(Quota::per_minute(PER_CALLER), &clock);
        for number in 0..2 * KEYS {
            counter.take(number).unwrap();
        }
        assert!(counter.buckets.len() <= KEYS);
    }
}
