//! MP3 files: frames and their duration. Tags are left out, so that files can be joined.

use std::time::Duration;

/// The audio of an MP3 file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mp3 {
    /// The frames, concatenated.
    pub(super) frames: Vec<u8>,
    /// Duration of the frames.
    pub(super) duration: Duration,
}

/// The header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    length: usize,
    samples: u64,
    rate: u64,
    /// Offset of the marker that identifies a frame with metadata only.
    note: usize,
}

/// Kilobits per second of layer III, for MPEG 1 and for MPEG 2 and 2.5.
const RATES: [[usize; 15]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

impl Mp3 {
    /// Parses a file; `None` if it contains no audio frame.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut at = tag(bytes);
        let (mut frames, mut nanos) = (Vec::new(), 0);
        while let Some(head) = bytes.get(at..).and_then(Head::read) {
            // A truncated frame is not played.
            let Some(frame) = bytes.get(at..at + head.length) else { break };
            let is_note =
                [b"Xing", b"Info"].iter().any(|sign| frame.get(head.note..head.note + 4) == Some(*sign));
            if !is_note {
                frames.extend_from_slice(frame);
                nanos += head.samples * 1_000_000_000 / head.rate;
            }
            at += head.length;
        }
        (nanos > 0).then_some(Self { frames, duration: Duration::from_nanos(nanos) })
    }
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let head = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        // Eleven sync bits, and layer III.
        if head >> 21 != 0x7ff || (head >> 17) & 3 != 1 {
            return None;
        }
        let version = (head >> 19) & 3;
        let is_first = version == 3;
        let kilobits =
            *RATES[usize::from(!is_first)].get((head >> 12) as usize & 15).filter(|rate| **rate > 0)?;
        let base = *[44_100, 48_000, 32_000].get((head >> 10) as usize & 3)?;
        let rate: u64 = match version {
            3 => base,
            2 => base / 2,
            0 => base / 4,
            _ => return None,
        };
        let samples: u64 = if is_first { 1152 } else { 576 };
        let padding = (head >> 9) as usize & 1;
        let length =
            kilobits * 1000 * usize::try_from(samples).ok()? / 8 / usize::try_from(rate).ok()? + padding;
        let is_mono = (head >> 6) & 3 == 3;
        let side = match (is_first, is_mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        Some(Self { length, samples, rate, note: 4 + side })
    }
}

/// Returns the length of the tag before the first frame.
fn tag(bytes: &[u8]) -> usize {
    let Some([b'I', b'D', b'3', _, _, flags, size @ ..]) = bytes.get(..10) else { return 0 };
    // Seven bits per byte.
    let size = size.iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    10 + size + footer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A silent frame: 128 kbit/s, 44,100 Hz, stereo.
    fn frame() -> Vec<u8> {
        let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
        frame.resize(417, 0);
        frame
    }

    /// A silent frame: MPEG 2, 64 kbit/s, 24,000 Hz, mono.
    fn small_frame() -> Vec<u8> {
        let mut frame = vec![0xff, 0xf3, 0x84, 0xc0];
        frame.resize(192, 0);
        frame
    }

    #[test]
    fn frames_are_counted() {
        let sound = Mp3::read(&frame().repeat(100)).unwrap();
        assert_eq!((sound.duration.as_millis(), sound.frames.len()), (2612, 41_700));
        let sound = Mp3::read(&small_frame().repeat(100)).unwrap();
        assert_eq!((sound.duration.as_millis(), sound.frames.len()), (2400, 19_200));
    }

    #[test]
    fn tags_and_notes_are_no_sound() {
        let mut note = frame();
        note[36..40].copy_from_slice(b"Xing");
        let tag = [b"ID3\x04\0\0\0\0\x01\x02".as_slice(), &[0; 130]].concat();
        let end = [b"TAG".as_slice(), &[0; 125]].concat();
        let sound = Mp3::read(&[tag, note, frame(), frame(), end].concat()).unwrap();
        assert_eq!(sound.frames, frame().repeat(2));
        assert_eq!(sound.duration.as_millis(), 52);
    }

    #[test]
    fn invalid_audio_is_refused() {
        assert_eq!(Mp3::read(b""), None);
        assert_eq!(Mp3::read(&frame()[..400]), None);
        assert_eq!(Mp3::read(b"ID3\x04\0\0\x7f\x7f\x7f\x7f"), None);
        assert_eq!(Mp3::read(b"RIFF\0\0\0\0WAVE"), None);
    }
}
