//! Loads rows that many fields of an execution request, in one batch for each kind of row.
//!
//! The first field that requests a key collects: it yields until no other field adds a key, takes all keys
//! and loads them. It runs in the execution's own task, without timers or further tasks. Nothing is cached
//! after delivery or shared between executions.

mod keys;

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
    error::{Error, Result},
};

pub(in crate::graphql) use keys::by_first;

/// Maximum number of keys per call, because the keys of a call form one list in one statement.
const CHUNK: usize = 500;

/// A kind of row that is loaded by key.
pub(super) trait Loader: 'static {
    /// Type of the key.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    /// Type of the loaded value.
    type Value: Clone + Send + Sync + 'static;

    /// Loads the values of up to 500 distinct keys; a key without a value is absent from the result.
    ///
    /// # Errors
    /// An error fails every field that requested one of the keys.
    fn load(
        app: &App,
        keys: &[Self::Key],
    ) -> impl Future<Output = Result<HashMap<Self::Key, Self::Value>>> + Send;
}

/// The batches of one execution.
#[derive(Default)]
pub(super) struct Loaders(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Loaders {
    /// Returns the value of a key, loaded in one batch with the keys of other fields of this execution;
    /// `None` if there is none.
    ///
    /// # Errors
    /// The errors of the loader.
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

/// The keys that wait for the next batch, and the fields that wait for each key.
struct Queue<K, V>(Mutex<State<K, V>>);

struct State<K, V> {
    batch: Batch<K, V>,
    /// Whether a field is collecting the batch.
    has_leader: bool,
}

impl<K, V> Default for Queue<K, V> {
    fn default() -> Self {
        Self(Mutex::new(State { batch: IndexMap::new(), has_leader: false }))
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Queue<K, V> {
    /// Requests a key. The first field that requests one collects and loads the batch.
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
            // No answer: the collecting field was dropped, so another one must collect.
            if let Ok(answer) = answer.await {
                return answer.map_err(Error::shared);
            }
        }
    }

    fn ask(&self, key: K) -> (oneshot::Receiver<Answer<V>>, Option<Collector<'_, K, V>>) {
        let (sender, answer) = oneshot::channel();
        let mut state = self.0.lock();
        state.batch.entry(key).or_default().push(sender);
        let leads = !mem::replace(&mut state.has_leader, true);
        drop(state);
        (answer, leads.then(|| Collector { queue: self, collects: true }))
    }
}

/// The right to collect a batch. Dropping it early wakes all waiting fields, so that another one collects.
struct Collector<'q, K, V> {
    queue: &'q Queue<K, V>,
    collects: bool,
}

impl<K, V> Collector<'_, K, V> {
    /// Collects keys until no field adds another.
    async fn collect(mut self) -> Batch<K, V> {
        let mut before = 0;
        loop {
            let asked = self.queue.0.lock().batch.len();
            if asked == before {
                return self.take();
            }
            before = asked;
            yield_to_other_fields().await;
        }
    }

    fn take(&mut self) -> Batch<K, V> {
        self.collects = false;
        let mut state = self.queue.0.lock();
        state.has_leader = false;
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

/// Loads the collected keys and wakes the waiting fields.
async fn deliver<K, V, F, Fut>(mut batch: Batch<K, V>, fetch: &F)
where
    K: Clone + Eq + Hash,
    V: Clone,
    F: Fn(Vec<K>) -> Fut,
    Fut: Future<Output = Result<HashMap<K, V>>>,
{
    // A field that fails elsewhere drops the fields beside it, so no receiver may be left.
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
                // A dropped field needs no answer.
                let _ = field.send(answer.clone());
            }
        }
    }
}

/// Yields until everything else in this task has made progress.
async fn yield_to_other_fields() {
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
