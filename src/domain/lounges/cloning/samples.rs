//! The recordings that a voice is made from.

use std::time::Duration;

use crate::{
    adapters::{
        fetch::{FetchError, Wanted},
        sound::{KINDS, Sound},
        voice::Sample,
    },
    app::App,
};

/// The largest file of recordings, in bytes: providers take no more.
const LARGEST: usize = 10 * 1024 * 1024;
/// A voice cannot be told from less.
const SHORTEST: Duration = Duration::from_secs(5);
/// More does not make it better.
const LONGEST: Duration = Duration::from_secs(600);

/// Why there are no recordings.
#[derive(Debug)]
pub(super) enum Unfit {
    /// They could not be fetched.
    Fetch(FetchError),
    /// They are no sound, or of a wrong length.
    Sound(&'static str),
}

impl Unfit {
    /// Why, for the creator.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Fetch(error) => format!("The voice samples could not be fetched: {}", error.reason()),
            Self::Sound(reason) => (*reason).to_owned(),
        }
    }

    /// Whether they may well be had a moment later.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Fetch(error) => error.may_pass(),
            Self::Sound(_) => false,
        }
    }
}

/// Fetches the recordings that a URL names.
pub(super) async fn fetch(app: &App, url: &str) -> Result<Sample, Unfit> {
    let wanted = Wanted { kinds: &KINDS, most: LARGEST };
    let file = app.adapters.fetch.get(url, wanted).await.map_err(Unfit::Fetch)?;
    let sound = Sound::read(file.bytes).ok_or(Unfit::Sound("The voice samples are no recording"))?;
    if !(SHORTEST..=LONGEST).contains(&sound.length) {
        return Err(Unfit::Sound("The voice samples must sound 5 seconds to 10 minutes"));
    }
    Ok(Sample { bytes: sound.bytes, media: sound.media })
}
