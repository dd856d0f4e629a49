//! REST responses: bodies with their headers, ETags, HEAD.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
    },
    response::Response,
};

use super::directive::Auth;

/// Returns a JSON response; 204 and 304 have no body.
pub(super) fn plain(status: StatusCode, headers: HeaderMap, body: Vec<u8>) -> Response {
    let empty = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let length = body.len();
    let mut response = Response::new(if empty { Body::empty() } else { Body::from(body) });
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if !empty {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}

/// Returns the response to a GET: with an ETag, and 304 if the client already has it.
pub(super) fn cached(asked: &HeaderMap, auth: Auth, mut headers: HeaderMap, body: Vec<u8>) -> Response {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let tag = format!("W/\"{:016x}\"", hasher.finish());
    let control = if auth == Auth::None { "no-cache" } else { "private, no-cache" };
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static(control));
    headers.append(VARY, HeaderValue::from_static("Cookie, Authorization"));
    let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        let strong = tag.trim_start_matches("W/");
        value.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == strong)
    });
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    plain(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK }, headers, body)
}

/// Returns the response to a HEAD: the same headers without a body.
pub(super) fn head(mut response: Response) -> Response {
    *response.body_mut() = Body::empty();
    response
}
