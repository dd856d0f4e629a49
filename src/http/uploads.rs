//! Stored files: every client that knows a name may read the file, in whole or in part.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{HttpState, middleware::refusal, pipeline::Uncompressed};
use crate::{
    adapters::storage::{Found, Key, Span, StorageError},
    error::Code,
};

/// A file never changes, so clients never need to revalidate it.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// If a browser renders a file as a page, the page can do nothing.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

pub(super) fn routes() -> Router<HttpState> {
    Router::new().route("/uploads/{*key}", get(serve))
}

async fn serve(State(state): State<HttpState>, Path(key): Path<String>, request: Request) -> Response {
    let path = request.uri().path();
    let answered = match key.parse::<Key>() {
        Ok(key) => answer(&state, &key, request.method(), request.headers()).await,
        Err(_) => Ok(None),
    };
    match answered {
        Ok(Some(mut response)) => {
            response.extensions_mut().insert(Uncompressed);
            response
        }
        Ok(None) => refusal(Code::NotFound, "File not found").into_response(path),
        Err(error) => {
            tracing::error!(%error, "a file cannot be read");
            refusal(Code::Internal, "Internal error").into_response(path)
        }
    }
}

async fn answer(
    state: &HttpState,
    key: &Key,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<Response>, StorageError> {
    let storage = &state.app.adapters.storage;
    // A name never refers to another content.
    let tag = format!("\"{}\"", key.random());
    let is_same = |name| headers.get(name).is_some_and(|sent: &HeaderValue| matches(sent, &tag));
    if method == Method::HEAD || is_same(header::IF_NONE_MATCH) {
        let Some(size) = storage.size(key).await? else { return Ok(None) };
        if is_same(header::IF_NONE_MATCH) {
            return Ok(Some(describe(StatusCode::NOT_MODIFIED, key, &tag, None).into_response()));
        }
        return Ok(Some(describe(StatusCode::OK, key, &tag, Some(size)).into_response()));
    }
    // A range of another version is useless; there is none, but a client may name one.
    let is_current = !headers.contains_key(header::IF_RANGE) || is_same(header::IF_RANGE);
    let span = headers.get(header::RANGE).filter(|_| is_current).and_then(span).unwrap_or(Span::Whole);
    let (size, range, body) = match storage.get(key, span).await? {
        None => return Ok(None),
        Some(Found::Part { size, range, body }) => (size, range, body),
        Some(Found::Beyond { size }) => {
            let mut head = describe(StatusCode::RANGE_NOT_SATISFIABLE, key, &tag, None);
            insert(&mut head.1, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(Some(head.into_response()));
        }
    };
    let status = if span == Span::Whole { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
    let mut head = describe(status, key, &tag, Some(range.end - range.start));
    if span != Span::Whole {
        let part = format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1));
        insert(&mut head.1, header::CONTENT_RANGE, &part);
    }
    Ok(Some((head.0, head.1, Body::from_stream(body)).into_response()))
}

/// Returns status and headers of a response with a body of this length.
fn describe(status: StatusCode, key: &Key, tag: &str, length: Option<u64>) -> (StatusCode, HeaderMap) {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, CACHE);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    insert(&mut headers, header::ETAG, tag);
    if let Some(length) = length {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(key.media().media_type()));
        headers.insert(header::CONTENT_LENGTH, length.into());
        let name = format!("inline; filename=\"{}.{}\"", key.random(), key.media().extension());
        insert(&mut headers, header::CONTENT_DISPOSITION, &name);
    }
    (status, headers)
}

/// Inserts a value that consists of letters, digits and punctuation.
fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Returns whether a list of entity tags contains this one or `*`.
fn matches(sent: &HeaderValue, tag: &str) -> bool {
    let listed = sent.to_str().unwrap_or_default().split(',').map(str::trim);
    listed.into_iter().any(|listed| listed == "*" || listed.trim_start_matches("W/") == tag)
}

/// Returns the requested range of bytes if it is a single one; otherwise the whole file is sent, as HTTP
/// allows.
fn span(sent: &HeaderValue) -> Option<Span> {
    let (first, last) = sent.to_str().ok()?.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number that overflows is beyond the end of any file.
        is_number.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (first, last) {
        ("", last) => Some(Span::Last(number(last)?)),
        (first, "") => Some(Span::From(number(first)?)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Span::Between(first, last))
        }
    }
}
