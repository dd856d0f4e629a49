//! Audio of known length for tests.

/// A WAV as servers stream it, without a known length: mono, 16 bit, 24,000 Hz.
pub fn wav(milliseconds: usize) -> Vec<u8> {
    let mut wav = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0data\xff\xff\xff\xff".to_vec();
    wav.resize(44 + milliseconds * 48, 7);
    wav
}

/// An MP3 with a tag in front: frames of 24 milliseconds.
pub fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xf3, 0x84, 0xc0];
    frame.resize(192, 0);
    [b"ID3\x04\0\0\0\0\0\x04tags".as_slice(), &frame.repeat(frames)].concat()
}

/// Opus, as browsers record it.
pub fn ogg(seconds: u64) -> Vec<u8> {
    let page = |position: u64, body: &[u8]| {
        let mut page = b"OggS\0\0".to_vec();
        page.extend(position.to_le_bytes());
        page.extend([7; 4]);
        page.extend([0; 8]);
        page.push(1);
        page.push(u8::try_from(body.len()).expect("short"));
        page.extend(body);
        page
    };
    [page(0, b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0"), page(seconds * 48_000, b"sound")].concat()
}

/// A WebM as browsers record it, without a duration in its header: begins its last block at this time.
pub fn webm(milliseconds: u32) -> Vec<u8> {
    let head = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff";
    let cluster =
        [b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff\xe7\x84", &milliseconds.to_be_bytes()[..]];
    [&head[..], &cluster.concat(), b"\xa3\x88\x81\0\0\0opus"].concat()
}

/// An MP4 as browsers record it, without a duration in its header: a track of 1,000 ticks per second, and a
/// fragment with one sample.
pub fn m4a(milliseconds: u32) -> Vec<u8> {
    let boxed = |name: &[u8; 4], body: &[u8]| {
        let size = u32::try_from(body.len() + 8).expect("short");
        [&size.to_be_bytes()[..], name, body].concat()
    };
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let media = boxed(b"mdhd", &words(&[0, 0, 0, 1000, 0]));
    let track = [boxed(b"tkhd", &words(&[0, 0, 0, 1])), boxed(b"mdia", &media)].concat();
    let movie = [boxed(b"mvhd", &words(&[0, 0, 0, 1000, 0])), boxed(b"trak", &track)].concat();
    let piece = [boxed(b"tfhd", &words(&[0, 1])), boxed(b"trun", &words(&[0x100, 1, milliseconds]))].concat();
    let piece = boxed(b"moof", &boxed(b"traf", &piece));
    [boxed(b"ftyp", b"M4A \0\0\0\0"), boxed(b"moov", &movie), piece, boxed(b"mdat", b"sound")].concat()
}
