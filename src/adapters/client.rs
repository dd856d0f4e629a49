//! The HTTP client that all adapters share: their connections are kept and used again.

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Client, redirect::Policy};

/// Makes ring the cryptography of this process's TLS; again changes nothing. Before any client is built.
pub fn use_ring() {
    // Refused only when one is installed already, which is then this one: no other is built in.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client that connects within `connect_timeout` and follows no redirect: a key goes where the operator said, and
/// nowhere else.
///
/// # Errors
/// When the machine's root certificates cannot be read.
pub fn client(connect_timeout: Duration) -> Result<Client> {
    use_ring();
    Client::builder()
        .user_agent(concat!("plaza/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(connect_timeout)
        .tcp_nodelay(true)
        .build()
        .context("cannot set up the HTTP client")
}
