//! A fair share of the connections: no caller, no conversation and no kind of work can take all of them.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::Arc,
};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Callers and places are told apart by a hash of this many values, so that the shares take a fixed amount of memory.
/// Two that share a value share its connections; which do differs with every start.
const BUCKETS: usize = 128;

tokio::task_local! {
    static WORK: Work;
}

/// For whom or what a task asks the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// A caller, by their account's id or their network address.
    Caller(Arc<str>),
    /// What the server does by itself.
    Background,
}

impl Work {
    /// Does something in the name of this caller or work: what it asks of the database counts towards their share.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        WORK.scope(self, work).await
    }

    /// The work that this task does, if it was named.
    pub fn current() -> Option<Self> {
        WORK.try_with(Clone::clone).ok()
    }
}

/// What a connection is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use<'a> {
    /// One statement.
    Statement,
    /// A transaction; `place` is what it locks, such as a conversation's id.
    Transaction { place: Option<&'a [u8]> },
}

/// How many connections each may have at once.
pub(super) struct Shares {
    hasher: RandomState,
    /// All transactions together: a statement beside a transaction always finds a connection.
    transactions: Arc<Semaphore>,
    /// Background work, separately for statements and transactions.
    background: [Arc<Semaphore>; 2],
    /// Each caller's statements.
    statements: Vec<Arc<Semaphore>>,
    /// Each caller's transactions.
    changes: Vec<Arc<Semaphore>>,
    /// Each place's transactions.
    places: Vec<Arc<Semaphore>>,
}

/// Permits to use a connection, given back when dropped.
pub(super) type Permits = [Option<OwnedSemaphorePermit>; 3];

impl Shares {
    /// The shares in this number of connections; `None` when there are too few to divide.
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
            statements: buckets(connections / 2),
            changes: buckets(connections * 3 / 8),
            places: buckets(connections / 4),
        })
    }

    /// Waits for a permit of each share that counts for this task and use.
    pub(super) async fn acquire(&self, purpose: Use<'_>) -> Result<Permits, AcquireError> {
        let work = Work::current();
        let own = match (&work, purpose) {
            (None, _) => None,
            (Some(Work::Background), Use::Statement) => Some(&self.background[0]),
            (Some(Work::Background), Use::Transaction { .. }) => Some(&self.background[1]),
            (Some(caller), Use::Statement) => Some(self.bucket(&self.statements, caller)),
            (Some(caller), Use::Transaction { .. }) => Some(self.bucket(&self.changes, caller)),
        };
        let place = match purpose {
            Use::Transaction { place: Some(place) } => Some(self.bucket(&self.places, place)),
            _ => None,
        };
        let all = matches!(purpose, Use::Transaction { .. }).then_some(&self.transactions);
        // Always in this order, the narrowest first: those who wait for a busy place keep nothing from others.
        Ok([permit(place).await?, permit(own).await?, permit(all).await?])
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
