//! Rate limits by key, in bounded memory, counted together by all servers on one database.

use std::{
    collections::HashMap,
    convert::Infallible,
    hash::{Hash, Hasher},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};
use parking_lot::Mutex;
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Clock;

/// The parts of a limit after which a server announces its events of a key. For each further server, at most one part more
/// is allowed.
const PARTS: u32 = 16;

/// Announces events to the other servers.
pub type Announce = Arc<dyn Fn(&CountedEvents) + Send + Sync>;

/// The rate limits of this server. Cheap to clone.
#[derive(Clone)]
pub struct RateLimits {
    clock: Clock,
    announce: Option<Announce>,
    /// The counters of each limit, by its name.
    limits: Arc<Mutex<HashMap<&'static str, Arc<Counters>>>>,
}

/// Events that another server counted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CountedEvents {
    /// The name of the limit.
    limit: String,
    /// The hash of the key.
    key: Uuid,
    /// Number of events since the last announcement.
    events: u32,
}

/// Counts events by key on the monotonic clock (GCRA). It keeps no key, only a hash, so that all keys take the same
/// memory, about 100 bytes.
pub struct KeyedLimiter(Arc<Counters>);

struct Counters {
    name: &'static str,
    quota: Quota,
    clock: Clock,
    announce: Option<Announce>,
    by_key: Cache<u128, Arc<Counter>>,
}

struct Counter {
    limiter: RateLimiter<NotKeyed, InMemoryState, Clock, StateInformationMiddleware>,
    /// Events that the other servers do not know yet.
    unannounced: AtomicU32,
}

impl RateLimits {
    /// The limits of a server; without `announce` it counts alone.
    pub fn new(clock: &Clock, announce: Option<Announce>) -> Self {
        Self { clock: clock.clone(), announce, limits: Arc::default() }
    }

    /// Allows `events` a minute for each key, all of which may come at once. Of more than `keys` keys, the least used
    /// are forgotten. Limits of the same `name` on other servers count together with this one.
    pub fn per_minute(&self, name: &'static str, events: NonZeroU32, keys: usize) -> KeyedLimiter {
        let counters = Arc::new(Counters {
            name,
            quota: Quota::per_minute(events),
            clock: self.clock.clone(),
            announce: self.announce.clone(),
            by_key: Cache::new(keys),
        });
        self.limits.lock().insert(name, counters.clone());
        KeyedLimiter(counters)
    }

    /// Counts the events of another server.
    pub fn receive(&self, counted: &CountedEvents) {
        let counters = self.limits.lock().get(counted.limit.as_str()).cloned();
        if let Some(counters) = counters {
            counters.absorb(&counters.get(counted.key.as_u128()), counted.events);
        }
    }
}

impl KeyedLimiter {
    /// Counts one event.
    ///
    /// # Errors
    /// Returns the time until the next event is allowed; the event is not counted then.
    pub fn count(&self, key: impl Hash) -> Result<(), Duration> {
        self.count_many(key, 1)
    }

    /// Counts several events, up to the first that is refused.
    ///
    /// # Errors
    /// Returns the time until the next event is allowed.
    pub fn count_many(&self, key: impl Hash, events: usize) -> Result<(), Duration> {
        self.take(key, events).map(drop)
    }

    /// Counts several events, up to the first that is refused. Returns the number of further events that are allowed now;
    /// `None` if there was none to count.
    ///
    /// # Errors
    /// Returns the time until the next event is allowed.
    pub fn take(&self, key: impl Hash, events: usize) -> Result<Option<u32>, Duration> {
        let key = hash(key);
        let counter = self.0.get(key);
        let (counted, outcome) = self.0.count(&counter, events);
        self.0.announce(key, &counter, counted);
        outcome
    }

    /// Counts an event that weighs as much as `units` events. One that weighs more than a minute allows takes the whole
    /// minute.
    ///
    /// # Errors
    /// Returns the time until it is allowed; it is not counted then.
    pub fn count_weighted(&self, key: impl Hash, units: usize) -> Result<(), Duration> {
        let most = self.0.quota.burst_size();
        let units = u32::try_from(units).ok().and_then(NonZeroU32::new).map_or(most, |units| units.min(most));
        let key = hash(key);
        let counter = self.0.get(key);
        match counter.limiter.check_n(units) {
            Ok(checked) => {
                checked.map_err(|not_until| not_until.wait_time_from(self.0.clock.monotonic()))?;
            }
            // Impossible: the weight is at most that of a minute.
            Err(_) => return Ok(()),
        }
        self.0.announce(key, &counter, units.get());
        Ok(())
    }
}

impl Counters {
    fn get(&self, key: u128) -> Arc<Counter> {
        let make = || {
            let limiter = RateLimiter::direct_with_clock(self.quota, self.clock.clone()).with_middleware();
            Ok::<_, Infallible>(Arc::new(Counter { limiter, unannounced: AtomicU32::new(0) }))
        };
        let Ok(counter) = self.by_key.get_or_insert_with(&key, make);
        counter
    }

