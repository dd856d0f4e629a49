//! Speech by a server that speaks the OpenAI protocol, or by a local program.

mod openai;
mod program;

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};

pub use openai::OpenAiSpeech;
pub use program::Program;

use crate::{audio::Audio, text::speakable::speakable};

/// Maximum characters of a text in one request; providers accept no more.
const MAX_TEXT_CHARS: usize = 4000;
/// Maximum bytes of audio.
pub(super) const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Maximum number of sentences of one text that are spoken concurrently.
const AT_ONCE: usize = 2;

/// Turns text into speech.
pub trait Speech: Send + Sync {
    /// Speaks a sentence in the voice of this name. `None` means the configured voice, or one for the
    /// language.
    ///
    /// # Errors
    /// Returns a [`SpeechError`] if there is no audio.
    fn speak<'a>(
        &'a self,
        sentence: &'a str,
        voice: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Audio, SpeechError>>;

    /// Returns the provider's host, or the name of the program.
    fn provider(&self) -> &str;
}

/// The reason why there is no audio.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// The voice is unknown.
    #[error("there is no voice {0:?}")]
    UnknownVoice(String),
    /// The text exceeds the limit.
    #[error("the text has more than {MAX_TEXT_CHARS} characters")]
    TooLong,
    /// The audio exceeds the limit.
    #[error("the audio has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// The time limit was exceeded.
    #[error("nothing was spoken within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The provider answered with an HTTP error.
    #[error("the provider refused with {status}: {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Message of the provider, one line without the key.
        message: String,
    },
    /// The provider is unreachable.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The connection ended before the audio.
    #[error("the provider closed the connection: {0}")]
    Broken(String),
    /// The program failed.
    #[error("the program failed: {0}")]
    Failed(String),
    /// The answer is not measurable audio.
    #[error("the audio is neither WAV nor MP3")]
    NotAudio,
}

/// Speaks a whole Markdown text, sentence by sentence, and joins the audio; `None` if the text has nothing to
/// speak.
///
/// # Errors
/// Returns the error of the first sentence that fails.
pub async fn read_aloud(
    speech: &dyn Speech,
    text: &str,
    voice: Option<&str>,
) -> Result<Option<Audio>, SpeechError> {
    let spoken = speakable(text).into_iter().filter(|sentence| sentence.contains(char::is_alphanumeric));
    let parts: Vec<Audio> = stream::iter(spoken.collect::<Vec<_>>())
        .map(|sentence| async move { speech.speak(&sentence, voice).await })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    if parts.is_empty() {
        return Ok(None);
    }
    Audio::join(&parts).map(Some).ok_or(SpeechError::NotAudio)
}

/// Refuses a text that no provider accepts.
pub(super) fn check(sentence: &str) -> Result<(), SpeechError> {
    if sentence.chars().count() > MAX_TEXT_CHARS { Err(SpeechError::TooLong) } else { Ok(()) }
}
