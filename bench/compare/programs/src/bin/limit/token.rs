//! The session token of a request.

use axum::http::{HeaderMap, header};

/// Returns the token of the cookie; empty if there is none.
pub fn token(headers: &HeaderMap) -> &str {
    headers
        .get(header::COOKIE)
        .and_then(|value| value.to_str().ok())
        .and_then(|cookies| {
            cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("better-auth.session_token="))
        })
        .unwrap_or_default()
}
