//! Rate limit of written bytes per account.

use std::num::NonZeroU32;

use super::{KeyedLimiter, RateLimits};
use crate::error::{Error, Result};

/// Maximum number of counted accounts; the least used are forgotten.
const ACCOUNTS: usize = 65_536;
/// Bytes that a change counts as besides its texts and files: rows, indexes and events of it.
const CHANGE: usize = 256;

/// Counts the bytes of changes by account.
pub struct WriteLimiter(Option<KeyedLimiter>);

impl WriteLimiter {
    /// Allows each account `per_minute` bytes within a minute; 0 means no limit.
    pub fn new(limits: &RateLimits, per_minute: u32) -> Self {
        let per_minute = NonZeroU32::new(per_minute);
        Self(per_minute.map(|per_minute| limits.per_minute("written bytes", per_minute, ACCOUNTS)))
    }

    /// Counts a change whose arguments have this number of bytes.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until the change is allowed.
    pub fn count(&self, account_id: &str, bytes: usize) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        let bytes = bytes.saturating_add(CHANGE);
        limiter.count_weighted(account_id, bytes).map_err(|retry_after| Error::TooMuchWritten { retry_after })
    }
}
