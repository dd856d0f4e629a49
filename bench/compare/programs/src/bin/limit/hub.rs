//! The messages of all rooms for all sockets.

use std::sync::Arc;

use tokio::sync::broadcast;
use uuid::Uuid;

use crate::answer::Posted;

/// A message as text of a GraphQL answer, and its community.
pub type Event = Arc<(Uuid, String)>;

/// Hands each posted message to each socket.
#[derive(Clone)]
pub struct Hub(broadcast::Sender<Event>);

impl Hub {
    pub fn new() -> Self {
        Self(broadcast::channel(4096).0)
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }

    /// Publishes a message. It is written once for all sockets.
    pub fn publish(&self, community: Uuid, posted: &Posted<Uuid>) {
        if self.0.receiver_count() > 0 {
            let text = serde_json::json!({ "data": { "communityMessageAdded": posted } }).to_string();
            let _ = self.0.send(Arc::new((community, text)));
        }
    }
}