    /// Counts events up to the first that is refused. Returns how many were counted, and how many more are allowed now or
    /// the time until the next one is.
    fn count(&self, counter: &Counter, events: usize) -> (u32, Result<Option<u32>, Duration>) {
        let (mut counted, mut left) = (0, None);
        for _ in 0..events {
            match counter.limiter.check() {
                Ok(state) => left = Some(state.remaining_burst_capacity()),
                Err(not_until) => return (counted, Err(not_until.wait_time_from(self.clock.monotonic()))),
            }
            counted += 1;
        }
        (counted, Ok(left))
    }

    /// Counts these events up to the limit.
    fn absorb(&self, counter: &Counter, events: u32) {
        let mut left = events.min(self.quota.burst_size().get());
        let mut part = left;
        while let Some(units) = NonZeroU32::new(part) {
            if matches!(counter.limiter.check_n(units), Ok(Ok(_))) {
                left -= part;
            }
            part = (part / 2).min(left);
        }
    }

    /// Announces events to the other servers, several at once.
    fn announce(&self, key: u128, counter: &Counter, events: u32) {
        let Some(announce) = self.announce.as_ref().filter(|_| events > 0) else { return };
        let part = (self.quota.burst_size().get() / PARTS).max(1);
        if counter.unannounced.fetch_add(events, Ordering::Relaxed).saturating_add(events) < part {
            return;
        }
        let events = counter.unannounced.swap(0, Ordering::Relaxed);
        let key = Uuid::from_u128(key);
        announce(&CountedEvents { limit: self.name.to_owned(), key, events });
    }
}

/// Returns the same hash on all servers. A cryptographic one, so that no key can be found that counts as another.
fn hash(key: impl Hash) -> u128 {
    struct Bytes(Sha256);
    impl Hasher for Bytes {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        fn finish(&self) -> u64 {
            0
        }
    }
    let mut bytes = Bytes(Sha256::new());
    key.hash(&mut bytes);
    bytes.0.finalize().iter().take(size_of::<u128>()).fold(0, |hash, byte| (hash << 8) | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn limiter(clock: &Clock, events: u32, keys: usize) -> KeyedLimiter {
        let limits = RateLimits::new(clock, None);
        limits.per_minute("test", NonZeroU32::new(events).unwrap(), keys)
    }

    #[test]
    fn a_change_of_the_time_of_day_changes_nothing() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let limiter = limiter(&clock, 60, 10);
        limiter.count_many("a", 60).unwrap();
        let before = limiter.count("a").unwrap_err();
        for step in [TimeDelta::hours(1), TimeDelta::hours(-2), TimeDelta::hours(1)] {
            clock.step(step);
            assert_eq!(limiter.count("a").unwrap_err(), before, "{step}");
        }
        clock.advance(Duration::from_secs(1));
        clock.step(TimeDelta::hours(-1));
        limiter.count("a").unwrap();
    }

    #[test]
    fn weights_are_counted_together() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let limiter = limiter(&clock, 60, 10);
        limiter.count_weighted("a", 40).unwrap();
        assert_eq!(limiter.count_weighted("a", 30).unwrap_err(), Duration::from_secs(10));
        limiter.count_weighted("a", 20).unwrap();
        limiter.count_weighted("b", 1000).unwrap();
        assert_eq!(limiter.count_weighted("b", 1000).unwrap_err(), Duration::from_secs(60));
        clock.advance(Duration::from_secs(60));
        limiter.count_weighted("b", 1000).unwrap();
    }

    #[test]
    fn the_number_of_keys_is_bounded() {
        const KEYS: usize = 1000;
        let limiter = limiter(&Clock::manual(DateTime::UNIX_EPOCH), 10, KEYS);
        for number in 0..3 * KEYS {
            limiter.count(number).unwrap();
        }
        assert!(limiter.0.by_key.len() <= KEYS, "{}", limiter.0.by_key.len());
    }

    #[test]
    fn events_of_other_servers_count_for_the_limit_of_that_name() {
        let limits = RateLimits::new(&Clock::manual(DateTime::UNIX_EPOCH), None);
        let events = NonZeroU32::new(10).unwrap();
        let (first, second) =
            (limits.per_minute("first", events, 10), limits.per_minute("second", events, 10));
        for (limit, events) in [("first", 8), ("unknown", 8), ("first", u32::MAX)] {
            let (limit, key) = (limit.to_owned(), Uuid::from_u128(hash("a")));
            limits.receive(&CountedEvents { limit, key, events });
        }
        first.count("a").unwrap_err();
        first.count("b").unwrap();
        second.count_many("a", 10).unwrap();
    }
}
