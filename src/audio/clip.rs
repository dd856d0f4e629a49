//! Audio as it is stored and sent.

use std::time::Duration;

use bytes::Bytes;

use super::{mp3::Mp3, wav::Wav};
use crate::media::Media;

/// A piece of audio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    /// Content of the file.
    pub bytes: Bytes,
    /// Kind of the file, by content.
    pub media: Media,
    /// Duration, by content.
    pub duration: Duration,
}

impl Audio {
    /// Parses a file and writes it anew with a correct header and no tags; `None` if it is not measurable
    /// audio.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if let Some(wav) = Wav::read(bytes) {
            let duration = wav.duration();
            return Some(Self { bytes: Wav::join(&[wav])?.into(), media: Media::Wav, duration });
        }
        let Mp3 { frames, duration } = Mp3::read(bytes)?;
        Some(Self { bytes: frames.into(), media: Media::Mp3, duration })
    }

    /// Joins several files in order; `None` if there are none or they differ in kind.
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
