//! Sound that people send: what it is and how long it sounds, by its content.

mod mp4;
mod ogg;
mod webm;

use std::time::Duration;

use bytes::Bytes;

use super::{media::Media, speech::Audio};

/// The kinds of sound that are taken.
pub const KINDS: [Media; 5] = [Media::Wav, Media::Mp3, Media::Ogg, Media::Webm, Media::M4a];

/// A file of sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// The file; of WAV and MP3 the sound alone, without what programs write about its owner.
    pub bytes: Bytes,
    /// What it is.
    pub media: Media,
    /// How long it sounds.
    pub length: Duration,
}

impl Sound {
    /// Reads a file; none when it is no sound of a kind that is taken.
    pub fn read(bytes: Bytes) -> Option<Self> {
        let media = Media::of_content(&bytes)?;
        let length = match media {
            Media::Wav | Media::Mp3 => {
                let Audio { bytes, media, duration } = Audio::read(&bytes)?;
                return Some(Self { bytes, media, length: duration });
            }
            Media::Ogg => ogg::length(&bytes)?,
            Media::Webm => webm::length(&bytes)?,
            Media::M4a => mp4::length(&bytes)?,
            Media::Png | Media::Jpeg | Media::Gif | Media::Webp => return None,
        };
        Some(Self { bytes, media, length })
    }
}
