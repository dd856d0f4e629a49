//! Rate limit of one kind of event per user.

use std::num::NonZeroU32;

use super::{KeyedLimiter, RateLimits};
use crate::error::{Error, Result};

/// Maximum number of counted users; the least used are forgotten.
const USERS: usize = 50_000;

/// Counts events of one kind by user.
pub struct UserLimiter(Option<KeyedLimiter>);

impl UserLimiter {
    /// Allows each user `per_minute` events of this name, also as a burst; any number unless `limited`.
    pub fn new(limits: &RateLimits, limited: bool, name: &'static str, per_minute: NonZeroU32) -> Self {
        Self(limited.then(|| limits.per_minute(name, per_minute, USERS)))
    }

    /// Counts one event of a user.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until the next event is allowed.
    pub fn count(&self, user_id: &str) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.count(user_id).map_err(|retry_after| Error::RateLimited { retry_after })
    }
}
