//! The agent replies that this process generates.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::watch;
use uuid::Uuid;

use crate::metrics::{Counted, metrics};

/// The agent replies that this process generates, with a signal for each that it was ended elsewhere.
#[derive(Clone, Default)]
pub struct RunningReplies {
    running: Arc<Mutex<HashMap<Uuid, watch::Sender<bool>>>>,
}

/// Registration of a running reply, until dropped.
pub struct RunningReply {
    replies: RunningReplies,
    id: Uuid,
    ended: watch::Receiver<bool>,
    _counted: Counted,
}

impl RunningReplies {
    /// Registers a reply that this process generates.
    pub fn register(&self, id: Uuid) -> RunningReply {
        let (sender, ended) = watch::channel(false);
        self.running.lock().insert(id, sender);
        RunningReply { replies: self.clone(), id, ended, _counted: Counted::new(&metrics().replies_running) }
    }

    /// Signals the task that generates the reply that it was ended elsewhere.
    pub fn end(&self, id: Uuid) {
        if let Some(ended) = self.running.lock().get(&id) {
            ended.send_replace(true);
        }
    }

    /// Returns the ids of the replies that run in this process.
    pub fn ids(&self) -> Vec<Uuid> {
        self.running.lock().keys().copied().collect()
    }
}

impl RunningReply {
    /// Completes when the reply was ended elsewhere.
    pub async fn ended(&mut self) {
        if self.ended.wait_for(|ended| *ended).await.is_err() {
            // The table keeps the sender as long as this registration lives.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for RunningReply {
    fn drop(&mut self) {
        self.replies.running.lock().remove(&self.id);
    }
}
