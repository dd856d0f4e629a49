//! Text in its form for search: folded, and split into terms. The server and the migrations share it, so that
//! stored and searched text agree on both databases.

mod fold;
mod words;

pub use fold::{fold, search_fold, single_spaced};
pub use words::{Block, Query, is_unspaced, search_text, words};
