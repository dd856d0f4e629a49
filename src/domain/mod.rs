//! The rules, by noun. Nothing here knows HTTP, REST or GraphQL.

pub mod accounts;
pub mod conversations;
mod error;
mod page;
mod retry;
pub mod spaces;
pub mod text;
pub mod wallet;
pub mod words;
pub mod write;

/// A person with an account, as the verbs know their actor.
pub use entity::user::Model as User;
pub use error::{Code, Error, Result};
use page::newest_first;
pub use page::{Cursor, Page, Slice, Window};
pub use retry::Retry;
pub use write::{Begun, Write};
