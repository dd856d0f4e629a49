//! Kinds of files that are stored and served, with their names and detection.

mod picture;

pub use picture::{Picture, PictureError};

/// A kind of file. No other kind is accepted or served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Media {
    /// Audio, uncompressed.
    Wav,
    /// Audio.
    Mp3,
    /// Audio, as recorded by some browsers.
    Ogg,
    /// Audio, as recorded by some browsers.
    Webm,
    /// Audio, as recorded by some browsers.
    M4a,
    /// Image.
    Png,
    /// Image.
    Jpeg,
    /// Image, possibly animated.
    Gif,
    /// Image.
    Webp,
}

impl Media {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Wav,
        Self::Mp3,
        Self::Ogg,
        Self::Webm,
        Self::M4a,
        Self::Png,
        Self::Jpeg,
        Self::Gif,
        Self::Webp,
    ];

    /// Returns the extension of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Webm => "webm",
            Self::M4a => "m4a",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Webm => "audio/webm",
            Self::M4a => "audio/mp4",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    /// Returns the kind with this extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.extension() == extension)
    }

    /// Returns the kind of a file by its first bytes, regardless of its name.
    pub fn of_content(bytes: &[u8]) -> Option<Self> {
        let at = |offset: usize, sign: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(sign));
        let is_frame = matches!(bytes, [0xff, second, ..] if second & 0xe6 == 0xe2);
        Some(match () {
            () if at(0, b"RIFF") && at(8, b"WAVE") => Self::Wav,
            () if at(0, b"RIFF") && at(8, b"WEBP") => Self::Webp,
            () if at(0, b"OggS") => Self::Ogg,
            () if at(0, b"\x1a\x45\xdf\xa3") => Self::Webm,
            () if at(4, b"ftyp") => Self::M4a,
            () if at(0, b"\x89PNG\r\n\x1a\n") => Self::Png,
            () if at(0, b"\xff\xd8\xff") => Self::Jpeg,
            () if at(0, b"GIF87a") || at(0, b"GIF89a") => Self::Gif,
            () if at(0, b"ID3") || is_frame => Self::Mp3,
            () => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_content() {
        for (bytes, media) in [
            (b"RIFF\x24\0\0\0WAVEfmt ".as_slice(), Some(Media::Wav)),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some(Media::Webp)),
            (b"\xff\xfb\x90\x64", Some(Media::Mp3)),
            (b"\xff\xf3\x40\xc0", Some(Media::Mp3)),
            (b"ID3\x04", Some(Media::Mp3)),
            (b"\xff\xd8\xff\xe0", Some(Media::Jpeg)),
            (b"\0\0\0\x20ftypM4A ", Some(Media::M4a)),
            (b"<svg xmlns", None),
            (b"<!doctype html>", None),
            (b"RIFF", None),
            (b"", None),
        ] {
            assert_eq!(Media::of_content(bytes), media, "{bytes:?}");
        }
    }

    #[test]
    fn extensions_tell_the_kind() {
        for media in Media::ALL {
            assert_eq!(Media::of_extension(media.extension()), Some(media));
        }
        assert_eq!(Media::of_extension("svg"), None);
    }
}
