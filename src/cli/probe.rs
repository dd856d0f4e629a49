//! `plaza probe`: asks the server on this machine whether it is ready, for health checks of containers.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::say;
use crate::config::Settings;

/// Maximum time to wait for the answer; the server answers within a second.
const WAIT: Duration = Duration::from_secs(2);

/// Fails unless the server that listens at the configured address is ready.
pub(super) async fn run(settings: &Settings) -> Result<()> {
    let mut address = settings.listen;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    let request = crate::adapters::client(WAIT)?.get(format!("http://{address}/readyz")).timeout(WAIT);
    let response = request.send().await.with_context(|| format!("no server answers at {address}"))?;
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    if !status.is_success() {
        bail!("the server is not ready: {text}");
    }
    say(&text);
    Ok(())
}
