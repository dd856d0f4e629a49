//! The host of a request, which must be named exactly once.

use axum::http::{HeaderMap, Uri, Version, header, request::Parts, uri::Authority};

/// Returns the authority of a request: that of its target (HTTP/2, or an absolute target), otherwise that of
/// `Host`. Returns `None` if there is neither.
pub(super) fn of(parts: &Parts) -> Option<&str> {
    named(&parts.uri, &parts.headers)
}

fn named<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let target = uri.authority().map(Authority::as_str);
    target.or_else(|| headers.get(header::HOST)?.to_str().ok())
}

/// Returns the fault of a request's host; `None` if it is valid.
///
/// HTTP/1.1 requires one `Host`, HTTP/1.0 allows none. HTTP/2 has the authority in its target; a `Host` beside
/// it must be equal, or a proxy and the server would disagree about the request's host.
pub(super) fn fault(version: Version, uri: &Uri, headers: &HeaderMap) -> Option<&'static str> {
    let mut hosts = headers.get_all(header::HOST).into_iter();
    let (host, more) = (hosts.next(), hosts.next());
    if more.is_some() {
        return Some("Host must be sent once");
    }
    let Some(host) = host else {
        let is_said = version >= Version::HTTP_2 && uri.authority().is_some();
        return if is_said || version <= Version::HTTP_10 { None } else { Some("Host is missing") };
    };
    let Some(host) = host.to_str().ok().filter(|host| is_authority(host)) else {
        return Some("Host is not a name and a port");
    };
    match uri.authority() {
        Some(authority) if version >= Version::HTTP_2 && !authority.as_str().eq_ignore_ascii_case(host) => {
            Some("Host is not the host of the request's target")
        }
        _ => None,
    }
}

/// Returns whether this is a name or an address with an optional port. Empty is allowed: the target names no
/// host.
fn is_authority(host: &str) -> bool {
    if host.is_empty() {
        return true;
    }
    // The grammar allows more, such as a comma, which joins two hosts.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:[]".contains(&byte);
    let is_named = host.len() <= 300 && host.bytes().all(is_plain) && host.parse::<Authority>().is_ok();
    is_named
        && host.rsplit_once(':').is_none_or(|(_, port)| port.ends_with(']') || port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_fine(version: Version, target: &str, hosts: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().unwrap());
        }
        fault(version, &target.parse().unwrap(), &headers).is_none()
    }

    #[test]
    fn one_host_is_named() {
        for host in ["chat.example", "127.0.0.1:8080", "[::1]:8080", "[::1]", "localhost", ""] {
            assert!(is_fine(Version::HTTP_11, "/", &[host]), "{host:?}");
        }
        for host in
            ["a b", "a/b", "user@chat.example", "a:b", "a:99999", "a,b", "http://a", "a?b", "a:", "[::1"]
        {
            assert!(!is_fine(Version::HTTP_11, "/", &[host]), "{host:?}");
        }
        assert!(!is_fine(Version::HTTP_11, "/", &[]));
        assert!(!is_fine(Version::HTTP_11, "/", &["a", "a"]));
        assert!(!is_fine(Version::HTTP_10, "/", &["a", "b"]));
        assert!(is_fine(Version::HTTP_10, "/", &[]));
        assert!(is_fine(Version::HTTP_2, "http://a/", &[]));
        assert!(is_fine(Version::HTTP_2, "http://a/", &["A"]));
        assert!(!is_fine(Version::HTTP_2, "http://a/", &["b"]));
        assert!(!is_fine(Version::HTTP_2, "/", &[]));
        assert!(is_fine(Version::HTTP_11, "http://a/", &["a"]));
    }

    #[test]
    fn the_target_says_more_than_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "header.example".parse().unwrap());
        assert_eq!(named(&"/".parse().unwrap(), &headers), Some("header.example"));
        assert_eq!(named(&"http://target.example/x".parse().unwrap(), &headers), Some("target.example"));
    }
}
