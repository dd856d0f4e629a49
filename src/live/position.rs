//! Where in a log somebody stands.

use std::fmt;

use crate::domain::{Error, Result};

/// The number of the last event that somebody has; the next one is asked for with `after`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub i64);

impl Position {
    /// Where a reader is who lost its place: what it asks for begins anew.
    pub const LOST: Self = Self(i64::MAX);

    /// Reads a position that a client carried.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming `field`.
    pub fn parse(field: &'static str, text: &str) -> Result<Self> {
        let number = text.parse().ok().filter(|number| (0..i64::MAX).contains(number));
        number.map(Self).ok_or_else(|| Error::invalid(field, format!("{field} is not a position of a log")))
    }
}

/// As clients carry it; opaque to them.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
