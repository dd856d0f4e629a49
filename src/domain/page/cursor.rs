//! Cursors: positions in a list, as sent to and by clients.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::{Error, Result};

/// A place in a list that is ordered by (time, id), or by (rank, time, id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Rank, in lists that are ordered by one first.
    pub rank: Option<i64>,
    /// Time of the row.
    pub at: DateTime<Utc>,
    /// Id of the row, as tie-breaker.
    pub id: Uuid,
}

impl Cursor {
    /// Encodes the cursor for clients, with the name of the rows of its list.
    pub fn encode(&self, list: &str) -> String {
        let rank = self.rank.map(|rank| format!("{rank}.")).unwrap_or_default();
        format!("{list}:{rank}{:x}.{}", self.at.timestamp_micros(), self.id.simple())
    }

    /// Decodes a client's cursor of a list of these rows.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field`.
    pub fn decode(field: &'static str, list: &str, text: &str) -> Result<Self> {
        let parse = || {
            let (rest, id) = text.strip_prefix(list)?.strip_prefix(':')?.rsplit_once('.')?;
            let (rank, at) = match rest.split_once('.') {
                Some((rank, at)) => (Some(rank.parse().ok()?), at),
                None => (None, rest),
            };
            let at = DateTime::from_timestamp_micros(i64::from_str_radix(at, 16).ok()?)?;
            Some(Self { rank, at, id: Uuid::try_parse(id).ok()? })
        };
        parse().ok_or_else(|| foreign(field))
    }
}

pub(super) fn foreign(field: &'static str) -> Error {
    Error::invalid(field, format!("{field} is not a cursor of this list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_as_they_were_written() {
        let at = DateTime::from_timestamp_micros(1_772_712_000_123_456).unwrap();
        let id = Uuid::from_u128(7);
        for rank in [None, Some(0), Some(-3), Some(i64::MAX)] {
            let cursor = Cursor { rank, at, id };
            assert_eq!(Cursor::decode("after", "Space", &cursor.encode("Space")).unwrap(), cursor);
            assert!(Cursor::decode("after", "Space", &cursor.encode("Spaces")).is_err());
        }
        for text in ["", ".", "..", "1.2.3", "x.1.00000000000000000000000000000007"] {
            assert!(Cursor::decode("after", "Space", text).is_err(), "{text}");
            assert!(Cursor::decode("after", "Space", &format!("Space:{text}")).is_err(), "{text}");
        }
    }
}
