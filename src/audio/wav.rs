//! Reads and writes WAV files. Programs that write to a pipe and servers that stream do not know the length
//! when they write the header, so the header may be wrong.

use std::time::Duration;

/// The audio of a WAV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wav<'a> {
    /// Body of the `fmt ` chunk.
    format: &'a [u8],
    samples: &'a [u8],
}

/// Length of the `RIFF` header and the heads of `fmt ` and `data`.
const HEADS: usize = 12 + 8 + 8;

impl<'a> Wav<'a> {
    /// Parses a file; `None` if it is no WAV or has compressed samples.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
            return None;
        }
        let (mut format, mut rest) = (None, bytes.get(12..)?);
        loop {
            let (name, length) = (rest.get(..4)?, number(rest, 4)? as usize);
            let body = &rest[8..];
            // The length may be wrong, but only at the end.
            let length = length.min(body.len());
            match name {
                b"fmt " => format = Some(&body[..length]).filter(|format| is_plain(format)),
                b"data" => {
                    let format = format?;
                    let frame = frame(format)?;
                    return Some(Self { format, samples: &body[..length - length % frame] });
                }
                _ => {}
            }
            // Chunks begin at even offsets.
            rest = body.get(length + length % 2..)?;
        }
    }

    /// Returns the duration.
    pub(crate) fn duration(&self) -> Duration {
        let rate = u64::from(number(self.format, 4).unwrap_or_default()).max(1);
        let frames = (self.samples.len() / frame(self.format).unwrap_or(1)) as u64;
        Duration::from_micros(frames * 1_000_000 / rate)
    }

    /// Joins parts of equal format into one file; `None` if formats differ, there are no parts, or the file
    /// would be too long.
    pub(crate) fn join(parts: &[Self]) -> Option<Vec<u8>> {
        let format = parts.first()?.format;
        if parts.iter().any(|part| part.format != format) {
            return None;
        }
        let length: usize = parts.iter().map(|part| part.samples.len()).sum();
        // A chunk ends at an even offset.
        let whole = HEADS + format.len() + length + length % 2;
        let mut file = Vec::with_capacity(whole);
        file.extend(head(b"RIFF", whole - 8)?);
        file.extend(b"WAVE");
        file.extend(head(b"fmt ", format.len())?);
        file.extend(format);
        file.extend(head(b"data", length)?);
        parts.iter().for_each(|part| file.extend(part.samples));
        file.resize(whole, 0);
        Some(file)
    }
}

/// Returns the head of a chunk; `None` if the chunk is too long.
fn head(name: &[u8; 4], length: usize) -> Option<impl Iterator<Item = u8>> {
    Some(name.iter().copied().chain(u32::try_from(length).ok()?.to_le_bytes()))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// Returns the bytes of one sample of all channels.
fn frame(format: &[u8]) -> Option<usize> {
    short(format, 12).map(usize::from).filter(|frame| *frame > 0)
}

/// Returns whether the samples are uncompressed integers or floats.
fn is_plain(format: &[u8]) -> bool {
    let has_rate = number(format, 4).is_some_and(|rate| rate > 0);
    matches!(short(format, 0), Some(1 | 3 | 0xfffe)) && has_rate && frame(format).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of mono 16-bit samples at 8000 Hz with these lengths in its header.
    fn file(samples: usize, riff: u32, data: u32) -> Vec<u8> {
        let mut file = b"RIFF".to_vec();
        file.extend(riff.to_le_bytes());
        file.extend(
            b"WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data",
        );
        file.extend(data.to_le_bytes());
        file.extend((0..samples).flat_map(|sample| i16::try_from(sample % 100).unwrap().to_le_bytes()));
        file
    }

    #[test]
    fn the_length_is_that_of_the_samples() {
        for (riff, data) in [(0, 8000), (0x7fff_f024, 0x7fff_f000), (u32::MAX, u32::MAX)] {
            let bytes = file(4000, riff, data);
            let wav = Wav::read(&bytes).unwrap();
            assert_eq!(wav.duration(), Duration::from_millis(500));
        }
        // Half a sample at the end is ignored.
        let mut cut = file(4000, 0, 8000);
        cut.pop();
        assert_eq!(Wav::read(&cut).unwrap().samples.len(), 7998);
    }

    #[test]
    fn files_are_joined_with_a_true_header() {
        let (one, two) = (file(4000, u32::MAX, u32::MAX), file(2000, 0, 4000));
        let (one, two) = (Wav::read(&one).unwrap(), Wav::read(&two).unwrap());
        let joined = Wav::join(&[one.clone(), two]).unwrap();
        assert_eq!(joined.len(), 44 + 12_000);
        assert_eq!(number(&joined, 4), Some(36 + 12_000));
        assert_eq!(number(&joined, 40), Some(12_000));
        assert_eq!(Wav::read(&joined).unwrap().duration(), Duration::from_millis(750));
        let other = [one.format, b"\0\0"].concat();
        assert_eq!(Wav::join(&[one.clone(), Wav { format: &other, samples: one.samples }]), None);
        assert_eq!(Wav::join(&[]), None);
    }

    #[test]
    fn invalid_audio_is_refused() {
        let whole = file(10, 0, 20);
        for end in 0..60 {
            assert!(Wav::read(&whole[..end]).is_none_or(|wav| wav.samples.len() <= 20), "{end}");
        }
        assert_eq!(Wav::read(b"RIFF\0\0\0\0WAVE"), None);
        assert_eq!(Wav::read(&[0; 100]), None);
        let compressed: Vec<u8> =
            whole.iter().enumerate().map(|(at, byte)| if at == 32 { 0x55 } else { *byte }).collect();
        assert_eq!(Wav::read(&compressed), None);
    }
}
