//! The outside world: models that answer, voices that speak, files that are kept.

mod client;
pub mod language;
pub mod model;
pub mod sentences;
mod setup;

pub use client::{client, use_ring};
pub use setup::check;

use self::model::Models;

/// All ways to the outside world.
#[derive(Clone, Debug)]
pub struct Adapters {
    /// Who answers for agents.
    pub models: Models,
}

impl Adapters {
    /// Nothing outside: the built-in answerer.
    pub fn none() -> Self {
        Self { models: Models::embedded() }
    }
}
