//! Who makes a voice of somebody's own: a server that speaks the protocol of ElevenLabs. Where there is none, nobody
//! does.

mod eleven_labs;
mod spoken;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;

pub use eleven_labs::ElevenLabs;

use super::{media::Media, provider::ProviderError, speech::Speech};

/// Makes voices from samples, keeps them, and speaks in them.
pub trait VoiceCloning: Send + Sync {
    /// Makes a voice. It stays with the provider until it is deleted.
    ///
    /// # Errors
    /// Any [`ProviderError`].
    fn clone_voice<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Cloned, ProviderError>>;

    /// Deletes a voice; one that is not there is deleted already.
    ///
    /// # Errors
    /// Any [`ProviderError`].
    fn delete_voice<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), ProviderError>>;

    /// The ids of all voices of this name: how those are found that were made while nobody heard of it.
    ///
    /// # Errors
    /// Any [`ProviderError`].
    fn list_named<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, ProviderError>>;

    /// Who speaks in these voices: a voice's name is its id.
    fn speech(&self) -> Arc<dyn Speech>;

    /// Who makes them: the provider's host.
    fn provider(&self) -> &str;
}

/// A voice that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What the provider calls it.
    pub name: String,
    /// What the provider's owner reads about it.
    pub description: String,
    /// How it sounds.
    pub samples: Vec<Sample>,
}

/// A piece of somebody's speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The file.
    pub bytes: Bytes,
    /// What it is, by its content.
    pub media: Media,
}

/// A voice that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloned {
    /// Its name at the provider.
    pub id: String,
    /// Whether the provider wants to be shown first that its owner agrees.
    pub requires_verification: bool,
}
