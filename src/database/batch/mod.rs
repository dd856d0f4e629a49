//! The batcher: requests that arrive while a batch is carried out form the next batch. Writes share a transaction (group
//! commit), reads a statement.

mod registry;

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::Arc,
    time::Instant,
};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::Work;

pub use registry::Batchers;

use crate::{
    metrics::{metrics, seconds_since},
    tasks::Tasks,
};

/// How requests of one kind are carried out together.
pub trait Batch: Send + Sync + 'static {
    /// The state that a batch needs; cheap to clone.
    type Context: Clone + Send + Sync + 'static;
    /// Requests with equal keys form batches.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    /// A request.
    type Request: Send + 'static;
    /// The outcome of a request, a result or a refusal.
    type Output: Send + 'static;

    /// Name of the batches in metrics.
    const NAME: &'static str;
    /// The bounds.
    const LIMITS: BatchLimits = BatchLimits::DEFAULT;
    /// The share of the database that batches count against.
    const SHARE: Share = Share::OfBatches;

    /// The bytes that a request keeps in memory while it waits.
    fn weight(request: &Self::Request) -> usize;

    /// Carries out requests together. Returns one outcome for each, in their order; at least one of them is not
    /// [`Outcome::Postponed`].
    fn run(
        context: Self::Context,
        key: Self::Key,
        requests: Vec<Self::Request>,
    ) -> impl Future<Output = Vec<Outcome<Self::Request, Self::Output>>> + Send;
}

/// The share of the database that batches count against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// The share of all batches: each batch takes a bounded time.
    OfBatches,
    /// The share of the caller of the batch's first request.
    OfFirstCaller,
}

/// The outcome of one request of a batch.
#[derive(Debug)]
pub enum Outcome<R, T> {
    /// It was carried out or refused.
    Done(T),
    /// No part of it was carried out: it comes first in the next batch.
    Postponed(R),
    /// Nothing of it was carried out: its caller does it alone.
    Returned(R),
}

/// The answer to a caller.
#[derive(Debug)]
pub enum Submitted<R, T> {
    /// The request was carried out or refused.
    Done(T),
    /// Nothing was carried out: the caller does it alone.
    Returned(R),
}

/// The reason why a request has no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Too many requests wait. Nothing was carried out.
    #[error("too many requests wait for a batch")]
    Full,
    /// The batch ended without an outcome: the request was carried out or not.
    #[error("a batch ended without an outcome")]
    Lost,
}

/// The bounds of the batches of one kind.
#[derive(Clone, Copy, Debug)]
pub struct BatchLimits {
    /// Requests of one batch.
    pub requests: usize,
    /// Bytes of one batch; a larger request is a batch of its own.
    pub bytes: usize,
    /// Requests that are being carried out or wait, of all keys.
    pub waiting: usize,
    /// Bytes of these requests.
    pub waiting_bytes: usize,
    /// Requests of one caller among these.
    pub waiting_of_caller: usize,
}

impl BatchLimits {
    /// The usual bounds.
    pub const DEFAULT: Self = Self {
        requests: 64,
        bytes: 1024 * 1024,
        waiting: 4096,
        waiting_bytes: 32 * 1024 * 1024,
        waiting_of_caller: 1024,
    };
}

/// Carries out requests in batches, one batch of a key at a time. The first request of a key is carried out at once;
/// requests that arrive meanwhile form the next batch, so no request waits for a timer.
pub struct Batcher<B: Batch>(Arc<Inner<B>>);

struct Inner<B: Batch> {
    limits: BatchLimits,
    tasks: Tasks,
    /// Keys whose requests are being carried out, with those that wait.
    queues: Mutex<HashMap<B::Key, VecDeque<Waiting<B>>>>,
    usage: Arc<Mutex<Usage>>,
}

/// The requests of all keys that are being carried out or wait.
#[derive(Default)]
struct Usage {
    requests: usize,
    bytes: usize,
    callers: HashMap<Work, usize>,
}

struct Waiting<B: Batch> {
    request: B::Request,
    caller: Caller<B>,
}

/// The caller that waits for a request.
struct Caller<B: Batch> {
    reply: oneshot::Sender<Submitted<B::Request, B::Output>>,
    permit: Permit,
}

/// A slot in the queues, released when dropped.
struct Permit {
    usage: Arc<Mutex<Usage>>,
    bytes: usize,
    work: Option<Work>,
}

impl<B: Batch> Batcher<B> {
    /// A batcher within these bounds. Batches run in tasks of their own, which are finished before the process ends.
    pub fn new(tasks: Tasks, limits: BatchLimits) -> Self {
        let (queues, usage) = (Mutex::default(), Arc::default());
        Self(Arc::new(Inner { limits, tasks, queues, usage }))
    }

