//! The outside world: models that answer, voices that speak, files that are kept.

mod client;
pub mod language;
pub mod media;
pub mod model;
pub mod sentences;
mod setup;
pub mod speech;
pub mod storage;

use std::{fmt, sync::Arc};

pub use client::{Retry, client, use_ring};
pub use setup::check;

use self::{model::Models, speech::Speech, storage::Storage};

/// All ways to the outside world.
#[derive(Clone)]
pub struct Adapters {
    /// Who answers for agents.
    pub models: Models,
    /// Who speaks; none: nobody.
    pub speech: Option<Arc<dyn Speech>>,
    /// Where files are kept.
    pub storage: Storage,
}

impl Adapters {
    /// Nothing outside: the built-in answerer, no voice, files in memory.
    pub fn none() -> Self {
        Self { models: Models::embedded(), speech: None, storage: Storage::memory() }
    }
}

impl fmt::Debug for Adapters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapters")
            .field("models", &self.models)
            .field("speech", &self.speech.as_ref().map(|speech| speech.provider()))
            .field("storage", &self.storage)
            .finish()
    }
}
