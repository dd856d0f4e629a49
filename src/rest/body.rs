//! The body of a request: read up to a limit, then parsed. Only JSON, where there is no file to take: a form is what a
//! foreign page could send.

use std::time::Duration;

use async_graphql::{Name, Value as ConstValue, indexmap::IndexMap};
use axum::{
    body::{Body, BodyDataStream},
    http::{
        HeaderMap,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::{refusal::Refusal, text::has_nul};
use crate::{
    domain::Code,
    form::{self, Content, Part},
};

/// How deep a JSON body may nest.
const DEPTH: usize = 64;

/// The members of a body, without those that are null: they count as absent.
pub(super) type Members = IndexMap<Name, ConstValue>;

/// What a body holds.
#[derive(Default)]
pub(super) struct Read {
    /// JSON values, and files.
    pub members: Members,
    /// Texts of a form, in their order: what they mean is said by the declared type.
    pub texts: Vec<(String, String)>,
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// Refuses a larger one, at once where its length is announced, and one that ends before it is complete.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(Code::PayloadTooLarge, format!("The body is larger than {limit} bytes"));
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let mut stream = body.into_data_stream();
    if announced.is_some_and(|announced| announced > limit as u64) {
        drain(stream);
        return Err(too_large());
    }
    let mut whole = BytesMut::new();
    while let Some(chunk) = stream.next().await {
        let chunk =
            chunk.map_err(|_| Refusal::new(Code::Invalid, "The body ended before it was complete"))?;
        if whole.len() + chunk.len() > limit {
            drain(stream);
            return Err(too_large());
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// Goes on reading what is refused, within bounds: a connection closed on unread bytes would cut off the refusal.
fn drain(mut stream: BodyDataStream) {
    const MOST: usize = 64 * 1024 * 1024;
    const LONGEST: Duration = Duration::from_secs(10);
    tokio::spawn(tokio::time::timeout(LONGEST, async move {
        let mut read = 0;
        while let Some(Ok(chunk)) = stream.next().await {
            read += chunk.len();
            if read > MOST {
                break;
            }
        }
    }));
}

/// The members of a body, by its content type.
pub(super) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Read, Refusal> {
    if body.is_empty() {
        return Ok(Read::default());
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/json" => {}
        kind if kind.starts_with("application/") && kind.ends_with("+json") => {}
        _ => return Err(Refusal::new(Code::UnsupportedMediaType, "The body must be application/json")),
    }
    Ok(Read { members: json(body)?, texts: Vec::new() })
}

/// The parts of a form: files become members, several of one name a list.
pub(super) async fn parse_form(
    headers: &HeaderMap,
    body: Bytes,
    limits: form::Limits,
) -> Result<Read, Refusal> {
    if body.is_empty() {
        return Ok(Read::default());
    }
    if !form::is_form(headers) {
        return Err(Refusal::new(Code::UnsupportedMediaType, "The body must be multipart/form-data"));
    }
    let mut read = Read::default();
    for Part { name, content } in form::read(headers, body, limits).await? {
        let file = match content {
            Content::Text(text) => {
                read.texts.push((name, text));
                continue;
            }
            Content::File(bytes) => ConstValue::Binary(bytes),
        };
        let name = Name::new(name);
        let files = match read.members.swap_remove(&name) {
            None => file,
            Some(ConstValue::List(mut files)) => {
                files.push(file);
                ConstValue::List(files)
            }
            Some(first) => ConstValue::List(vec![first, file]),
        };
        read.members.insert(name, files);
    }
    Ok(read)
}

fn json(body: &[u8]) -> Result<Members, Refusal> {
    if nesting(body) > DEPTH {
        let message = format!("Body is not valid JSON: it nests deeper than {DEPTH}");
        return Err(Refusal::new(Code::Invalid, message));
    }
    let value: ConstValue = serde_json::from_slice(body)
        .map_err(|error| Refusal::new(Code::Invalid, format!("Body is not valid JSON: {error}")))?;
    let ConstValue::Object(mut members) = value else {
        return Err(Refusal::new(Code::Unprocessable, "Body must be a JSON object"));
    };
    if let Some((key, _)) = members.iter().find(|(key, value)| key.contains('\0') || has_nul(value)) {
        return Err(nul(key));
    }
    members.retain(|_, value| !matches!(value, ConstValue::Null));
    Ok(members)
}

fn nul(key: &str) -> Refusal {
    let key = key.replace('\0', "\u{fffd}");
    let message = format!("Invalid value for {key:?}: must not contain NUL");
    Refusal::about(Code::Invalid, key, message)
}

/// How deep a JSON text nests, before anything recursive touches it.
fn nesting(body: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
