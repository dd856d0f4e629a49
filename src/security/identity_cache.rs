//! Cache of recognised identities.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use quick_cache::sync::Cache;

use super::{Identity, Proof};
use crate::{clock::Clock, live::GrantRegistry};

/// Cache of identities by the hash of their token.
pub struct IdentityCache {
    cache: Cache<String, (Duration, Arc<Identity>)>,
    // Counts invalidations, so that a concurrent look-up does not restore an entry dropped meanwhile.
    forgotten: AtomicU64,
    access: Arc<GrantRegistry>,
    /// How long a cached identity is used without a query.
    validity: Duration,
}

impl IdentityCache {
    /// Creates an empty cache whose entries are valid for this time; `access` is notified of every dropped user.
    pub fn new(access: Arc<GrantRegistry>, validity: Duration) -> Self {
        Self { cache: Cache::new(10_000), forgotten: AtomicU64::new(0), access, validity }
    }

    /// Drops all entries: changes of other servers may have been missed.
    pub fn clear(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.cache.clear();
    }

    /// Returns the number of cached identities.
    pub fn len(&self) -> usize {
        self.cache.len()
    }

    /// Returns whether the cache is empty.
    pub fn is_empty(&self) -> bool {
        self.cache.is_empty()
    }

    /// Drops all entries of a user: after a change, a sign-out, a ban or a revocation.
    pub fn forget(&self, user_id: &str) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.cache.retain(|_, (_, identity)| identity.user.id != user_id);
        self.access.changed(user_id);
    }

    /// Returns the identity with this hash if it was cached recently by the monotonic clock.
    pub fn find(&self, hash: &str, clock: &Clock) -> Option<Arc<Identity>> {
        let (at, identity) = self.cache.get(hash)?;
        let live = match &identity.proof {
            Proof::Session(session) => session.expires_at > clock.now(),
            Proof::Key(_) => true,
        };
        (live && clock.monotonic().saturating_sub(at) < self.validity).then_some(identity)
    }

    /// Returns the number of invalidations so far, for [`Self::insert`].
    pub fn epoch(&self) -> u64 {
        self.forgotten.load(Ordering::SeqCst)
    }

    /// Caches an identity that was looked up at this monotonic time, unless entries were dropped since `epoch`, which the
    /// caller took before the look-up.
    pub fn insert(&self, hash: String, at: Duration, identity: Arc<Identity>, epoch: u64) {
        self.cache.insert(hash.clone(), (at, identity));
        // Checked after the insertion: an earlier invalidation is seen here, a later one finds the entry.
        if self.epoch() != epoch {
            self.cache.remove(&hash);
        }
    }
}
