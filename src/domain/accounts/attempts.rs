//! Limits on attempts to sign in, per network address and per account.

use std::{num::NonZeroU32, time::Duration};

use governor::{Quota, RateLimiter, middleware::NoOpMiddleware, state::keyed::DashMapStateStore};

use crate::{
    clock::Clock,
    domain::{Error, Result},
};

type Limiter = RateLimiter<String, DashMapStateStore<String>, Clock, NoOpMiddleware<Duration>>;

/// Attempts a minute and at once from one network address: 30.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Attempts a minute and at once on one account: 10.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// So many keys are kept before those that have recovered are dropped.
const KEYS: usize = 10_000;

/// Counts attempts to sign in and up.
pub struct Attempts {
    clock: Clock,
    limiters: Option<(Limiter, Limiter)>,
}

impl Attempts {
    pub(crate) fn new(clock: Clock, limited: bool) -> Self {
        let limiter =
            |quota| RateLimiter::new(Quota::per_minute(quota), DashMapStateStore::default(), clock.clone());
        let limiters = limited.then(|| (limiter(PER_ADDRESS), limiter(PER_ACCOUNT)));
        Self { clock, limiters }
    }

    /// Counts one attempt.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time after which the next may come.
    pub fn count(&self, address: Option<&str>, account: &str) -> Result<()> {
        let Some((by_address, by_account)) = &self.limiters else { return Ok(()) };
        if let Some(address) = address {
            self.take(by_address, address)?;
        }
        self.take(by_account, account)
    }

    fn take(&self, limiter: &Limiter, key: &str) -> Result<()> {
        if limiter.len() > KEYS {
            limiter.retain_recent();
        }
        limiter.check_key(&key.to_owned()).map_err(|not_until| Error::RateLimited {
            retry_after: not_until.wait_time_from(governor::clock::Clock::now(&self.clock)),
        })
    }
}
