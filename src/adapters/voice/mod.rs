//! Voice cloning by a server that speaks the ElevenLabs protocol.

mod eleven_labs;
mod spoken;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;

pub use eleven_labs::ElevenLabs;

use super::{provider::ProviderError, speech::Speech};
use crate::media::Media;

/// Clones voices from samples, stores them, and speaks in them.
pub trait VoiceCloning: Send + Sync {
    /// Clones a voice, which stays at the provider until it is deleted.
    ///
    /// # Errors
    /// Returns a [`ProviderError`].
    fn clone_voice<'a>(&'a self, wish: &'a CloneRequest) -> BoxFuture<'a, Result<Cloned, ProviderError>>;

    /// Deletes a voice. Succeeds if it does not exist.
    ///
    /// # Errors
    /// Returns a [`ProviderError`].
    fn delete_voice<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), ProviderError>>;

    /// Returns the ids of all voices of this name, to find clones whose answer was lost.
    ///
    /// # Errors
    /// Returns a [`ProviderError`].
    fn list_named<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, ProviderError>>;

    /// Returns the speech of cloned voices; the name of a voice is its id.
    fn speech(&self) -> Arc<dyn Speech>;

    /// Returns the provider's host.
    fn provider(&self) -> &str;
}

/// A request to clone a voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloneRequest {
    /// Name of the voice at the provider.
    pub name: String,
    /// Description of the voice at the provider.
    pub description: String,
    /// Recordings of the voice.
    pub samples: Vec<Sample>,
}

/// A recording of speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Content of the file.
    pub bytes: Bytes,
    /// Kind of the file, by content.
    pub media: Media,
}

/// A cloned voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloned {
    /// Id of the voice at the provider.
    pub id: String,
    /// Whether the provider requires a verification of the owner's consent first.
    pub requires_verification: bool,
}
