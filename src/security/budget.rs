//! A budget that many share: units in use overall and by key, such as bytes by network or operations by caller.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use bytes::Bytes;
use parking_lot::Mutex;

/// Units in use, within a bound overall and for each key. Cheap to clone.
pub struct Budget<K>(Arc<Inner<K>>);

struct Inner<K> {
    most: usize,
    of_key: usize,
    used: Mutex<Used<K>>,
}

struct Used<K> {
    all: usize,
    /// An entry exists while units of the key are in use.
    by_key: HashMap<K, usize>,
}

/// The units that one holder uses, until dropped.
pub struct Share<K: Eq + Hash> {
    budget: Budget<K>,
    key: Option<K>,
    units: usize,
}

impl<K> Clone for Budget<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Eq + Hash> Budget<K> {
    /// Creates a budget of `most` units, of which one key may use `of_key`.
    pub fn new(most: usize, of_key: usize) -> Self {
        let used = Mutex::new(Used { all: 0, by_key: HashMap::new() });
        Self(Arc::new(Inner { most, of_key, used }))
    }

    /// Returns an empty share of a key; without a key only the bound on all units applies.
    pub fn share(&self, key: Option<K>) -> Share<K> {
        Share { budget: self.clone(), key, units: 0 }
    }

    /// Returns the units in use.
    pub fn used(&self) -> usize {
        self.0.used.lock().all
    }

    /// Returns whether `more` units of a key are beyond the budget.
    pub fn is_exceeded(&self, key: Option<&K>, more: usize) -> bool {
        self.0.is_exceeded(&self.0.used.lock(), key, more)
    }
}

impl<K: Clone + Eq + Hash + Send + Sync + 'static> Budget<K> {
    /// Counts bytes that are in memory already, even beyond the budget, for as long as a copy of the result exists.
    pub fn hold(&self, key: Option<K>, bytes: Bytes) -> Bytes {
        let mut share = self.share(key);
        share.add(&mut self.0.used.lock(), bytes.len());
        Bytes::from_owner(HeldBytes { bytes, _share: share })
    }
}

impl<K: Eq + Hash> Inner<K> {
    fn is_exceeded(&self, used: &Used<K>, key: Option<&K>, more: usize) -> bool {
        let own = key.and_then(|key| used.by_key.get(key)).copied().unwrap_or_default();
        used.all.saturating_add(more) > self.most || (key.is_some() && own.saturating_add(more) > self.of_key)
    }
}

impl<K: Clone + Eq + Hash> Share<K> {
    /// Counts further units. Returns `false`, and counts nothing, if they are beyond the budget.
    #[must_use]
    pub fn grow(&mut self, units: usize) -> bool {
        let budget = self.budget.clone();
        let mut used = budget.0.used.lock();
        if budget.0.is_exceeded(&used, self.key.as_ref(), units) {
            return false;
        }
        self.add(&mut used, units);
        true
    }

    fn add(&mut self, used: &mut Used<K>, units: usize) {
        used.all += units;
        if let Some(key) = &self.key {
            *used.by_key.entry(key.clone()).or_default() += units;
        }
        self.units += units;
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        if self.units == 0 {
            return;
        }
        let mut used = self.budget.0.used.lock();
        used.all -= self.units;
        if let Some(key) = &self.key
            && let Some(own) = used.by_key.get_mut(key)
        {
            *own -= self.units;
            if *own == 0 {
                used.by_key.remove(key);
            }
        }
    }
}

/// Bytes with their share.
struct HeldBytes<K: Eq + Hash> {
    bytes: Bytes,
    _share: Share<K>,
}

impl<K: Eq + Hash> AsRef<[u8]> for HeldBytes<K> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_leaves_room_for_others() {
        let budget = Budget::new(100, 40);
        let (mut ann, mut bob) = (budget.share(Some(1)), budget.share(Some(2)));
        assert!(ann.grow(30) && ann.grow(10) && !ann.grow(1));
        assert!(bob.grow(40));
        let mut eve = budget.share(Some(3));
        assert!(!eve.grow(21) && eve.grow(20));
        assert!(budget.is_exceeded(Some(&4), 1));
        drop(ann);
        assert!(!budget.is_exceeded(Some(&4), 40));
        drop((bob, eve));
        assert_eq!(budget.used(), 0);
        assert!(budget.0.used.lock().by_key.is_empty());
    }

    #[test]
    fn held_bytes_count_until_the_last_copy_is_gone() {
        let budget = Budget::new(100, 40);
        let held = budget.hold(Some(1), Bytes::from(vec![7; 60]));
        let part = held.slice(10..20);
        assert!(budget.is_exceeded(Some(&1), 1));
        drop(held);
        assert!(budget.is_exceeded(Some(&1), 1), "a part keeps the whole");
        assert_eq!(part[0], 7);
        drop(part);
        assert!(!budget.is_exceeded(Some(&1), 40));
    }
}
