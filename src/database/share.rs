//! Fair shares of the connections, so that no caller, conversation or kind of work can use all of them.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::Arc,
};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Callers and places are hashed into this many buckets, so that shares use a fixed amount of memory. Those
/// in one bucket share its connections; the hash differs with every start.
const BUCKETS: usize = 128;

tokio::task_local! {
    static WORK: Work;
}

/// The caller or kind of work that uses the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// A caller, by account id or network address.
    Caller(Arc<str>),
    /// Background work of the server.
    Background,
    /// Batches of what many callers write.
    Batch,
}

impl Work {
    /// Runs a future in the name of this caller or work, which counts towards its share.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        WORK.scope(self, work).await
    }

    /// Returns the work of the current task, if set.
    pub fn current() -> Option<Self> {
        WORK.try_with(Clone::clone).ok()
    }
}

/// The use of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use<'a> {
    /// One statement.
    Statement,
    /// A transaction. `lock_key` is the key that it locks, such as a conversation's id.
    Transaction { lock_key: Option<&'a [u8]> },
}

/// Numbers of connections that may be in use at once.
pub(super) struct Shares {
    hasher: RandomState,
    /// All transactions together, so that a statement outside a transaction always finds a connection.
    transactions: Arc<Semaphore>,
    /// Background work, separately for statements and transactions.
    background: [Arc<Semaphore>; 2],
    /// Batches of all keys together.
    batches: Arc<Semaphore>,
    /// Statements of each caller.
    statements: Vec<Arc<Semaphore>>,
    /// Transactions of each caller.
    changes: Vec<Arc<Semaphore>>,
    /// Transactions of each place.
    places: Vec<Arc<Semaphore>>,
}

/// Permits to use a connection, released when dropped.
pub(super) type Permits = [Option<OwnedSemaphorePermit>; 3];

impl Shares {
    /// Divides this number of connections into shares; `None` if there are too few.
    pub(super) fn of(connections: usize) -> Option<Self> {
        if connections < 4 {
            return None;
        }
        let semaphore = |permits: usize| Arc::new(Semaphore::new(permits.max(1)));
        let buckets = |permits: usize| (0..BUCKETS).map(|_| semaphore(permits)).collect();
        Some(Self {
            hasher: RandomState::new(),
            transactions: semaphore(connections * 3 / 4),
            background: [semaphore(connections / 4), semaphore(connections / 4)],
            batches: semaphore(connections / 2),
            statements: buckets(connections / 2),
            changes: buckets(connections * 3 / 8),
            places: buckets(connections / 4),
        })
    }

    /// Waits for a permit of each share that applies to this task and use.
    pub(super) async fn acquire(&self, purpose: Use<'_>) -> Result<Permits, AcquireError> {
        let work = Work::current();
        let own = match (&work, purpose) {
            (None, _) => None,
            (Some(Work::Background), Use::Statement) => Some(&self.background[0]),
            (Some(Work::Background), Use::Transaction { .. }) => Some(&self.background[1]),
            (Some(Work::Batch), _) => Some(&self.batches),
            (Some(caller), Use::Statement) => Some(self.bucket(&self.statements, caller)),
            (Some(caller), Use::Transaction { .. }) => Some(self.bucket(&self.changes, caller)),
        };
        let lock_key = match purpose {
            Use::Transaction { lock_key: Some(lock_key) } => Some(self.bucket(&self.places, lock_key)),
            _ => None,
        };
        let all = matches!(purpose, Use::Transaction { .. }).then_some(&self.transactions);
        // Always in this order, the narrowest share first, so that tasks that wait for a busy place block no
        // others.
        Ok([permit(lock_key).await?, permit(own).await?, permit(all).await?])
    }

    fn bucket<'a, T: Hash + ?Sized>(&self, buckets: &'a [Arc<Semaphore>], key: &T) -> &'a Arc<Semaphore> {
        let hash = usize::try_from(self.hasher.hash_one(key) % BUCKETS as u64).unwrap_or_default();
        &buckets[hash]
    }
}

async fn permit(share: Option<&Arc<Semaphore>>) -> Result<Option<OwnedSemaphorePermit>, AcquireError> {
    match share {
        Some(share) => share.clone().acquire_owned().await.map(Some),
        None => Ok(None),
    }
}
