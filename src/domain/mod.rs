//! The rules, by noun. Nothing here knows HTTP, REST or GraphQL.

mod error;

pub use error::{Code, Error, Result};
