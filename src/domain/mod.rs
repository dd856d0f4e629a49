//! The rules, by noun. Nothing here knows HTTP, REST or GraphQL.

pub mod accounts;
mod error;
mod page;
pub mod spaces;
pub mod text;
pub mod words;

/// A person with an account, as the verbs know their actor.
pub use entity::user::Model as User;
pub use error::{Code, Error, Result};
use page::newest_first;
pub use page::{Cursor, Page, Slice, Window};
