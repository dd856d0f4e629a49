//! MP4 files: whether they contain audio or video, and their duration. Recorders write fragments without a
//! total duration; their samples are then added up.

use std::time::Duration;

/// Brands of playable files; images have others.
const BRANDS: [&[u8; 4]; 11] =
    [b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash", b"MSNV"];

/// Maximum number of tracks, because each fragment searches them.
const TRACKS: usize = 64;

/// Consecutive samples of one track.
struct Track {
    id: u32,
    /// Ticks per second.
    rate: u32,
    /// Default duration of a sample, in ticks.
    default: u32,
    /// End of the last sample, in ticks.
    end: u64,
}

/// Returns the duration of a file: the longer of its header's and its samples' duration. `None` if it is not
/// playable.
pub(crate) fn length(bytes: &[u8]) -> Option<Duration> {
    let brand = find(bytes, b"ftyp")?.get(..4)?;
    if !BRANDS.iter().any(|known| brand == *known) {
        return None;
    }
    let movie = find(bytes, b"moov").unwrap_or_default();
    let mut tracks: Vec<Track> = all(movie, b"trak").filter_map(Track::read).take(TRACKS).collect();
    for defaults in find(movie, b"mvex").into_iter().flat_map(|pieces| all(pieces, b"trex")) {
        if let Some(track) = of(&mut tracks, defaults) {
            track.default = u32_at(defaults, 12).unwrap_or_default();
        }
    }
    // Recorders write fragments and do not know the duration when they begin.
    for piece in all(bytes, b"moof").flat_map(|piece| all(piece, b"traf")) {
        if let Some(track) = find(piece, b"tfhd").and_then(|head| of(&mut tracks, head)) {
            track.add(piece);
        }
    }
    let declared_duration = find(movie, b"mvhd").and_then(scale).map(|(rate, ticks)| duration(ticks, rate));
    let lengths = tracks.iter().map(|track| duration(track.end, track.rate));
    Some(lengths.chain(declared_duration).max().unwrap_or_default())
}

impl Track {
    fn read(track: &[u8]) -> Option<Self> {
        let head = find(track, b"tkhd")?;
        let id = u32_at(head, if *head.first()? == 1 { 20 } else { 12 })?;
        let media = find(track, b"mdia")?;
        let (rate, _) = find(media, b"mdhd").and_then(scale)?;
        let samples = find(media, b"minf").and_then(|inner| find(inner, b"stbl"));
        let runs = samples.and_then(|samples| find(samples, b"stts")).and_then(|body| body.get(8..));
        let last = |run: &[u8]| Some(u64::from(u32_at(run, 0)?).saturating_mul(u32_at(run, 4)?.into()));
        let ends = runs.unwrap_or_default().chunks_exact(8).filter_map(last);
        Some(Self { id, rate, default: 0, end: ends.fold(0, u64::saturating_add) })
    }

    /// Adds a fragment.
    fn add(&mut self, piece: &[u8]) {
        let begin = find(piece, b"tfdt").and_then(|body| match body.first()? {
            1 => u64_at(body, 4),
            _ => u32_at(body, 4).map(u64::from),
        });
        let default = find(piece, b"tfhd").and_then(default_of).unwrap_or(self.default);
        let lasts = all(piece, b"trun").map(|run| lasts(run, default).unwrap_or_default());
        let end = lasts.fold(begin.unwrap_or(self.end), u64::saturating_add);
        self.end = self.end.max(end);
    }
}

/// Returns the track with the id at the beginning of this box.
fn of<'t>(tracks: &'t mut [Track], body: &[u8]) -> Option<&'t mut Track> {
    let id = u32_at(body, 4)?;
    tracks.iter_mut().find(|track| track.id == id)
}

/// Returns the default duration of a sample in a fragment, if its header has one.
fn default_of(head: &[u8]) -> Option<u32> {
    let flags = u32_at(head, 0)?;
    let before = if flags & 1 == 0 { 0 } else { 8 } + if flags & 2 == 0 { 0 } else { 4 };
    if flags & 8 == 0 { None } else { u32_at(head, 8 + before) }
}

/// Returns the duration of a run of samples, in ticks.
fn lasts(run: &[u8], default: u32) -> Option<u64> {
    let (flags, count) = (u32_at(run, 0)?, u32_at(run, 4)?);
    if flags & 0x100 == 0 {
        return Some(u64::from(count).saturating_mul(default.into()));
    }
    let before = if flags & 1 == 0 { 0 } else { 4 } + if flags & 4 == 0 { 0 } else { 4 };
    let fields = (flags >> 8 & 0xf).count_ones() as usize;
    let samples = run.get(8 + before..)?.chunks_exact(4 * fields).take(count as usize);
    Some(samples.filter_map(|sample| u32_at(sample, 0)).map(u64::from).sum())
}

/// Returns ticks per second and duration from the header of a movie or track.
fn scale(head: &[u8]) -> Option<(u32, u64)> {
    let (rate, ticks) = match head.first()? {
        0 => (u32_at(head, 12)?, u64::from(u32_at(head, 16)?)),
        1 => (u32_at(head, 20)?, u64_at(head, 24)?),
        _ => return None,
    };
    (rate > 0).then_some((rate, ticks))
}

fn duration(ticks: u64, rate: u32) -> Duration {
    let micros = u128::from(ticks) * 1_000_000 / u128::from(rate);
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Returns the body of the first box of this name.
fn find<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    all(bytes, name).next()
}

/// Returns the bodies of the boxes of this name.
fn all<'a>(mut rest: &'a [u8], name: &[u8; 4]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    let name = *name;
    std::iter::from_fn(move || next(&mut rest)).filter(move |(found, _)| *found == name).map(|(_, body)| body)
}

