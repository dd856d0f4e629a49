//! Signals for state that is in no log: they wake the subscribers of a topic when it may have changed.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

/// The subscribers of one kind of topic, by the topic's id.
#[derive(Default)]
pub struct TopicSignals {
    subscribers: Subscribers,
}

type Subscribers = Arc<Mutex<HashMap<Uuid, Vec<Arc<Notify>>>>>;

/// Registration of a subscriber of one topic, until dropped.
pub struct SignalSubscription {
    /// Signals that the topic may have changed.
    pub signal: Arc<Notify>,
    id: Uuid,
    subscribers: Subscribers,
}

impl TopicSignals {
    /// Wakes the subscribers of a topic.
    pub fn notify(&self, id: Uuid) {
        if let Some(subscribers) = self.subscribers.lock().get(&id) {
            subscribers.iter().for_each(|signal| signal.notify_one());
        }
    }

    /// Returns the topics with subscribers.
    pub fn topics(&self) -> Vec<Uuid> {
        self.subscribers.lock().keys().copied().collect()
    }

    /// Registers a subscriber of a topic.
    pub fn subscribe(&self, id: Uuid) -> SignalSubscription {
        let signal = Arc::new(Notify::new());
        self.subscribers.lock().entry(id).or_default().push(signal.clone());
        SignalSubscription { signal, id, subscribers: self.subscribers.clone() }
    }
}

impl Drop for SignalSubscription {
    fn drop(&mut self) {
        let mut subscribers = self.subscribers.lock();
        if let Some(here) = subscribers.get_mut(&self.id) {
            here.retain(|other| !Arc::ptr_eq(other, &self.signal));
            if here.is_empty() {
                subscribers.remove(&self.id);
            }
        }
    }
}
