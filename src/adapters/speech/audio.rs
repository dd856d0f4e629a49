//! Sound as it is stored and sent.

use std::time::Duration;

use bytes::Bytes;

use super::{mp3::Mp3, wav::Wav};
use crate::adapters::media::Media;

/// A piece of sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    /// The file.
    pub bytes: Bytes,
    /// What it is, by its content.
    pub media: Media,
    /// How long it sounds, by its content.
    pub duration: Duration,
}

impl Audio {
    /// Reads a file, and writes it anew with a true header and no tags; none when it is no sound that can be measured.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if let Some(wav) = Wav::read(bytes) {
            let duration = wav.duration();
            return Some(Self { bytes: Wav::join(&[wav])?.into(), media: Media::Wav, duration });
        }
        let Mp3 { frames, duration } = Mp3::read(bytes)?;
        Some(Self { bytes: frames.into(), media: Media::Mp3, duration })
    }

    /// One file of several, in their order; none when there are none or they are not of one kind.
    pub fn join(parts: &[Self]) -> Option<Self> {
        let media = parts.first()?.media;
        if parts.iter().any(|part| part.media != media) {
            return None;
        }
        let bytes: Bytes = match media {
            Media::Wav => {
                let wavs: Option<Vec<Wav<'_>>> = parts.iter().map(|part| Wav::read(&part.bytes)).collect();
                Wav::join(&wavs?)?.into()
            }
            Media::Mp3 => parts.iter().flat_map(|part| part.bytes.iter().copied()).collect(),
            _ => return None,
        };
        Some(Self { bytes, media, duration: parts.iter().map(|part| part.duration).sum() })
    }
}
