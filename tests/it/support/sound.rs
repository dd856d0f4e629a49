//! Sound for tests, of a known length.

/// A WAV as servers stream it: they do not know its length. Mono, 16 bit, 24,000 a second.
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
