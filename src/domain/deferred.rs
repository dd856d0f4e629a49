//! Deferred validation: values that are validated only after the sender's rights.

use crate::error::{Error, Result};

/// A value whose validation is deferred until the sender's rights are checked. Legacy clients rely on that
/// order of refusals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deferred<T> {
    /// The value has the requested type.
    Valid(T),
    /// The value has another type; holds the text that was sent.
    Malformed(String),
}

impl<T> Deferred<T> {
    /// Returns the value.
    ///
    /// # Errors
    /// [`Error::Invalid`] with this message if the value is malformed.
    pub fn validate(self, field: &'static str, sentence: &str) -> Result<T> {
        match self {
            Self::Valid(value) => Ok(value),
            Self::Malformed(_) => Err(Error::invalid(field, sentence)),
        }
    }

    /// Maps a valid value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Deferred<U> {
        match self {
            Self::Valid(value) => Deferred::Valid(change(value)),
            Self::Malformed(text) => Deferred::Malformed(text),
        }
    }
}
