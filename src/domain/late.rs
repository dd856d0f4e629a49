//! Values that are judged late: after the rights of whoever sent them.

use super::{Error, Result};

/// A value that is refused, where it does not fit, only after it is clear that its sender may send one at all. Legacy
/// clients rely on that order of refusals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Late<T> {
    /// It has the type that was asked for.
    Fits(T),
    /// It has not; what was sent, where it was text.
    Unfit(String),
}

impl<T> Late<T> {
    /// The value.
    ///
    /// # Errors
    /// [`Error::Invalid`] with this sentence where it does not fit.
    pub fn judge(self, field: &'static str, sentence: &str) -> Result<T> {
        match self {
            Self::Fits(value) => Ok(value),
            Self::Unfit(_) => Err(Error::invalid(field, sentence)),
        }
    }

    /// The same, with what fits changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Late<U> {
        match self {
            Self::Fits(value) => Late::Fits(change(value)),
            Self::Unfit(text) => Late::Unfit(text),
        }
    }
}
