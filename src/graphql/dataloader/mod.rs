//! Loads rows that many fields of one answer ask for together: each kind of row in one call, one set of queues an
//! execution.
//!
//! The first field that asks collects: it lets every other field go on until none asks for more, takes all the keys and
//! loads them. It does so within the execution's own task, without a timer or a task beside it. Nothing is kept once it
//! is delivered, and nothing is shared between executions.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    future::poll_fn,
    hash::Hash,
    mem,
    sync::Arc,
    task::Poll,
};

use indexmap::IndexMap;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::{
    app::App,
    domain::{Error, Result},
};

/// The most keys of one call: what is behind it is one list in one statement.
const CHUNK: usize = 500;

/// A kind of row that is loaded by key.
pub(super) trait Loader: 'static {
    /// What a row is found by.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    /// What is found.
    type Value: Clone + Send + Sync + 'static;

    /// Loads what is found of distinct keys, at most 500 a call; a key that is absent from the result has nothing.
    ///
    /// # Errors
    /// A failure is that of every field that asked for one of the keys.
    fn load(
        app: &App,
        keys: &[Self::Key],
    ) -> impl Future<Output = Result<HashMap<Self::Key, Self::Value>>> + Send;
}

/// The queues of one execution.
#[derive(Default)]
pub(super) struct Loaders(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Loaders {
    /// The value of a key, loaded with those that other fields of this execution ask for at the same time; `None` if
    /// there is none.
    ///
    /// # Errors
    /// Those of the loader.
    pub(super) async fn load<L: Loader>(&self, app: &App, key: L::Key) -> Result<Option<L::Value>> {
        let queue = self.queue::<L>()?;
        queue.load(key, |keys: Vec<L::Key>| async move { L::load(app, &keys).await }).await
    }

    fn queue<L: Loader>(&self) -> Result<Arc<Queue<L::Key, L::Value>>> {
        let new = || Arc::new(Queue::<L::Key, L::Value>::default()) as Arc<dyn Any + Send + Sync>;
        let queue = self.0.lock().entry(TypeId::of::<L>()).or_insert_with(new).clone();
        queue.downcast().map_err(|_| Error::Internal(anyhow::anyhow!("a queue of another loader")))
    }
}

type Answer<V> = Result<Option<V>, Arc<Error>>;
type Batch<K, V> = IndexMap<K, Vec<oneshot::Sender<Answer<V>>>>;

/// The keys that are waiting for the next call, and the fields that wait for each.
struct Queue<K, V>(Mutex<State<K, V>>);

struct State<K, V> {
    batch: Batch<K, V>,
    /// Whether a field is collecting the batch.
    is_led: bool,
}

impl<K, V> Default for Queue<K, V> {
    fn default() -> Self {
        Self(Mutex::new(State { batch: IndexMap::new(), is_led: false }))
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Queue<K, V> {
    /// Asks for a key; the first to ask collects and loads for all.
    async fn load<F, Fut>(&self, key: K, fetch: F) -> Result<Option<V>>
    where
        F: Fn(Vec<K>) -> Fut,
        Fut: Future<Output = Result<HashMap<K, V>>>,
    {
        loop {
            let (answer, collector) = self.ask(key.clone());
            if let Some(collector) = collector {
                deliver(collector.collect().await, &fetch).await;
            }
            // Without an answer the field that collected was dropped, and another has to.
            if let Ok(answer) = answer.await {
                return answer.map_err(Error::shared);
            }
        }
    }

    fn ask(&self, key: K) -> (oneshot::Receiver<Answer<V>>, Option<Collector<'_, K, V>>) {
        let (sender, answer) = oneshot::channel();
        let mut state = self.0.lock();
        state.batch.entry(key).or_default().push(sender);
        let leads = !mem::replace(&mut state.is_led, true);
        drop(state);
        (answer, leads.then(|| Collector { queue: self, collects: true }))
    }
}

/// The right to collect a batch. Dropped early, it sends all who wait back to ask anew, so that another collects.
struct Collector<'q, K, V> {
    queue: &'q Queue<K, V>,
    collects: bool,
}

impl<K, V> Collector<'_, K, V> {
    /// The keys that are asked for by the time that no field asks for more.
    async fn collect(mut self) -> Batch<K, V> {
        let mut before = 0;
        loop {
            let asked = self.queue.0.lock().batch.len();
            if asked == before {
                return self.take();
            }
            before = asked;
            others_first().await;
        }
    }

    fn take(&mut self) -> Batch<K, V> {
        self.collects = false;
        let mut state = self.queue.0.lock();
        state.is_led = false;
        mem::take(&mut state.batch)
    }
}

impl<K, V> Drop for Collector<'_, K, V> {
    fn drop(&mut self) {
        if self.collects {
            drop(self.take());
        }
    }
}

/// Loads what is collected and answers all who wait for it.
async fn deliver<K, V, F, Fut>(mut batch: Batch<K, V>, fetch: &F)
where
    K: Clone + Eq + Hash,
    V: Clone,
    F: Fn(Vec<K>) -> Fut,
    Fut: Future<Output = Result<HashMap<K, V>>>,
{
    // A field that failed elsewhere takes others with it, and nobody waits for their keys.
    batch.retain(|_, waiting| {
        waiting.retain(|field| !field.is_closed());
        !waiting.is_empty()
    });
    while !batch.is_empty() {
        let rest = batch.split_off(batch.len().min(CHUNK));
        let loaded = fetch(batch.keys().cloned().collect()).await.map_err(Arc::new);
        for (key, waiting) in mem::replace(&mut batch, rest) {
            let answer = match &loaded {
                Ok(found) => Ok(found.get(&key).cloned()),
                Err(error) => Err(error.clone()),
            };
            for field in waiting {
                // A field that is gone needs no answer.
                let _ = field.send(answer.clone());
            }
        }
    }
}

/// Lets everything else in this task that can go on do so first.
async fn others_first() {
    let mut is_second = false;
    poll_fn(|cx| {
        if mem::replace(&mut is_second, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests;
