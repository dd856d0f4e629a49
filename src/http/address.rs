//! The client's address and scheme. The only place that trusts headers of proxies.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, header, request::Parts},
};

use crate::{config::ProxyHeader, security::network::parse_address};

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// Number of proxies in front of the server, and the header that they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proxies {
    /// Number of trusted proxies; 0 trusts no header.
    pub(super) count: usize,
    /// The header that the proxies write.
    pub(super) header: ProxyHeader,
}

impl Proxies {
    /// Returns the client's address: the one that the outermost trusted proxy saw, otherwise the peer's.
    /// Returns `None` if neither is known.
    pub(super) fn client(self, parts: &Parts) -> Option<IpAddr> {
        let peer =
            || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
        self.forwarded(&parts.headers).or_else(peer)
    }

    /// Returns whether the request reached the outermost trusted proxy over HTTPS.
    pub(super) fn is_https(self, headers: &HeaderMap) -> bool {
        if self.count == 0 {
            return false;
        }
        let scheme = match self.header {
            ProxyHeader::Forwarded => self.of_forwarded(headers, "proto"),
            _ => self.of_list(headers, FORWARDED_PROTO).or_else(|| self.of_forwarded(headers, "proto")),
        };
        scheme.is_some_and(|scheme| scheme.trim().trim_matches('"').eq_ignore_ascii_case("https"))
    }

    fn forwarded(self, headers: &HeaderMap) -> Option<IpAddr> {
        if self.count == 0 {
            return None;
        }
        let listed = || parse_address(self.element(headers, FORWARDED_FOR)?);
        let forwarded = || parse_address(self.of_forwarded(headers, "for")?);
        match self.header {
            ProxyHeader::XForwardedFor => listed(),
            ProxyHeader::Forwarded => forwarded(),
            ProxyHeader::Auto => {
                match (headers.contains_key(FORWARDED_FOR), headers.contains_key(header::FORWARDED)) {
                    (true, false) => listed(),
                    (false, true) => forwarded(),
                    (false, false) => None,
                    // The client may have invented one of the headers: they count only if they agree.
                    (true, true) => listed().filter(|address| forwarded() == Some(*address)),
                }
            }
        }
    }

    /// Returns the list element that the outermost trusted proxy added: the n-th from the right, over all
    /// lines.
    fn element<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let mut lines = headers.get_all(name).iter().rev();
        let mut left = self.count;
        loop {
            // The number of elements of a line that is not text is unknown.
            for element in lines.next()?.to_str().ok()?.rsplit(',') {
                left -= 1;
                if left == 0 {
                    return Some(element);
                }
            }
        }
    }

    /// Like `element`, for a header that proxies either replace or append to: a single value applies to all
    /// proxies.
    fn of_list<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        self.element(headers, name).or_else(|| Self { count: 1, ..self }.element(headers, name))
    }

    /// Returns a parameter of the element of `Forwarded` (RFC 7239) that the outermost trusted proxy added.
    fn of_forwarded<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let element = self.element(headers, header::FORWARDED.as_str())?;
        let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find_map(|(key, value)| key.trim().eq_ignore_ascii_case(name).then_some(value))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    const PEER: &str = "198.51.100.1";

    fn client(count: usize, header: ProxyHeader, lines: &[(&'static str, &str)]) -> String {
        let mut request =
            Request::builder().extension(ConnectInfo(SocketAddr::from(([198, 51, 100, 1], 5000))));
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Proxies { count, header }.client(&parts).unwrap().to_string()
    }

    fn listed(count: usize, lines: &[&str]) -> String {
        let lines: Vec<_> = lines.iter().map(|line| (FORWARDED_FOR, *line)).collect();
        client(count, ProxyHeader::Auto, &lines)
    }

    #[test]
    fn the_nth_from_the_right_counts() {
        assert_eq!(listed(0, &["192.0.2.1"]), PEER);
        assert_eq!(listed(1, &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(listed(1, &["10.0.0.1, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(listed(1, &["192.0.2.1", "192.0.2.2"]), "192.0.2.2");
        assert_eq!(listed(2, &["192.0.2.1", "192.0.2.2"]), "192.0.2.1");
        assert_eq!(listed(2, &["192.0.2.9", "192.0.2.1,192.0.2.2"]), "192.0.2.1");
        assert_eq!(listed(2, &["192.0.2.1"]), PEER, "it did not pass both proxies");
        assert_eq!(listed(1, &[]), PEER);
    }

    #[test]
    fn spellings_do_not_tell_clients_apart() {
        for spelling in
            ["192.0.2.1:4711", "\"192.0.2.1\"", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:80", " 192.0.2.1 "]
        {
            assert_eq!(listed(1, &[spelling]), "192.0.2.1", "{spelling}");
        }
        assert_eq!(listed(1, &["[2001:DB8::0:1]:443"]), "2001:db8::1");
        for none in ["", "unknown", "nonsense", "192.0.2.1,", "1.2.3.4.5", "_secret"] {
            assert_eq!(listed(1, &[none]), PEER, "{none}");
        }
    }

    #[test]
    fn forwarded_is_read_too() {
        let forwarded = |value: &str| client(1, ProxyHeader::Auto, &[("forwarded", value)]);
        assert_eq!(forwarded("for=192.0.2.1"), "192.0.2.1");
        assert_eq!(
            forwarded("for=10.0.0.1, For=\"[2001:db8::1]:99\";proto=https;by=203.0.113.1"),
            "2001:db8::1"
        );
        assert_eq!(forwarded("proto=https"), PEER);
        assert_eq!(forwarded("for=unknown"), PEER);
    }

    #[test]
    fn two_headers_count_when_they_agree() {
        let both = |header, list: &str, forwarded: &str| {
            client(1, header, &[(FORWARDED_FOR, list), ("forwarded", forwarded)])
        };
        assert_eq!(both(ProxyHeader::Auto, "192.0.2.1", "for=192.0.2.1"), "192.0.2.1");
        assert_eq!(both(ProxyHeader::Auto, "192.0.2.1", "for=192.0.2.2"), PEER);
        assert_eq!(both(ProxyHeader::XForwardedFor, "192.0.2.1", "for=192.0.2.2"), "192.0.2.1");
        assert_eq!(both(ProxyHeader::Forwarded, "192.0.2.1", "for=192.0.2.2"), "192.0.2.2");
    }

    #[test]
    fn the_scheme_is_that_of_the_outermost_proxy() {
        let https = |count, name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            Proxies { count, header: ProxyHeader::Auto }.is_https(&headers)
        };
        assert!(https(1, FORWARDED_PROTO, "https"));
        assert!(https(2, FORWARDED_PROTO, "https"));
        assert!(https(2, FORWARDED_PROTO, "https, http"));
        assert!(!https(1, FORWARDED_PROTO, "https, http"));
        assert!(!https(0, FORWARDED_PROTO, "https"));
        assert!(https(1, "forwarded", "for=192.0.2.1;proto=https"));
    }
}
