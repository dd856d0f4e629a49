//! MP4 files: whether they are sound or video at all, and how long they play, where their head tells.

use std::time::Duration;

/// Brands of files that play; pictures have others.
const BRANDS: [&[u8; 4]; 11] =
    [b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash", b"MSNV"];

/// What an MP4 file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mp4 {
    /// How long it plays.
    pub(super) length: Option<Duration>,
}

impl Mp4 {
    /// Reads a file; none when it does not play.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let brand = find(bytes, b"ftyp")?.get(..4)?;
        if !BRANDS.iter().any(|known| brand == *known) {
            return None;
        }
        let head = find(bytes, b"moov").and_then(|moov| find(moov, b"mvhd"));
        Some(Self { length: head.and_then(length) })
    }
}

/// The length of a film by its head; none when it is written in pieces and not known there.
fn length(head: &[u8]) -> Option<Duration> {
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let (rate, ticks) = match head.first()? {
        0 => (number(12)?, u64::from(number(16)?)),
        1 => (number(20)?, u64::from(number(24)?) << 32 | u64::from(number(28)?)),
        _ => return None,
    };
    if rate == 0 || ticks == 0 {
        return None;
    }
    let micros = u128::from(ticks) * 1_000_000 / u128::from(rate);
    Some(Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)))
}

/// The body of the first box of this name.
fn find<'a>(mut rest: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    loop {
        let size = u64::from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?));
        let found = rest.get(4..8)?;
        let (head, size) = match size {
            // To the end.
            0 => (8, rest.len() as u64),
            1 => (16, u64::from_be_bytes(rest.get(8..16)?.try_into().ok()?)),
            size => (8, size),
        };
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        let body = rest.get(head..size)?;
        if found == name {
            return Some(body);
        }
        rest = rest.get(size..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], name, body].concat()
    }

    fn file(brand: &[u8; 4], head: &[u8]) -> Vec<u8> {
        let movie = boxed(b"moov", &[boxed(b"udta", b"x"), boxed(b"mvhd", head)].concat());
        [boxed(b"ftyp", &[&brand[..], b"\0\0\0\0"].concat()), boxed(b"mdat", b"sound"), movie].concat()
    }

    fn head(rate: u32, ticks: u32) -> Vec<u8> {
        [&[0; 12][..], &rate.to_be_bytes(), &ticks.to_be_bytes()].concat()
    }

    #[test]
    fn the_head_tells_the_length() {
        let length = |bytes: &[u8]| Mp4::read(bytes).unwrap().length;
        assert_eq!(length(&file(b"M4A ", &head(600, 900))), Some(Duration::from_millis(1500)));
        let long = [&[1; 20][..], &1000_u32.to_be_bytes(), &2500_u64.to_be_bytes()].concat();
        assert_eq!(length(&file(b"mp42", &long)), Some(Duration::from_millis(2500)));
        for unknown in [head(0, 900), head(600, 0), vec![2; 40], Vec::new()] {
            assert_eq!(length(&file(b"iso5", &unknown)), None);
        }
    }

    #[test]
    fn pictures_do_not_play() {
        for brand in [b"heic", b"avif", b"mif1", b"xxxx"] {
            assert_eq!(Mp4::read(&file(brand, &head(600, 900))), None);
        }
        let whole = file(b"M4A ", &head(600, 900));
        for end in 0..whole.len() {
            let _ = Mp4::read(&whole[..end]);
        }
        assert_eq!(Mp4::read(b"\0\0\0\x01ftyp\xff\xff\xff\xff\xff\xff\xff\xff"), None);
    }
}
