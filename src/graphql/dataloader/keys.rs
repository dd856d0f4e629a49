//! Keys of loaders.

use std::{collections::HashMap, hash::Hash};

/// Groups keys by their first part, for one statement per group: a batch can hold several viewers and pages.
pub(in crate::graphql) fn by_first<A: Eq + Hash, T: Copy>(keys: &[(A, T)]) -> HashMap<&A, Vec<T>> {
    let mut ids: HashMap<&A, Vec<T>> = HashMap::new();
    for (who, id) in keys {
        ids.entry(who).or_default().push(*id);
    }
    ids
}
