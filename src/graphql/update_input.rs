//! Fields of the inputs of update mutations. An omitted field stays unchanged. Null clears what can be empty, and is
//! refused for what cannot: silence would look like success.

use async_graphql::MaybeUndefined;

use crate::error::{Error, Result};

/// Converts a field that can be cleared: `Some(None)` clears it.
pub(super) fn change<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// Converts a field that null empties.
pub(super) fn emptied<T: Default>(value: MaybeUndefined<T>) -> Option<T> {
    change(value).map(Option::unwrap_or_default)
}

/// Converts a field that always has a value.
///
/// # Errors
/// [`Error::Invalid`] for null.
pub(super) fn kept<T>(field: &'static str, value: MaybeUndefined<T>) -> Result<Option<T>> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => {
            Err(Error::invalid(field, format!("{field} must not be null; omit it to leave it unchanged")))
        }
        MaybeUndefined::Value(value) => Ok(Some(value)),
    }
}
