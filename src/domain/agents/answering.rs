//! The answers that this process is giving.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::watch;
use uuid::Uuid;

/// The answers that this process is giving, and how each is told that it was ended.
#[derive(Clone, Default)]
pub struct Answering {
    running: Arc<Mutex<HashMap<Uuid, watch::Sender<bool>>>>,
}

/// One answer that is being given; dropped, it no longer is.
pub(super) struct Turn {
    answering: Answering,
    id: Uuid,
    ended: watch::Receiver<bool>,
}

impl Answering {
    pub(super) fn enter(&self, id: Uuid) -> Turn {
        let (sender, ended) = watch::channel(false);
        self.running.lock().insert(id, sender);
        Turn { answering: self.clone(), id, ended }
    }

    /// Tells the one who gives an answer that somebody else has ended it.
    pub(super) fn end(&self, id: Uuid) {
        if let Some(ended) = self.running.lock().get(&id) {
            ended.send_replace(true);
        }
    }

    /// Those that are being given here.
    pub(super) fn ids(&self) -> Vec<Uuid> {
        self.running.lock().keys().copied().collect()
    }
}

impl Turn {
    /// Ends when somebody else has ended the answer.
    pub(super) async fn ended(&mut self) {
        if self.ended.wait_for(|ended| *ended).await.is_err() {
            // Its sender lives in the table for as long as this is in it.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.answering.running.lock().remove(&self.id);
    }
}
