//! Rate limit of messages per author and conversation.

use std::num::NonZeroU32;

use uuid::Uuid;

use super::{KeyedLimiter, RateLimits};
use crate::error::{Error, Result};

/// Maximum number of counted pairs of author and conversation; the least used are forgotten.
const PAIRS: usize = 65_536;

/// Counts messages by author and conversation.
pub struct PostLimiter(Option<KeyedLimiter>);

impl PostLimiter {
    /// Allows each author `per_minute` messages a minute in one conversation, all of which may come at once; 0 means no limit.
    pub fn new(limits: &RateLimits, per_minute: u32) -> Self {
        let per_minute = NonZeroU32::new(per_minute);
        Self(per_minute.map(|per_minute| limits.per_minute("posts", per_minute, PAIRS)))
    }

    /// Counts one message, or another change that a member writes into a conversation.
    ///
    /// # Errors
    /// [`Error::RateLimited`] with the time until the next message is allowed.
    pub fn count(&self, author_id: &str, conversation_id: Uuid) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.count((author_id, conversation_id)).map_err(|retry_after| Error::RateLimited { retry_after })
    }
}
