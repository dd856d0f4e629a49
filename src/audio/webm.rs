//! WebM files as browsers record them. Most have no duration in the header, so the last block determines it.

use std::time::Duration;

const EBML: u32 = 0x1a45_dfa3;
const DOC_TYPE: u32 = 0x4282;
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const SCALE: u32 = 0x2a_d7b1;
const DURATION: u32 = 0x4489;
const CLUSTER: u32 = 0x1f43_b675;
const TIME: u32 = 0xe7;
const GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const SIMPLE_BLOCK: u32 = 0xa3;

/// Returns the duration of a file: the longer of its header's and its last block's time. `None` if it is no
/// WebM.
pub(crate) fn length(bytes: &[u8]) -> Option<Duration> {
    let mut webm = Webm { is_webm: false, scale: 1_000_000, declared_duration: None, cluster: 0, last: None };
    webm.walk(bytes);
    let duration = |ticks: f64| Duration::try_from_secs_f64(ticks * webm.scale as f64 / 1e9).ok();
    let lengths =
        [webm.declared_duration.and_then(duration), webm.last.and_then(|last| duration(last as f64))];
    webm.is_webm.then(|| lengths.into_iter().flatten().max().unwrap_or_default())
}

/// Times of a WebM file.
struct Webm {
    is_webm: bool,
    /// Nanoseconds per tick.
    scale: u64,
    /// Duration in the header, in ticks.
    declared_duration: Option<f64>,
    /// Begin of the current cluster, in ticks.
    cluster: u64,
    /// Begin of the last block, in ticks.
    last: Option<u64>,
}

impl Webm {
    /// Reads elements and descends into containers. The end of a container need not be known, because ids
    /// distinguish its children from its successors.
    fn walk(&mut self, mut rest: &[u8]) {
        while let Some((id, body)) = element(&mut rest) {
            match id {
                EBML | SEGMENT | INFO | CLUSTER | GROUP => {
                    // The body follows.
                    rest = body.from;
                    continue;
                }
                DOC_TYPE => self.is_webm = body.known == b"webm",
                SCALE => self.scale = number(body.known).max(1),
                DURATION => self.declared_duration = float(body.known),
                TIME => self.cluster = number(body.known),
                BLOCK | SIMPLE_BLOCK => self.block(body.known),
                _ => {}
            }
        }
    }

    fn block(&mut self, body: &[u8]) {
        let mut rest = body;
        if vint(&mut rest, true).is_none() {
            return;
        }
        let Some(offset) = rest.get(..2).and_then(|bytes| bytes.try_into().ok()).map(i16::from_be_bytes)
        else {
            return;
        };
        let at = self.cluster.saturating_add_signed(offset.into());
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
    }
}

/// The body of an element: `length` bytes if known, and the rest from there.
struct Body<'a> {
    known: &'a [u8],
    from: &'a [u8],
}

/// Reads the next element; `rest` continues after it.
fn element<'a>(rest: &mut &'a [u8]) -> Option<(u32, Body<'a>)> {
    let id = u32::try_from(vint(rest, false)?).ok()?;
    let size = vint(rest, true)?;
    let from = *rest;
    let size = usize::try_from(size).unwrap_or(usize::MAX).min(from.len());
    let (known, behind) = from.split_at(size);
    *rest = behind;
    Some((id, Body { known, from }))
}

/// Reads a number whose first byte determines its length; `cut` removes the length marker.
fn vint(rest: &mut &[u8], cut: bool) -> Option<u64> {
    let length = rest.first()?.leading_zeros() as usize + 1;
    if length > 8 {
        return None;
    }
    let (bytes, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    let whole = number(bytes);
    Some(if cut { whole & !(1 << (7 * length)) } else { whole })
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f32::from_be_bytes(bytes.try_into().ok()?).into()),
        8 => Some(f64::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(id: u32, body: &[u8]) -> Vec<u8> {
        let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        let size = (body.len() as u32 | 0x1000_0000).to_be_bytes();
        [&id, &size[..], body].concat()
    }

    /// The header of an element of unknown length.
    fn endless(id: u32) -> Vec<u8> {
        [&id.to_be_bytes()[..], b"\x01\xff\xff\xff\xff\xff\xff\xff"].concat()
    }

    fn head() -> Vec<u8> {
        element(EBML, &element(DOC_TYPE, b"webm"))
    }

    #[test]
    fn the_last_block_is_the_end() {
        let recorded = [
            head(),
            endless(SEGMENT),
            element(INFO, &element(SCALE, &1_000_000_u32.to_be_bytes())),
            endless(CLUSTER),
            element(TIME, &[0]),
            element(SIMPLE_BLOCK, b"\x81\0\0\0opus"),
            element(SIMPLE_BLOCK, b"\x81\x03\xe8\0opus"),
            endless(CLUSTER),
            element(TIME, &2000_u16.to_be_bytes()),
            element(GROUP, &element(BLOCK, b"\x81\x01\xf4\0opus")),
        ];
        let length = |bytes: &[u8]| length(bytes).unwrap();
        assert_eq!(length(&recorded.concat()), Duration::from_millis(2500));
        let declared_duration =
            [head(), endless(SEGMENT), element(INFO, &element(DURATION, &1234_f64.to_be_bytes()))];
        assert_eq!(length(&declared_duration.concat()), Duration::from_millis(1234));
        assert_eq!(length(&head()), Duration::ZERO);
        let liar =
            [&declared_duration[..], &[endless(CLUSTER), element(SIMPLE_BLOCK, b"\x81\x27\x10\0opus")]]
                .concat();
        assert_eq!(length(&liar.concat()), Duration::from_secs(10));
        for bad in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            let declared_duration =
                [head(), endless(SEGMENT), element(INFO, &element(DURATION, &bad.to_be_bytes()))];
            assert_eq!(length(&declared_duration.concat()), Duration::ZERO, "{bad}");
        }
    }

    #[test]
    fn invalid_webm_is_refused() {
        let matroska = element(EBML, &element(DOC_TYPE, b"matroska"));
        for bytes in [&b""[..], b"\x1a\x45\xdf\xa3", &matroska, &[0; 100], &[0xff; 100]] {
            assert_eq!(length(bytes), None);
        }
        let whole = [head(), endless(SEGMENT), element(SIMPLE_BLOCK, b"\x81\x03\xe8\0opus")].concat();
        for end in 0..whole.len() {
            let _ = super::length(&whole[..end]);
        }
    }
}
