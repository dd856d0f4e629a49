//! Keeps foreign pages from acting with a visitor's cookie.

use axum::http::{HeaderMap, header};

use super::cookie;
use crate::{
    domain::{Error, Result},
    form::is_form,
};

/// Headers that a foreign page cannot send without asking first (CORS), as GraphQL clients know them.
const PREFLIGHT: [&str; 3] =
    ["graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name"];

/// Refuses a form that a page could have sent without asking: a foreign one may send forms anywhere, with the cookie
/// of its visitor, and old browsers without an `Origin`.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn refuse_form(headers: &HeaderMap) -> Result<()> {
    const REFUSAL: Error = Error::Forbidden("A form needs the header GraphQL-Require-Preflight: 1");
    let has = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    let asked = has("authorization") || PREFLIGHT.into_iter().any(has);
    if is_form(headers) && !asked { Err(REFUSAL) } else { Ok(()) }
}

/// Refuses a request that changes something or opens a stream, carries the session cookie, and comes from a page that is neither ours
/// nor listed. A request without `Origin` does not come from a page.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn refuse_foreign(headers: &HeaderMap, allowed: &[String]) -> Result<()> {
    const REFUSAL: Error = Error::Forbidden("This page may not act for you here");
    if cookie::find(headers).is_none() {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = headers.get(header::ORIGIN) else {
        return if text("sec-fetch-site") == Some("cross-site") { Err(REFUSAL) } else { Ok(()) };
    };
    let origin = origin.to_str().unwrap_or_default();
    let host = text("host").unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
    if own || allowed.iter().any(|listed| listed.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
        Ok(())
    } else {
        Err(REFUSAL)
    }
}
