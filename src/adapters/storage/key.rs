//! Names of stored files.

use std::{fmt, str::FromStr};

use object_store::path::Path;

use crate::media::Media;

/// The name of a stored file: a shelf, 128 random bits in hex, and the extension of its content. No other
/// name is valid, so a name cannot lead elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    text: String,
    media: Media,
}

/// The text is not a valid name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a file")]
pub struct NoKey;

impl Key {
    pub(super) fn new(shelf: &str, random: &str, media: Media) -> Self {
        Self { text: format!("{shelf}/{random}.{}", media.extension()), media }
    }

    pub(super) fn path(&self) -> Path {
        Path::from(self.text.as_str())
    }

    /// Returns the kind of the file.
    pub fn media(&self) -> Media {
        self.media
    }

    /// Returns the random part, which is unique.
    pub fn random(&self) -> &str {
        let name = self.text.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    /// Returns the path under which the server serves the file.
    pub fn url(&self) -> String {
        format!("/uploads/{}", self.text)
    }
}

impl FromStr for Key {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let (shelf, name) = text.split_once('/').ok_or(NoKey)?;
        let (random, extension) = name.split_once('.').ok_or(NoKey)?;
        let is_shelf = (1..=32).contains(&shelf.len()) && shelf.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        if !is_shelf || random.len() != 32 || !random.bytes().all(is_hex) {
            return Err(NoKey);
        }
        Ok(Self { text: text.to_owned(), media: Media::of_extension(extension).ok_or(NoKey)? })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_name_is_read_as_it_was_written() {
        let key = Key::new("speech", RANDOM, Media::Mp3);
        assert_eq!(key.to_string(), format!("speech/{RANDOM}.mp3"));
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        assert_eq!((key.random(), key.media()), (RANDOM, Media::Mp3));
        assert_eq!(key.url(), format!("/uploads/speech/{RANDOM}.mp3"));
    }

    #[test]
    fn no_name_leads_elsewhere() {
        for text in [
            String::new(),
            "speech".to_owned(),
            format!("speech/{RANDOM}"),
            format!("speech/{RANDOM}.svg"),
            format!("speech/{RANDOM}.html"),
            format!("speech/{RANDOM}.mp3.html"),
            format!("speech/{RANDOM}.mp3/"),
            format!("../speech/{RANDOM}.mp3"),
            format!("speech/../{RANDOM}.mp3"),
            format!("speech//{RANDOM}.mp3"),
            format!("/speech/{RANDOM}.mp3"),
            format!("..\\speech/{RANDOM}.mp3"),
            format!("sp%65ech/{RANDOM}.mp3"),
            format!("speech/{}.mp3", RANDOM.to_uppercase()),
            format!("speech/{}.mp3", &RANDOM[1..]),
            format!("speech/{RANDOM}0.mp3"),
            format!("speech/{RANDOM}\0.mp3"),
        ] {
            assert_eq!(text.parse::<Key>(), Err(NoKey), "{text}");
        }
    }
}
