//! Sign-in limiter: limits attempts to sign in, to sign up and to confirm a password, and searches for people.

use std::{num::NonZeroU32, time::Duration};

use uuid::Uuid;

use super::{Identity, KeyedLimiter, Proof, RateLimits, network::Network};
use crate::error::{Error, Result};

/// Maximum number of attempts per network address and minute, also as a burst, on any account: 30.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Maximum number of attempts per account and minute, also as a burst, from one network address, known
/// device, session or key: 10.
const PER_CALLER: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// Maximum number of attempts per account and minute, also as a burst, from all unknown devices together:
/// 60.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// Maximum number of searches for people per account and minute, also as a burst: 30.
const SEARCHES: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Maximum number of keys per counter; the least used are forgotten.
const KEYS: usize = 50_000;

/// Origin of an attempt.
#[derive(Clone, Copy, Debug)]
pub enum AttemptOrigin<'a> {
    /// A caller signed in to the account; not limited by others' attempts.
    SignedIn(&'a Identity),
    /// A device that has signed in to the account before, by the hash of its token; not limited by others'
    /// attempts.
    Device(&'a str),
    /// Any other origin, by its network address if known.
    Unknown(Option<&'a str>),
}

/// Sign-in limiter: counts attempts to sign in and up.
pub struct SignInLimiter {
    counters: Option<Counters>,
}

struct Counters {
    by_address: KeyedLimiter,
    by_caller: KeyedLimiter,
    by_account: KeyedLimiter,
    searches: KeyedLimiter,
}

impl SignInLimiter {
    /// Counts one search for people by an account.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until the next search is allowed.
    pub fn count_search(&self, user_id: &str) -> Result<()> {
        let Some(counters) = &self.counters else { return Ok(()) };
        counters.searches.count(user_id).map_err(refused)
    }

    /// Limits attempts if `limited`.
    pub fn new(limits: &RateLimits, limited: bool) -> Self {
        let counter = |name, attempts| limits.per_minute(name, attempts, KEYS);
        let counters = limited.then(|| Counters {
            by_address: counter("attempts of an address", PER_ADDRESS),
            by_caller: counter("attempts of a caller", PER_CALLER),
            by_account: counter("attempts on an account", PER_ACCOUNT),
            searches: counter("searches for people", SEARCHES),
        });
        Self { counters }
    }

    /// Counts one attempt on an account, given by its folded address.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until the next attempt is allowed.
    pub fn count(&self, from: AttemptOrigin<'_>, account: &str) -> Result<()> {
        let Some(counters) = &self.counters else { return Ok(()) };
        match from {
            AttemptOrigin::SignedIn(identity) => {
                let proof: Uuid = match &identity.proof {
                    Proof::Session(session) => session.id,
                    Proof::Key(id) => *id,
                };
                counters.by_caller.count(("proof", proof, account)).map_err(refused)
            }
            AttemptOrigin::Device(device) => {
                counters.by_caller.count(("device", device, account)).map_err(refused)
            }
            AttemptOrigin::Unknown(address) => {
                if let Some(network) = address.and_then(Network::parse) {
                    counters.by_address.count(network).map_err(refused)?;
                    counters.by_caller.count(("network", network, account)).map_err(refused)?;
                }
                counters.by_account.count(account).map_err(refused)
            }
        }
    }
}

/// Returns the error of a refused attempt.
fn refused(retry_after: Duration) -> Error {
    Error::RateLimited { retry_after }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn an_account_is_not_closed_to_its_devices() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let attempts = SignInLimiter::new(&RateLimits::new(&clock, None), true);
        let from = |number: u32| {
            AttemptOrigin::Unknown(Some(["10.0.0.1", "10.0.0.2", "2001:db8::1", "10.0.0.4"][number as usize]))
        };
        for _ in 0..10 {
            attempts.count(from(0), "ann").unwrap();
        }
        assert!(matches!(attempts.count(from(0), "ann"), Err(Error::RateLimited { .. })));
        // Another address, and another account from the same address.
        attempts.count(from(1), "ann").unwrap();
        attempts.count(from(0), "bob").unwrap();
        // All addresses of a /64 count as one.
        for number in 0..10 {
            let address = format!("2001:db8::{number}");
            attempts.count(AttemptOrigin::Unknown(Some(&address)), "ann").unwrap();
        }
        assert!(attempts.count(from(2), "ann").is_err());
        // Many addresses together limit unknown devices, but not known ones.
        let refused = (0..100).filter(|number| {
            attempts.count(AttemptOrigin::Unknown(Some(&format!("10.1.0.{number}"))), "ann").is_err()
        });
        assert!(refused.count() > 50);
        for _ in 0..10 {
            attempts.count(AttemptOrigin::Device("device"), "ann").unwrap();
        }
        assert!(attempts.count(AttemptOrigin::Device("device"), "ann").is_err());
        // A step of the wall clock has no effect.
        clock.step(chrono::TimeDelta::hours(2));
        assert!(attempts.count(AttemptOrigin::Device("device"), "ann").is_err());
        clock.step(chrono::TimeDelta::hours(-4));
        clock.advance(Duration::from_secs(60));
        attempts.count(AttemptOrigin::Device("device"), "ann").unwrap();
    }
}
