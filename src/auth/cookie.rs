//! The session cookie, under the name that `better-auth` and legacy clients know; over HTTPS also under a
//! `__Host-` name.

use axum::http::{HeaderMap, header};

/// Name of the session cookie.
pub const NAME: &str = "better-auth.session_token";
/// Name of the session cookie over HTTPS. Browsers accept it only from this host, over HTTPS and for all
/// paths, so that neither a neighbouring subdomain nor an attacker on the network can plant another session
/// under it.
pub const HOST_NAME: &str = "__Host-better-auth.session_token";
/// Lifetime of the session cookie in seconds: 30 days.
const SESSION_LIFETIME: u32 = 30 * 24 * 60 * 60;

/// Returns the `Set-Cookie` values that sign a browser in: two if `secure` (the public address is HTTPS),
/// otherwise one. Legacy clients and servers that render pages for them look for the plain name. If both are
/// sent, only the safe one counts.
pub fn set(token: &str, secure: bool) -> Vec<String> {
    session(token, SESSION_LIFETIME, secure)
}

/// Returns the `Set-Cookie` values that sign a browser out.
pub fn clear(secure: bool) -> Vec<String> {
    session("", 0, secure)
}

/// Name of the cookie that identifies a device after its first sign-in.
pub const DEVICE: &str = "plaza.device";
/// Lifetime of the device cookie in seconds: 400 days, the maximum that browsers allow.
const DEVICE_LIFE: u32 = 400 * 24 * 60 * 60;

/// Returns the `Set-Cookie` value that identifies a device at later sign-ins. It does not authenticate.
pub fn set_device(token: &str, secure: bool) -> String {
    write(DEVICE, token, DEVICE_LIFE, secure)
}

/// Returns the session token of a request's cookies. The `__Host-` cookie takes precedence even if its token
/// has expired, because the plain one may be planted.
pub fn find(headers: &HeaderMap) -> Option<&str> {
    find_named(headers, HOST_NAME).or_else(|| find_named(headers, NAME))
}

/// Returns the device token of a request's cookies.
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

/// Returns the `Set-Cookie` values of the session. The plain name is first, for clients that read one value
/// only.
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
