//! The session cookie, under the name that the `better-auth` client and the original's clients know; over https also
//! under a name that no other host can set.

use axum::http::{HeaderMap, header};

/// The cookie's name.
pub const NAME: &str = "better-auth.session_token";
/// The cookie's name over https. Browsers take it only from this very host, over https and for all paths, so neither
/// a neighbouring subdomain nor an attacker on the line can plant another session under it.
pub const HOST_NAME: &str = "__Host-better-auth.session_token";
/// Its life in seconds: 30 days.
const LIFE: u32 = 30 * 24 * 60 * 60;

/// The `Set-Cookie` lines that sign a browser in. `secure` where the public address is https: then there are two. Legacy
/// clients, and servers that render pages for them, look for the plain name, so it is set beside the safe one; where
/// both are sent, only the safe one counts.
pub fn set(token: &str, secure: bool) -> Vec<String> {
    session(token, LIFE, secure)
}

/// The `Set-Cookie` lines that sign a browser out.
pub fn clear(secure: bool) -> Vec<String> {
    session("", 0, secure)
}

/// The cookie by which a device that has signed in is known again.
pub const DEVICE: &str = "plaza.device";
/// Its life in seconds: 400 days, the longest that browsers keep one.
const DEVICE_LIFE: u32 = 400 * 24 * 60 * 60;

/// The `Set-Cookie` by which a device is known again when it signs in to an account again. It is no sign-in by itself.
pub fn set_device(token: &str, secure: bool) -> String {
    write(DEVICE, token, DEVICE_LIFE, secure)
}

/// The session token that a request's cookies carry. The name that only this host can set wins, even with a token that
/// is no longer good: the other one may be planted.
pub fn find(headers: &HeaderMap) -> Option<&str> {
    find_named(headers, HOST_NAME).or_else(|| find_named(headers, NAME))
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

/// The lines of the session cookie. The plain name comes first: clients that read one line know that one.
fn session(token: &str, life: u32, secure: bool) -> Vec<String> {
    let plain = write(NAME, token, life, secure);
    if secure { vec![plain, write(HOST_NAME, token, life, true)] } else { vec![plain] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(cookies: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookies.parse().unwrap());
        find(&headers).map(str::to_owned)
    }

    #[test]
    fn the_name_of_this_host_wins() {
        assert_eq!(found("a=b; better-auth.session_token=legacy"), Some("legacy".to_owned()));
        let both = "better-auth.session_token=planted; __Host-better-auth.session_token=own";
        assert_eq!(found(both), Some("own".to_owned()));
        assert_eq!(
            found("__Host-better-auth.session_token=; better-auth.session_token=x"),
            Some("x".to_owned())
        );
        assert_eq!(found("__host-better-auth.session_token=x"), None);
    }

    #[test]
    fn https_sets_both_names() {
        let plain = "better-auth.session_token=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000";
        assert_eq!(set("t", false), [plain]);
        assert_eq!(set("t", true), [format!("{plain}; Secure"), format!("__Host-{plain}; Secure")]);
        for line in clear(true) {
            assert!(line.contains("session_token=; ") && line.contains("Max-Age=0"), "{line}");
        }
    }
}
