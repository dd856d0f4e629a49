//! Text as it is stored for searching: folded, and cut into terms. The server and the migrations share it, so that what
//! is stored, what is sought and what is folded anew are the same, on both databases.

mod fold;
mod words;

pub use fold::{fold, search_fold};
pub use words::{Place, Query, is_unspaced, search_text, words};
