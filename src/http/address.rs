//! From which network address a request comes.

use std::net::SocketAddr;

use axum::{extract::ConnectInfo, http::request::Parts};

/// The client's address: the peer's, or behind a trusted proxy the last that the proxy added.
pub(super) fn of(parts: &Parts, trust_proxy: bool) -> Option<String> {
    let forwarded = trust_proxy
        .then(|| parts.headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next())
        .flatten()
        .map(str::trim)
        .filter(|address| !address.is_empty());
    let peer = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string());
    forwarded.map(str::to_owned).or_else(peer)
}
