//! Voice samples: the recordings that a voice is cloned from.

use std::time::Duration;

use crate::{
    adapters::{
        fetch::{ExpectedContent, FetchError},
        voice::Sample,
    },
    app::App,
    audio::{KINDS, Sound},
};

/// Maximum size of a sample file, in bytes: the providers' limit.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Minimum duration; shorter samples do not identify a voice.
const MIN_DURATION: Duration = Duration::from_secs(5);
/// Maximum duration; longer samples do not improve a voice.
const MAX_DURATION: Duration = Duration::from_secs(600);

/// Why samples are unusable.
#[derive(Debug)]
pub(super) enum SampleError {
    /// The file could not be fetched.
    Fetch(FetchError),
    /// The file is not audio, or has a wrong duration.
    Sound(&'static str),
}

impl SampleError {
    /// Returns the reason, for the creator.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Fetch(error) => format!("The voice samples could not be fetched: {}", error.reason()),
            Self::Sound(reason) => (*reason).to_owned(),
        }
    }

    /// Returns whether a retry may succeed.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Fetch(error) => error.may_pass(),
            Self::Sound(_) => false,
        }
    }
}

/// Fetches the samples from a URL.
pub(super) async fn fetch(app: &App, url: &str) -> Result<Sample, SampleError> {
    let wanted = ExpectedContent { kinds: &KINDS, most: MAX_BYTES };
    let file = app.adapters.fetch.get(url, wanted).await.map_err(SampleError::Fetch)?;
    let sound = Sound::read(file.bytes).ok_or(SampleError::Sound("The voice samples are not a recording"))?;
    if !(MIN_DURATION..=MAX_DURATION).contains(&sound.length) {
        return Err(SampleError::Sound("The voice samples must be 5 seconds to 10 minutes long"));
    }
    Ok(Sample { bytes: sound.bytes, media: sound.media })
}
