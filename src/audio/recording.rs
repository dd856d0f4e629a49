//! Recordings of users: kind and duration, by content.

use std::time::Duration;

use bytes::Bytes;

use super::{Audio, mp4, ogg, webm};
use crate::media::Media;

/// Accepted kinds of audio.
pub const KINDS: [Media; 5] = [Media::Wav, Media::Mp3, Media::Ogg, Media::Webm, Media::M4a];

/// An audio file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Content of the file. WAV and MP3 files contain only the audio, without metadata.
    pub bytes: Bytes,
    /// Kind of the file.
    pub media: Media,
    /// Duration.
    pub length: Duration,
}

impl Sound {
    /// Parses a file; `None` if it is not audio of an accepted kind.
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
