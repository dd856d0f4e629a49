//! Files as they are sent to providers.

use bytes::Bytes;
use reqwest::{
    Body,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    multipart::Part,
};

use super::media::Media;

/// A file of a form. Providers know what a file is by the end of its name; what its owner called it stays here.
pub(super) fn file(bytes: &Bytes, media: Media, name: &str) -> Part {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.media_type()));
    Part::stream_with_length(Body::from(bytes.clone()), bytes.len() as u64)
        .file_name(format!("{name}.{}", media.extension()))
        .headers(headers)
}