    /// Carries out a request together with others of its key. The request of a caller that leaves before the batch begins is
    /// left out; later it is carried out without its caller.
    ///
    /// # Errors
    /// [`SubmitError::Full`] when too many requests wait, [`SubmitError::Lost`] when the batch ended without an outcome.
    pub async fn submit(
        &self,
        context: &B::Context,
        key: B::Key,
        request: B::Request,
    ) -> Result<Submitted<B::Request, B::Output>, SubmitError> {
        let bytes = B::weight(&request);
        let permit = Permit::take(&self.0.usage, &self.0.limits, bytes).ok_or(SubmitError::Full)?;
        let (reply, outcome) = oneshot::channel();
        let waiting = Waiting { request, caller: Caller { reply, permit } };
        let is_first = {
            let mut queues = self.0.queues.lock();
            let is_first = !queues.contains_key(&key);
            queues.entry(key.clone()).or_default().push_back(waiting);
            is_first
        };
        if is_first {
            let lead = Lead { inner: self.0.clone(), key, is_done: false };
            self.0.tasks.spawn(lead.run(context.clone()));
        }
        outcome.await.map_err(|_| SubmitError::Lost)
    }
}

/// Runs the batches of a key until no request waits. Dropped early, it drops the waiting requests.
struct Lead<B: Batch> {
    inner: Arc<Inner<B>>,
    key: B::Key,
    /// No request of the key waits, and the key may have another lead.
    is_done: bool,
}

impl<B: Batch> Lead<B> {
    async fn run(mut self, context: B::Context) {
        loop {
            // Callers that are ready submit first and join this batch.
            tokio::task::yield_now().await;
            let Some(batch) = self.take() else { return };
            let work = work_of(&batch);
            let (requests, callers): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|waiting| (waiting.request, waiting.caller)).unzip();
            let (size, started) = (requests.len(), Instant::now());
            let outcomes = work.scope(B::run(context.clone(), self.key.clone(), requests)).await;
            let name = B::NAME.into();
            metrics().batch_size.get_or_create(&name).observe(size as f64);
            metrics().batch_duration.get_or_create(&name).observe(seconds_since(started));
            let mut postponed = Vec::new();
            for (caller, outcome) in callers.into_iter().zip(outcomes) {
                let submitted = match outcome {
                    Outcome::Done(output) => Submitted::Done(output),
                    Outcome::Returned(request) => Submitted::Returned(request),
                    Outcome::Postponed(request) => {
                        postponed.push(Waiting { request, caller });
                        continue;
                    }
                };
                drop(caller.permit);
                // A caller that has left needs no answer.
                let _ = caller.reply.send(submitted);
            }
            self.put_back(postponed);
        }
    }

    /// Takes the next batch. Returns `None` if no request waits: then the next request starts its own lead.
    fn take(&mut self) -> Option<Vec<Waiting<B>>> {
        let mut queues = self.inner.queues.lock();
        let queue = queues.get_mut(&self.key)?;
        let (mut batch, mut bytes) = (Vec::new(), 0_usize);
        while let Some(next) = queue.front() {
            let is_full = batch.len() >= self.inner.limits.requests
                || bytes.saturating_add(next.caller.permit.bytes) > self.inner.limits.bytes;
            if is_full && !batch.is_empty() {
                break;
            }
            let Some(next) = queue.pop_front() else { break };
            if next.caller.reply.is_closed() {
                continue;
            }
            bytes = bytes.saturating_add(next.caller.permit.bytes);
            batch.push(next);
        }
        if batch.is_empty() {
            queues.remove(&self.key);
            self.is_done = true;
            return None;
        }
        Some(batch)
    }

    /// Puts requests back at the head of the queue.
    fn put_back(&self, postponed: Vec<Waiting<B>>) {
        let mut queues = self.inner.queues.lock();
        if let Some(queue) = queues.get_mut(&self.key) {
            for waiting in postponed.into_iter().rev() {
                queue.push_front(waiting);
            }
        }
    }
}

/// Returns the share of the database that a batch counts against.
fn work_of<B: Batch>(batch: &[Waiting<B>]) -> Work {
    let first = batch.first().and_then(|first| first.caller.permit.work.clone());
    match B::SHARE {
        Share::OfBatches => Work::Batch,
        Share::OfFirstCaller => first.unwrap_or(Work::Batch),
    }
}

impl<B: Batch> Drop for Lead<B> {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        // A batch panicked: the waiting requests are dropped, and the next request starts a new lead.
        let left = self.inner.queues.lock().remove(&self.key);
        drop(left);
    }
}

impl Permit {
    /// Takes a place for a request of this task's caller. Returns `None` if too many requests wait.
    fn take(usage: &Arc<Mutex<Usage>>, limits: &BatchLimits, bytes: usize) -> Option<Self> {
        let work = Work::current();
        let mut counted = usage.lock();
        let own = work.as_ref().and_then(|work| counted.callers.get(work)).copied().unwrap_or_default();
        if counted.requests >= limits.waiting
            || counted.bytes.saturating_add(bytes) > limits.waiting_bytes
            || own >= limits.waiting_of_caller
        {
            return None;
        }
        counted.requests += 1;
        counted.bytes += bytes;
        if let Some(work) = &work {
            *counted.callers.entry(work.clone()).or_default() += 1;
        }
        Some(Self { usage: usage.clone(), bytes, work })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut usage = self.usage.lock();
        usage.requests -= 1;
        usage.bytes -= self.bytes;
        if let Some(work) = &self.work
            && let Some(own) = usage.callers.get_mut(work)
        {
            *own -= 1;
            if *own == 0 {
                usage.callers.remove(work);
            }
        }
    }
}

#[cfg(test)]
mod tests;
