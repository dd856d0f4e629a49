//! The session cookie, under the name that the `better-auth` client and the original's clients know.

use axum::http::{HeaderMap, header};

/// The cookie's name.
pub const NAME: &str = "better-auth.session_token";
/// Its life in seconds: 30 days.
const LIFE: u32 = 30 * 24 * 60 * 60;

/// The `Set-Cookie` that signs a browser in. `secure` where the public address is https.
pub fn set(token: &str, secure: bool) -> String {
    write(NAME, token, LIFE, secure)
}

/// The `Set-Cookie` that signs a browser out.
pub fn clear(secure: bool) -> String {
    write(NAME, "", 0, secure)
}

/// The cookie by which a device that has signed in is known again.
pub const DEVICE: &str = "plaza.device";
/// Its life in seconds: 400 days, the longest that browsers keep one.
const DEVICE_LIFE: u32 = 400 * 24 * 60 * 60;

/// The `Set-Cookie` by which a device is known again when it signs in to an account again. It is no sign-in by itself.
pub fn set_device(token: &str, secure: bool) -> String {
    write(DEVICE, token, DEVICE_LIFE, secure)
}

/// The session token that a request's cookies carry.
pub fn find(headers: &HeaderMap) -> Option<&str> {
    find_named(headers, NAME)
}

/// The device's token that a request's cookies carry.
pub fn find_device(headers: &HeaderMap) -> Option<&str> {
    find_named(headers, DEVICE)
}

fn find_named<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted && !value.is_empty()).then_some(value))
}

fn write(name: &str, token: &str, life: u32, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}")
}
