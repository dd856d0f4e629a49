//! Parses the body of a request. Accepts forms only where a file is expected, because a page of another
//! origin could send one.

use async_graphql::{Name, Value as ConstValue, indexmap::IndexMap};
use axum::http::{HeaderMap, header::CONTENT_TYPE};
use bytes::Bytes;

use super::text::has_nul;
use crate::{
    document::json,
    error::Code,
    transport::{
        Refusal, excerpt,
        form::{self, Content, Part},
        media,
    },
};

/// Members of a body. Nulls are left out, as they count as absent.
pub(super) type Members = IndexMap<Name, ConstValue>;

/// A parsed body.
#[derive(Default)]
pub(super) struct Read {
    /// JSON values and files.
    pub members: Members,
    /// Texts of a form in order; the declared type decides how they are read.
    pub texts: Vec<(String, String)>,
}

/// Refuses a body by its media type before reading it: requires a form if the route accepts a file, JSON
/// otherwise.
pub(super) fn check_kind(headers: &HeaderMap, takes_files: bool) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::new(Code::UnsupportedMediaType, message));
    if media::is_encoded(headers) {
        return refuse("The body must not be compressed");
    }
    if takes_files {
        return if form::is_form(headers) { Ok(()) } else { refuse("The body must be multipart/form-data") };
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !media::is_utf8(kind) {
        return refuse("The body must be in UTF-8");
    }
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/json" => Ok(()),
        kind if kind.starts_with("application/") && kind.ends_with("+json") => Ok(()),
        "application/x-www-form-urlencoded" | "multipart/form-data" => {
            refuse("The body must be application/json: send its members as a JSON object, not as a form")
        }
        _ => refuse("The body must be application/json"),
    }
}

/// Parses the members of a JSON body.
pub(super) fn parse(body: &[u8]) -> Result<Read, Refusal> {
    if body.is_empty() {
        return Ok(Read::default());
    }
    Ok(Read { members: object(body)?, texts: Vec::new() })
}

/// Parses the parts of a form: files become members, several files of one name a list.
pub(super) async fn parse_form(
    headers: &HeaderMap,
    body: Bytes,
    limits: form::Limits,
) -> Result<Read, Refusal> {
    if body.is_empty() {
        return Ok(Read::default());
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

fn object(body: &[u8]) -> Result<Members, Refusal> {
    json::admit(body)
        .map_err(|excess| Refusal::new(Code::Invalid, format!("Body is not valid JSON: {excess}")))?;
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
    let key = excerpt(&key.replace('\0', "\u{fffd}"));
    let message = format!("Invalid value for {key:?}: must not contain NUL");
    Refusal::about(Code::Invalid, key, message)
}
