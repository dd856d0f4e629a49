//! What a request carries, taken apart: path parameters, query, headers, body.

use axum::http::{HeaderMap, HeaderName};

use super::{body::Members, refusal::Refusal};
use crate::domain::Code;
use async_graphql::Value as ConstValue;

/// A request taken apart.
pub(super) struct Sent<'a> {
    /// The path parameters in order, decoded.
    pub path: Vec<String>,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    pub headers: &'a HeaderMap,
    pub body: Members,
    /// The texts of a form.
    pub form: Vec<(String, String)>,
}

/// A value as it was sent.
pub(super) enum Raw<'a> {
    Text(Vec<&'a str>),
    Json(ConstValue),
}

impl Sent<'_> {
    /// The values of the first of these names that the query has, and that name.
    pub fn query<'n>(&self, names: &'n [String]) -> Option<(&'n str, Raw<'_>)> {
        pairs(&self.query, names)
    }

    /// The value of the first of these names that the body has, and that name.
    pub fn body<'n>(&self, names: &'n [String]) -> Option<(&'n str, Raw<'_>)> {
        let member = names.iter().find_map(|name| {
            self.body.get(name.as_str()).map(|value| (name.as_str(), Raw::Json(value.clone())))
        });
        member.or_else(|| pairs(&self.form, names))
    }

    /// The value of a header, unless it is not text.
    pub fn header(&self, name: &HeaderName) -> Option<Raw<'_>> {
        let text = self.headers.get(name)?.to_str().ok()?;
        Some(Raw::Text(vec![text]))
    }
}

fn pairs<'a, 'n>(pairs: &'a [(String, String)], names: &'n [String]) -> Option<(&'n str, Raw<'a>)> {
    names.iter().find_map(|name| {
        let texts: Vec<_> =
            pairs.iter().filter(|(key, _)| key == name).map(|(_, text)| text.as_str()).collect();
        if texts.is_empty() { None } else { Some((name.as_str(), Raw::Text(texts))) }
    })
}

/// Decodes the percent signs of a path segment.
pub(super) fn decode(name: &str, segment: &str) -> Result<String, Refusal> {
    let wrong = || {
        let message = format!("Invalid value for {name:?}: is not valid percent-encoded UTF-8");
        Refusal::about(Code::Invalid, name, message)
    };
    let bytes = segment.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] == b'%' {
            let digits = bytes.get(index + 1..index + 3).ok_or_else(wrong)?;
            let high = char::from(digits[0]).to_digit(16).ok_or_else(wrong)?;
            let low = char::from(digits[1]).to_digit(16).ok_or_else(wrong)?;
            out.push((high * 16 + low) as u8);
            index += 3;
        } else {
            out.push(bytes[index]);
            index += 1;
        }
    }
    String::from_utf8(out).map_err(|_| wrong())
}
