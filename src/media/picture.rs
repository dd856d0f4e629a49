//! Pictures that users upload.

use bytes::Bytes;

use super::Media;

/// Maximum width and height in pixels. A browser needs four bytes a pixel to show a picture.
const MOST_PIXELS: usize = 2048;

/// A picture in one of the accepted formats.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The format, as its content tells.
    pub media: Media,
    /// The content as it was uploaded, with its metadata.
    pub bytes: Bytes,
}

/// Why bytes are not accepted as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Another format, or a damaged file.
    #[error("must be a PNG, JPEG, GIF or WebP file")]
    Format,
    /// Wider or higher than accepted, or empty.
    #[error("must be 1 to 2048 pixels wide and high")]
    Dimensions,
}

impl Picture {
    /// Reads the format and the dimensions from the first bytes. The rest is not decoded.
    ///
    /// # Errors
    /// Returns an error if the format or the dimensions are not accepted.
    pub fn read(bytes: Bytes) -> Result<Self, PictureError> {
        let is_picture = |media: &Media| matches!(media, Media::Png | Media::Jpeg | Media::Gif | Media::Webp);
        let media = Media::of_content(&bytes).filter(is_picture).ok_or(PictureError::Format)?;
        let size = imagesize::blob_size(&bytes).map_err(|_| PictureError::Format)?;
        let fits = |pixels: usize| (1..=MOST_PIXELS).contains(&pixels);
        if !fits(size.width) || !fits(size.height) {
            return Err(PictureError::Dimensions);
        }
        Ok(Self { media, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A GIF of this size without its pixels.
    fn gif(width: u16, height: u16) -> Bytes {
        let [w, h] = [width.to_le_bytes(), height.to_le_bytes()];
        [b"GIF89a".as_slice(), &w, &h, &[0, 0, 0, 0x3b]].concat().into()
    }

    #[test]
    fn format_and_dimensions_are_checked() {
        assert_eq!(Picture::read(gif(2048, 1)).map(|picture| picture.media), Ok(Media::Gif));
        for (bytes, error) in [
            (gif(2049, 1), PictureError::Dimensions),
            (gif(1, 0), PictureError::Dimensions),
            (Bytes::from_static(b"GIF89a"), PictureError::Format),
            (Bytes::from_static(b"\x89PNG\r\n\x1a\n"), PictureError::Format),
            (Bytes::from_static(b"RIFF\x24\0\0\0WAVEfmt "), PictureError::Format),
            (Bytes::from_static(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), PictureError::Format),
            (Bytes::new(), PictureError::Format),
        ] {
            assert_eq!(Picture::read(bytes.clone()).map(|picture| picture.media), Err(error), "{bytes:?}");
        }
    }
}
