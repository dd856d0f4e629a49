//! Request parts: path parameters, query, headers and body.

use axum::http::{HeaderMap, HeaderName};

use super::{binding::ParameterLocation, body::Members};
use crate::error::Code;
use crate::transport::{Refusal, excerpt};
use async_graphql::Value as ConstValue;

/// The parts of a request.
pub(super) struct RequestParts<'a> {
    /// Decoded path parameters, in order.
    pub path: Vec<String>,
    /// Decoded query parameters, in order.
    pub query: Vec<(String, String)>,
    pub headers: &'a HeaderMap,
    pub body: Members,
    /// Texts of a form.
    pub form: Vec<(String, String)>,
}

/// A value as it was sent.
pub(super) enum Raw<'a> {
    Text(Vec<&'a str>),
    Json(ConstValue),
}

impl RequestParts<'_> {
    /// Returns the values of the first of these names that the query has, and that name.
    pub fn query<'n>(&self, names: &'n [String]) -> Option<(&'n str, Raw<'_>)> {
        pairs(&self.query, names)
    }

    /// Returns the value of the first of these names that the body has, and that name.
    pub fn body<'n>(&self, names: &'n [String]) -> Option<(&'n str, Raw<'_>)> {
        let member = names.iter().find_map(|name| {
            self.body.get(name.as_str()).map(|value| (name.as_str(), Raw::Json(value.clone())))
        });
        member.or_else(|| pairs(&self.form, names))
    }

    /// Returns the values that the JSON body has under the place's other names than `name`.
    pub fn others<'s, 'n>(
        &'s self,
        place: &'n ParameterLocation,
        name: &'n str,
    ) -> impl Iterator<Item = (&'n str, &'s ConstValue)> {
        let names: &[String] = if let ParameterLocation::Body(names) = place { names } else { &[] };
        let others = names.iter().filter(move |other| other.as_str() != name);
        others.filter_map(|other| Some((other.as_str(), self.body.get(other.as_str())?)))
    }

    /// Returns the value of a header; `None` if it is absent or not text.
    ///
    /// # Errors
    /// Refuses a value that is too long.
    pub fn header(&self, name: &HeaderName) -> Result<Option<Raw<'_>>, Refusal> {
        let Some(text) = self.headers.get(name).and_then(|value| value.to_str().ok()) else {
            return Ok(None);
        };
        if text.len() > LONGEST_HEADER {
            let message = format!("Invalid value for \"{name}\": must be at most {LONGEST_HEADER} bytes");
            return Err(Refusal::about(Code::Invalid, name.as_str(), message));
        }
        Ok(Some(Raw::Text(vec![text])))
    }
}

fn pairs<'a, 'n>(pairs: &'a [(String, String)], names: &'n [String]) -> Option<(&'n str, Raw<'a>)> {
    names.iter().find_map(|name| {
        let texts: Vec<_> =
            pairs.iter().filter(|(key, _)| key == name).map(|(_, text)| text.as_str()).collect();
        if texts.is_empty() { None } else { Some((name.as_str(), Raw::Text(texts))) }
    })
}

/// Maximum number of bytes of a path parameter, decoded or not.
pub(super) const LONGEST_SEGMENT: usize = 2048;
/// Maximum number of query parameters.
const QUERY_MEMBERS: usize = 200;
/// Maximum number of bytes of a query parameter's name, and of its value.
pub(super) const LONGEST_MEMBER: (usize, usize) = (256, 8192);
/// Maximum number of bytes of a header that a variable is read from.
pub(super) const LONGEST_HEADER: usize = 2048;

/// Decodes the parameters of a query.
///
/// # Errors
/// Refuses a query with too many parameters, or with one that is too long.
pub(super) fn query(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let mut members = Vec::new();
    for member in query.split('&') {
        let Some((name, value)) = form_urlencoded::parse(member.as_bytes()).next() else { continue };
        if members.len() == QUERY_MEMBERS {
            let message = format!("The query has more than {QUERY_MEMBERS} members");
            return Err(Refusal::new(Code::Invalid, message));
        }
        if name.len() > LONGEST_MEMBER.0 || value.len() > LONGEST_MEMBER.1 {
            let (name, (names, values)) = (excerpt(&name), LONGEST_MEMBER);
            let message = format!(
                "Invalid value for \"{name}\": names in the query have at most {names} bytes, values {values}"
            );
            return Err(Refusal::about(Code::Invalid, name, message));
        }
        if !is_utf8(member, &name, &value) {
            let message = format!("Invalid value for \"{name}\": must be percent-encoded UTF-8");
            return Err(Refusal::about(Code::Invalid, name, message));
        }
        members.push((name.into_owned(), value.into_owned()));
    }
    Ok(members)
}

/// Returns whether a decoded parameter is UTF-8: the decoder writes a replacement character for invalid bytes.
fn is_utf8(member: &str, name: &str, value: &str) -> bool {
    const REPLACED: char = char::REPLACEMENT_CHARACTER;
    let replaced = name.matches(REPLACED).count() + value.matches(REPLACED).count();
    replaced == 0 || {
        let sent =
            member.to_ascii_uppercase().matches("%EF%BF%BD").count() + member.matches(REPLACED).count();
        replaced == sent
    }
}

/// Decodes the percent-encoding of a path segment.
pub(super) fn decode(name: &str, segment: &str) -> Result<String, Refusal> {
    if segment.len() > LONGEST_SEGMENT {
        let message = format!("Invalid value for \"{name}\": must be at most {LONGEST_SEGMENT} bytes");
        return Err(Refusal::about(Code::Invalid, name, message));
    }
    let wrong = || {
        let message = format!("Invalid value for {name:?}: must be percent-encoded UTF-8");
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
