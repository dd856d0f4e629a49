//! Files in requests to providers.

use bytes::Bytes;
use reqwest::{
    Body,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    multipart::Part,
};

use crate::media::Media;

/// Returns a form part with a file. Providers detect the kind by the extension; the user's file name is not
/// sent.
pub(super) fn file(bytes: &Bytes, media: Media, name: &str) -> Part {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.media_type()));
    Part::stream_with_length(Body::from(bytes.clone()), bytes.len() as u64)
        .file_name(format!("{name}.{}", media.extension()))
        .headers(headers)
}
