//! Who speaks for an agent: a server that speaks the OpenAI protocol, or a program of this machine. Where there is
//! neither, nobody speaks: there is no pretended sound.

mod audio;
mod mp3;
mod openai;
mod program;
mod wav;

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};

pub use audio::Audio;
pub use openai::OpenAiSpeech;
pub use program::Program;

use super::speakable::speakable;

/// A text longer than this is not spoken at once, in characters: providers take no more.
const LONGEST: usize = 4000;
/// Sound larger than this is not taken, in bytes.
pub(super) const LARGEST: usize = 16 * 1024 * 1024;
/// So many sentences of one text are spoken at once.
const AT_ONCE: usize = 2;

/// Speaks.
pub trait Speech: Send + Sync {
    /// Speaks a sentence, in the voice of this name; none: the one that the settings name, or that fits the language.
    ///
    /// # Errors
    /// When there is no sound: any [`SpeechError`].
    fn speak<'a>(
        &'a self,
        sentence: &'a str,
        voice: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Audio, SpeechError>>;

    /// Who speaks: the provider's host, or the program.
    fn provider(&self) -> &str;
}

/// Why there is no sound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// There is no voice of this name.
    #[error("there is no voice {0:?}")]
    UnknownVoice(String),
    /// The text is too long to be spoken at once.
    #[error("the text has more than {LONGEST} characters")]
    TooLong,
    /// The sound is larger than is taken.
    #[error("the sound has more than {LARGEST} bytes")]
    TooLarge,
    /// It took too long.
    #[error("nothing was spoken within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The provider answered with an error of HTTP.
    #[error("the provider refused with {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// What the provider said, cut to a line, without the key.
        message: String,
    },
    /// There is no connection to the provider.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The connection ended before the sound did.
    #[error("the provider broke off: {0}")]
    Broken(String),
    /// The program failed.
    #[error("the program failed: {0}")]
    Failed(String),
    /// What came is no sound that can be measured.
    #[error("what came is neither WAV nor MP3")]
    NotAudio,
}

/// Speaks a whole text in Markdown, sentence by sentence, into one piece of sound; none when it has nothing to speak.
///
/// # Errors
/// When a sentence fails.
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

/// Refuses what no provider takes.
pub(super) fn check(sentence: &str) -> Result<(), SpeechError> {
    if sentence.chars().count() > LONGEST { Err(SpeechError::TooLong) } else { Ok(()) }
}
