//! Media types and encodings of request bodies.

use axum::http::{HeaderMap, header::CONTENT_ENCODING};

/// Returns whether a body is compressed or otherwise encoded.
pub fn is_encoded(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().any(|encoding| {
        let encoding = encoding.to_str().unwrap_or("unknown");
        encoding.split(',').map(str::trim).any(|one| !one.is_empty() && !one.eq_ignore_ascii_case("identity"))
    })
}

/// Returns whether a `Content-Type` names no other character set than UTF-8.
pub fn is_utf8(content_type: &str) -> bool {
    content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
        !name.trim().eq_ignore_ascii_case("charset")
            || ["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|known| value.trim().trim_matches('"').eq_ignore_ascii_case(known))
    })
}
