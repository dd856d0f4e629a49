//! The outside world: models that answer, voices that speak and are made, who writes down what was said, files that are
//! kept or fetched.

mod client;
pub mod fetch;
pub mod language;
pub mod media;
pub mod model;
mod multipart;
mod provider;
pub mod sentences;
mod setup;
pub mod sound;
pub mod speakable;
pub mod speech;
pub mod storage;
pub mod transcription;
pub mod voice;

use std::{fmt, sync::Arc};

pub use client::{Retry, client, use_ring};
pub use provider::ProviderError;
pub use setup::check;

use self::{
    fetch::Fetch, model::Models, speech::Speech, storage::Storage, transcription::Transcription,
    voice::VoiceCloning,
};

/// All ways to the outside world.
#[derive(Clone)]
pub struct Adapters {
    /// Who answers for agents.
    pub models: Models,
    /// Who speaks; none: nobody.
    pub speech: Option<Arc<dyn Speech>>,
    /// Who writes down what was said; none: nobody.
    pub transcription: Option<Arc<dyn Transcription>>,
    /// Who makes voices of somebody's own; none: nobody.
    pub voices: Option<Arc<dyn VoiceCloning>>,
    /// Fetches what users' URLs name.
    pub fetch: Fetch,
    /// Where files are kept.
    pub storage: Storage,
}

impl Adapters {
    /// Nothing outside: the built-in answerer, no voice, files in memory.
    pub fn none() -> Self {
        Self {
            models: Models::embedded(),
            speech: None,
            transcription: None,
            voices: None,
            fetch: Fetch::default(),
            storage: Storage::memory(),
        }
    }
}

impl fmt::Debug for Adapters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapters")
            .field("models", &self.models)
            .field("speech", &self.speech.as_ref().map(|speech| speech.provider()))
            .field("transcription", &self.transcription.as_ref().map(|writer| writer.provider()))
            .field("voices", &self.voices.as_ref().map(|voices| voices.provider()))
            .field("fetch", &self.fetch)
            .field("storage", &self.storage)
            .finish()
    }
}
