//! Rate limit of questions to agents per user.

use std::num::NonZeroU32;

use super::{KeyedLimiter, RateLimits};
use crate::error::{Error, Result};

/// Maximum number of questions per user and minute, also as a burst: 20.
const PER_USER: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// Maximum number of counted users; the least used are forgotten.
const USERS: usize = 50_000;

/// Question limiter: counts questions per user.
pub struct QuestionLimiter(Option<KeyedLimiter>);

impl QuestionLimiter {
    /// Limits questions if `limited`.
    pub fn new(limits: &RateLimits, limited: bool) -> Self {
        Self(limited.then(|| limits.per_minute("questions", PER_USER, USERS)))
    }

    /// Counts one question of a user.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until the next question is allowed.
    pub fn count(&self, user_id: &str) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.count(user_id).map_err(|retry_after| Error::RateLimited { retry_after })
    }
}
