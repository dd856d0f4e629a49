//! Protection against cross-site requests with a visitor's cookie.

use axum::http::{HeaderMap, header};

use super::cookie;
use crate::{
    error::{Error, Result},
    transport::form::is_form,
};

/// Headers that a page of another origin can send only after a CORS preflight, as GraphQL clients know them.
const PREFLIGHT: [&str; 3] =
    ["graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name"];

/// Refuses a form that a page of another origin can send without a preflight: it carries the visitor's
/// cookie, and in old browsers no `Origin`.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn refuse_form(headers: &HeaderMap) -> Result<()> {
    const REFUSAL: Error = Error::Forbidden("A form needs the header GraphQL-Require-Preflight: 1");
    let has = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    let asked = has("authorization") || PREFLIGHT.into_iter().any(has);
    if is_form(headers) && !asked { Err(REFUSAL) } else { Ok(()) }
}

/// The origin of a request's target: scheme and authority without the scheme's default port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own(String);

impl Own {
    /// Creates the origin from a scheme and an authority.
    pub fn new(scheme: &str, authority: &str) -> Self {
        Self(normal(&format!("{scheme}://{authority}")))
    }
}

/// Refuses a request that changes data or opens a stream, carries the session cookie, and comes from a page
/// whose origin (scheme, host and port) is neither ours nor allowed. A request without `Origin` does not come
/// from a page.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn refuse_foreign(headers: &HeaderMap, own: &Own, allowed: &[String]) -> Result<()> {
    const REFUSAL: Error = Error::Forbidden("Requests from this page's origin are not allowed");
    if cookie::find(headers).is_none() {
        return Ok(());
    }
    let mut sent = headers.get_all(header::ORIGIN).into_iter();
    let Some(origin) = sent.next() else {
        let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
        return if site == Some("cross-site") { Err(REFUSAL) } else { Ok(()) };
    };
    let origin = normal(origin.to_str().unwrap_or_default());
    let is_known = origin == own.0 || allowed.iter().any(|listed| normal(listed) == origin);
    if is_known && sent.next().is_none() { Ok(()) } else { Err(REFUSAL) }
}

/// Normalizes an origin: lower case, without a trailing slash and the scheme's default port.
fn normal(origin: &str) -> String {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    let usual = match origin.split_once("://") {
        Some(("https", _)) => ":443",
        Some(("http", _)) => ":80",
        _ => return origin,
    };
    origin.strip_suffix(usual).map(str::to_owned).unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(origin: &str, own: &Own) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("{}=x", cookie::NAME).parse().unwrap());
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        refuse_foreign(&headers, own, &["https://listed.example:8443/".to_owned()]).is_err()
    }

    #[test]
    fn scheme_host_and_port_are_compared() {
        let own = Own::new("https", "chat.example");
        for origin in [
            "https://chat.example",
            "https://chat.example:443",
            "HTTPS://Chat.Example",
            "https://listed.example:8443",
        ] {
            assert!(!is_refused(origin, &own), "{origin}");
        }
        for origin in [
            "http://chat.example",
            "http://chat.example:443",
            "https://chat.example:80",
            "https://evil.example",
            "https://chat.example.evil.example",
            "https://listed.example",
            "http://listed.example:8443",
            "null",
            "",
            "chat.example",
        ] {
            assert!(is_refused(origin, &own), "{origin}");
        }
        assert!(!is_refused("http://127.0.0.1:8080", &Own::new("http", "127.0.0.1:8080")));
        assert!(is_refused("https://127.0.0.1:8080", &Own::new("http", "127.0.0.1:8080")));
    }

    #[test]
    fn two_origins_are_none() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("{}=x", cookie::NAME).parse().unwrap());
        headers.append(header::ORIGIN, "https://chat.example".parse().unwrap());
        headers.append(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert!(refuse_foreign(&headers, &Own::new("https", "chat.example"), &[]).is_err());
    }
}
