//! The session cookie, under the name that the `better-auth` client and the original's clients know.

use axum::http::{HeaderMap, header};

/// The cookie's name.
pub const NAME: &str = "better-auth.session_token";
/// Its life in seconds: 30 days.
const LIFE: u32 = 30 * 24 * 60 * 60;

/// The `Set-Cookie` that signs a browser in. `secure` where the public address is https.
pub fn set(token: &str, secure: bool) -> String {
    write(token, LIFE, secure)
}

/// The `Set-Cookie` that signs a browser out.
pub fn clear(secure: bool) -> String {
    write("", 0, secure)
}

/// The session token that a request's cookies carry.
pub fn find(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME && !value.is_empty()).then_some(value))
}

fn write(token: &str, life: u32, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}")
}
