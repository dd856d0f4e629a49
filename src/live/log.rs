//! A log: numbered events of one topic, kept in the database.

use std::sync::Arc;

use uuid::Uuid;

use super::Position;
use crate::domain::Result;

/// Something that happened, loaded with what listeners are shown of it.
pub trait Event: Send + Sync + 'static {
    /// Its number in the log: one more than the one before, and the order in which events were committed.
    fn position(&self) -> Position;
}

/// Where the events of topics are read.
pub trait Log: Send + Sync + 'static {
    /// What happens.
    type Event: Event;

    /// At most `limit` events behind `after`, oldest first; none where the log no longer reaches back so far.
    fn read(
        &self,
        topic: Uuid,
        after: Position,
        limit: u64,
    ) -> impl Future<Output = Result<Option<Vec<Arc<Self::Event>>>>> + Send;
}
