//! Bounds of input values, as the domain enforces them.

use std::ops::RangeInclusive;

use crate::text::rule::TextRule;

/// The bounds of an argument, or of a member of an input object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// A text with this rule.
    Text(TextRule),
    /// A text with at most this number of characters.
    AtMost(usize),
    /// A list with at most this number of texts, each with this rule.
    Texts(usize, TextRule),
    /// A number in this range.
    Number(RangeInclusive<i64>),
    /// A JSON object; the rules of its known members that are texts.
    Object(&'static [(&'static str, TextRule)]),
    /// The id of a row: a UUID.
    RowId,
    /// An id that may be any text, because a value that is not a UUID counts as absent.
    LenientId,
}
