//! Ogg files: duration of their Opus or Vorbis audio.

use std::time::Duration;

/// Bytes of a page's header without the segment table.
const HEAD: usize = 27;

/// Audio codec of a file.
struct Codec {
    /// Samples per second, as positions count them.
    rate: u64,
    /// Samples at the beginning that are not played.
    skipped: u64,
}

/// Returns the duration of a file; `None` if it is neither Opus nor Vorbis.
pub(crate) fn length(bytes: &[u8]) -> Option<Duration> {
    let mut rest = bytes;
    let mut codec: Option<(u32, Codec)> = None;
    let mut last = 0;
    while let Some(page) = Page::read(rest) {
        match &codec {
            None => codec = Some((page.stream, Codec::read(page.body)?)),
            // A page on which no packet ends has no position.
            Some((stream, _)) if *stream == page.stream && page.position != u64::MAX => {
                last = last.max(page.position);
            }
            Some(_) => {}
        }
        rest = rest.get(page.length..)?;
    }
    let (_, Codec { rate, skipped }) = codec?;
    let micros = u128::from(last.saturating_sub(skipped)) * 1_000_000 / u128::from(rate);
    Some(Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)))
}

struct Page<'a> {
    position: u64,
    stream: u32,
    body: &'a [u8],
    /// Total length of the page.
    length: usize,
}

impl<'a> Page<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        if bytes.get(..4)? != b"OggS" {
            return None;
        }
        let position = u64::from_le_bytes(bytes.get(6..14)?.try_into().ok()?);
        let stream = u32::from_le_bytes(bytes.get(14..18)?.try_into().ok()?);
        let begin = HEAD + usize::from(*bytes.get(26)?);
        let size: usize = bytes.get(HEAD..begin)?.iter().map(|size| usize::from(*size)).sum();
        let body = bytes.get(begin..begin + size)?;
        Some(Self { position, stream, body, length: begin + size })
    }
}

impl Codec {
    fn read(packet: &[u8]) -> Option<Self> {
        if packet.starts_with(b"OpusHead") {
            let skipped = u16::from_le_bytes(packet.get(10..12)?.try_into().ok()?);
            return Some(Self { rate: 48_000, skipped: skipped.into() });
        }
        if packet.starts_with(b"\x01vorbis") {
            let rate = u32::from_le_bytes(packet.get(12..16)?.try_into().ok()?);
            return (rate > 0).then_some(Self { rate: rate.into(), skipped: 0 });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(position: u64, stream: u32, body: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0\0".to_vec();
        page.extend(position.to_le_bytes());
        page.extend(stream.to_le_bytes());
        page.extend([0; 8]);
        page.push(1);
        page.push(body.len().try_into().unwrap());
        page.extend(body);
        page
    }

    const OPUS: &[u8] = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0";

    #[test]
    fn the_last_position_is_the_end() {
        let opus = [
            page(0, 7, OPUS),
            page(0, 7, b"OpusTags"),
            page(48_312, 7, b"sound"),
            page(u64::MAX, 7, b"more"),
            page(999_999, 8, b"another stream"),
            page(96_312, 7, b"sound"),
        ];
        assert_eq!(length(&opus.concat()), Some(Duration::from_secs(2)));
        // A truncated page is not played.
        let mut cut = opus.concat();
        cut.pop();
        assert_eq!(length(&cut), Some(Duration::from_secs(1)));
        let vorbis = [page(0, 1, b"\x01vorbis\0\0\0\0\x02\x44\xac\0\0"), page(44_100, 1, b"sound")];
        assert_eq!(length(&vorbis.concat()), Some(Duration::from_secs(1)));
    }

    #[test]
    fn invalid_audio_is_refused() {
        for bytes in [&b""[..], b"OggS", &page(0, 1, b"\x80theora"), &page(0, 1, b"OpusHead"), &[0; 100]] {
            assert_eq!(length(bytes), None);
        }
        assert_eq!(length(&page(0, 7, OPUS)), Some(Duration::ZERO));
    }
}
