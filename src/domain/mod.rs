//! The rules, by noun. Nothing here knows HTTP, REST or GraphQL.

pub mod accounts;
pub mod agents;
pub mod audit;
pub mod blocks;
mod characters;
pub mod communities;
pub mod confirm;
pub mod conversations;
mod due;
mod error;
mod late;
pub mod lounges;
mod page;
pub mod reports;
mod retry;
pub mod spaces;
pub mod support;
pub mod text;
pub mod verification;
pub mod wallet;
pub mod write;
pub mod zone;

/// A person with an account, as the verbs know their actor.
pub use entity::user::Model as User;
pub use error::{Code, Error, Result};
pub use late::Late;
pub use page::{Cursor, Page, Slice, Window};
use page::{Order, newest_first};
pub use retry::Retry;
/// How text is cut into the words that are stored, sought and ranked.
pub use terms as words;
pub use write::Write;
