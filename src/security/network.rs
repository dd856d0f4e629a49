//! Networks as limits count them: one IPv4 address, or the /64 of an IPv6 address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network that a limit counts as one client. A customer of an IPv6 provider owns at least a /64, so the
/// lower half of the address is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// One IPv4 address.
    V4(Ipv4Addr),
    /// The first 64 bits of an IPv6 address.
    V6(u64),
}

impl Network {
    /// Returns the network of an address. An IPv4-mapped IPv6 address counts as IPv4.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => Self::V6((address.to_bits() >> 64) as u64),
        }
    }

    /// Returns the network of an address in text form, or `None` if it is not an address.
    pub fn parse(address: &str) -> Option<Self> {
        parse_address(address).map(Self::of)
    }
}

/// Parses the address in a node of `X-Forwarded-For` or `Forwarded`: `192.0.2.1`, `192.0.2.1:80`,
/// `2001:db8::1`, `[2001:db8::1]:80`, with or without quotes. An IPv4-mapped IPv6 address becomes IPv4.
/// Returns `None` for anything else, such as `unknown`.
pub fn parse_address(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    let node = node.strip_prefix('"').and_then(|node| node.strip_suffix('"')).unwrap_or(node).trim();
    let address = match node.strip_prefix('[') {
        Some(bracketed) => {
            let (address, port) = bracketed.split_once(']')?;
            if !port.is_empty() && !is_port(port.strip_prefix(':')?) {
                return None;
            }
            IpAddr::V6(address.parse::<Ipv6Addr>().ok()?)
        }
        None => match node.split_once(':') {
            // One colon separates an IPv4 address from its port; an IPv6 address has more colons.
            Some((address, port)) if !port.contains(':') => {
                if !is_port(port) {
                    return None;
                }
                IpAddr::V4(address.parse::<Ipv4Addr>().ok()?)
            }
            _ => node.parse().ok()?,
        },
    };
    Some(address.to_canonical())
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one() {
        for spelling in [
            "192.0.2.7",
            " 192.0.2.7 ",
            "192.0.2.7:80",
            "\"192.0.2.7:80\"",
            "::ffff:192.0.2.7",
            "[::ffff:c000:207]:1",
        ] {
            assert_eq!(parse_address(spelling), Some("192.0.2.7".parse().unwrap()), "{spelling}");
        }
        for spelling in ["2001:db8::1", "[2001:DB8:0:0::1]", "\"[2001:db8::1]:443\"", "2001:0db8:0000::0001"]
        {
            assert_eq!(parse_address(spelling), Some("2001:db8::1".parse().unwrap()), "{spelling}");
        }
        for other in [
            "",
            "unknown",
            "_hidden",
            "192.0.2",
            "192.0.2.7:",
            "192.0.2.7:x",
            "192.0.2.7:123456",
            "[2001:db8::1",
            "[192.0.2.7]",
            "[2001:db8::1]x",
            "fe80::1%eth0",
            "example.com",
            "1",
        ] {
            assert_eq!(parse_address(other), None, "{other}");
        }
    }

    #[test]
    fn an_ipv6_network_is_its_first_half() {
        assert_eq!(Network::parse("2001:db8::1"), Network::parse("2001:db8:0:0:ffff::2"));
        assert_ne!(Network::parse("2001:db8::1"), Network::parse("2001:db8:0:1::1"));
        assert_ne!(Network::parse("192.0.2.7"), Network::parse("192.0.2.8"));
        assert_eq!(Network::parse("::ffff:192.0.2.7"), Network::parse("192.0.2.7"));
    }
}