/// Returns the name and body of the next box.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let name = rest.get(4..8)?;
    let (head, size) = match u64::from(u32_at(rest, 0)?) {
        // The box extends to the end.
        0 => (8, rest.len() as u64),
        1 => (16, u64_at(rest, 8)?),
        size => (8, size),
    };
    let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
    let body = rest.get(head..size)?;
    *rest = &rest[size..];
    Some((name, body))
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
        let length = |bytes: &[u8]| length(bytes).unwrap();
        assert_eq!(length(&file(b"M4A ", &head(600, 900))), Duration::from_millis(1500));
        let long = [&[1; 20][..], &1000_u32.to_be_bytes(), &2500_u64.to_be_bytes()].concat();
        assert_eq!(length(&file(b"mp42", &long)), Duration::from_millis(2500));
        for unknown in [head(0, 900), head(600, 0), vec![2; 40], Vec::new()] {
            assert_eq!(length(&file(b"iso5", &unknown)), Duration::ZERO);
        }
    }

    /// A track of this rate, with runs of samples of these durations.
    fn track(id: u32, rate: u32, runs: &[(u32, u32)]) -> Vec<u8> {
        let mut table = [0_u32.to_be_bytes(), (runs.len() as u32).to_be_bytes()].concat();
        for (count, each) in runs {
            table.extend([count.to_be_bytes(), each.to_be_bytes()].concat());
        }
        let samples = boxed(b"minf", &boxed(b"stbl", &boxed(b"stts", &table)));
        let media = boxed(b"mdia", &[boxed(b"mdhd", &head(rate, 0)), samples].concat());
        let named = boxed(b"tkhd", &[&[0; 12][..], &id.to_be_bytes()].concat());
        boxed(b"trak", &[named, media].concat())
    }

    /// A fragmented file, as browsers record it.
    fn recorded(movie: &[Vec<u8>], pieces: &[Vec<u8>]) -> Vec<u8> {
        let movie = boxed(b"moov", &[&[boxed(b"mvhd", &head(1000, 0))], movie].concat().concat());
        let pieces: Vec<_> = pieces.iter().map(|piece| boxed(b"moof", &boxed(b"traf", piece))).collect();
        [boxed(b"ftyp", b"iso5\0\0\0\0"), movie, pieces.concat()].concat()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn samples_tell_the_length() {
        let length = |bytes: &[u8]| length(bytes).unwrap();
        let whole = recorded(&[track(1, 48_000, &[(100, 960), (1, 480)]), track(2, 90_000, &[])], &[]);
        assert_eq!(length(&whole), Duration::from_millis(2010));
        // A header with a shorter duration than the samples.
        let movie = [boxed(b"mvhd", &head(1000, 1)), track(1, 1000, &[(5, 1000)])].concat();
        let liar = [boxed(b"ftyp", b"M4A \0\0\0\0"), boxed(b"moov", &movie)].concat();
        assert_eq!(length(&liar), Duration::from_secs(5));
    }

    #[test]
    fn pieces_tell_the_length() {
        let length = |bytes: &[u8]| length(bytes).unwrap();
        let defaults = boxed(b"mvex", &boxed(b"trex", &words(&[0, 1, 1, 960, 0, 0])));
        let movie = [track(1, 48_000, &[]), defaults];
        // Durations by the track, by the fragment, and by each sample, after an offset and next to its size.
        let by_track = [boxed(b"tfhd", &words(&[0, 1])), boxed(b"trun", &words(&[0, 50]))].concat();
        let by_piece =
            [boxed(b"tfhd", &words(&[0xb, 1, 0, 0, 1, 480])), boxed(b"trun", &words(&[0, 100]))].concat();
        let by_itself =
            [boxed(b"tfhd", &words(&[0, 1])), boxed(b"trun", &words(&[0x301, 2, 64, 24_000, 7, 24_000, 7]))];
        let pieces = [by_track.clone(), by_piece, by_itself.concat()];
        assert_eq!(length(&recorded(&movie, &pieces)), Duration::from_secs(3));
        // A fragment with its begin.
        let late = [by_track.clone(), boxed(b"tfdt", &words(&[0, 48_000 * 200]))].concat();
        assert_eq!(length(&recorded(&movie, &[late])), Duration::from_secs(201));
        let late = [by_track.clone(), boxed(b"tfdt", &words(&[1 << 24, 0, 48_000 * 9]))].concat();
        assert_eq!(length(&recorded(&movie, &[late])), Duration::from_secs(10));
        assert_eq!(length(&recorded(&movie, &[])), Duration::ZERO);
        let stranger = [boxed(b"tfhd", &words(&[0, 7])), boxed(b"trun", &words(&[0, 50]))].concat();
        assert_eq!(length(&recorded(&movie, &[stranger])), Duration::ZERO, "of no track");
        let endless = [boxed(b"tfhd", &words(&[0, 1])), boxed(b"trun", &words(&[0, u32::MAX]))].concat();
        assert!(length(&recorded(&movie, &vec![endless; 4])) > Duration::from_secs(3600));
        let whole = recorded(&movie, &pieces);
        for end in 0..whole.len() {
            let _ = super::length(&whole[..end]);
        }
    }

    #[test]
    fn pictures_do_not_play() {
        for brand in [b"heic", b"avif", b"mif1", b"xxxx"] {
            assert_eq!(length(&file(brand, &head(600, 900))), None);
        }
        let whole = file(b"M4A ", &head(600, 900));
        for end in 0..whole.len() {
            let _ = super::length(&whole[..end]);
        }
        assert_eq!(length(b"\0\0\0\x01ftyp\xff\xff\xff\xff\xff\xff\xff\xff"), None);
    }
}
