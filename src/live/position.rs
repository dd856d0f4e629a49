//! A position in a log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Number of the last event that a subscriber received; `after` continues after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub i64);

impl Position {
    /// An unknown position, for which a subscription begins anew.
    pub const LOST: Self = Self(i64::MAX);

    /// Parses a client's position.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] with `field` if the text is not a position.
    pub fn parse(field: &'static str, text: &str) -> Result<Self> {
        let number = text.parse().ok().filter(|number| (0..i64::MAX).contains(number));
        number.map(Self).ok_or_else(|| Error::invalid(field, format!("{field} is not a position of a log")))
    }
}

/// Formats the position for clients, to which it is opaque.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
