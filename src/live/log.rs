//! A log: numbered events of one topic, stored in the database.

use std::sync::Arc;

use uuid::Uuid;

use super::Position;
use crate::error::Result;

/// An event, loaded with the data that subscribers receive.
pub trait Event: Send + Sync + 'static {
    /// Its position in the log: one more than its predecessor's, in the order of commits.
    fn position(&self) -> Position;
}

/// Reads the events of topics.
pub trait Log: Send + Sync + 'static {
    /// Type of the events.
    type Event: Event;

    /// Returns at most `limit` events after `after`, oldest first; `None` if the log no longer contains them.
    fn read(
        &self,
        topic: Uuid,
        after: Position,
        limit: u64,
    ) -> impl Future<Output = Result<Option<Vec<Arc<Self::Event>>>>> + Send;
}
