//! Transcription by a server that speaks the OpenAI protocol.

mod openai;

use bytes::Bytes;
use futures_util::future::BoxFuture;

pub use openai::OpenAiTranscription;

use super::provider::ProviderError;
use crate::media::Media;

/// Transcribes recordings.
pub trait Transcription: Send + Sync {
    /// Returns the text of a recording; empty if there is no speech. `language` is the spoken language
    /// (`de`), if known.
    ///
    /// # Errors
    /// Returns a [`ProviderError`].
    fn transcribe<'a>(
        &'a self,
        recording: &'a Recording,
        language: Option<&'a str>,
    ) -> BoxFuture<'a, Result<String, ProviderError>>;

    /// Returns the provider's host.
    fn provider(&self) -> &str;
}

/// Recorded audio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Content of the file.
    pub bytes: Bytes,
    /// Kind of the file, by content.
    pub media: Media,
}
