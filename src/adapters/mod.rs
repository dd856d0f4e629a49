//! External services: models, speech, transcription, voice cloning, storage and fetched URLs.

pub(crate) mod client;
pub mod fetch;
pub mod model;
mod multipart;
mod provider;
pub mod speech;
pub mod storage;
pub mod transcription;
pub mod voice;

use std::{fmt, sync::Arc};

pub use client::{Retry, client, use_ring};
pub use provider::ProviderError;

use self::{
    fetch::Fetch, model::Models, speech::Speech, storage::Storage, transcription::Transcription,
    voice::VoiceCloning,
};

/// All adapters.
#[derive(Clone)]
pub struct Adapters {
    /// Models of agents.
    pub models: Models,
    /// Speech; `None` if not configured.
    pub speech: Option<Arc<dyn Speech>>,
    /// Transcription; `None` if not configured.
    pub transcription: Option<Arc<dyn Transcription>>,
    /// Voice cloning; `None` if not configured.
    pub voices: Option<Arc<dyn VoiceCloning>>,
    /// Fetches URLs of users.
    pub fetch: Fetch,
    /// Storage of files.
    pub storage: Storage,
}

impl Adapters {
    /// Returns adapters without external services: the built-in answerer, no speech, files in memory.
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
