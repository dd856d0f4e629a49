//! Who writes down what was said: a server that speaks the OpenAI protocol. Where there is none, nobody does.

mod openai;

use bytes::Bytes;
use futures_util::future::BoxFuture;

pub use openai::OpenAiTranscription;

use super::{media::Media, provider::ProviderError};

/// Writes down what was said.
pub trait Transcription: Send + Sync {
    /// The words of a recording; empty when there are none. `language` is what is spoken (`de`), where that is known.
    ///
    /// # Errors
    /// Any [`ProviderError`].
    fn transcribe<'a>(
        &'a self,
        recording: &'a Recording,
        language: Option<&'a str>,
    ) -> BoxFuture<'a, Result<String, ProviderError>>;

    /// Who writes: the provider's host.
    fn provider(&self) -> &str;
}

/// Sound that somebody recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The file.
    pub bytes: Bytes,
    /// What it is, by its content.
    pub media: Media,
}
