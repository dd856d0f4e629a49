//! The valid ranges of settings.

use anyhow::{Context, Result, bail};

use super::Settings;

/// Maximum of settings in seconds: its milliseconds fit PostgreSQL's settings.
const DAY: u64 = 86_400;

fn check_database(settings: &Settings) -> Result<()> {
    for (name, seconds) in [
        ("database_acquire_timeout", settings.database_acquire_timeout),
        ("database_connect_timeout", settings.database_connect_timeout),
        ("database_lock_timeout", settings.database_lock_timeout),
        ("database_statement_timeout", settings.database_statement_timeout),
    ] {
        if !(1..=DAY).contains(&seconds) {
            bail!("{name} must be between 1 and {DAY} seconds");
        }
    }
    // Fewer cannot be shared between requests, transactions and background work.
    if settings.database_connections != 0 && !(4..=1000).contains(&settings.database_connections) {
        bail!("database_connections must be between 4 and 1000, or 0 for the default");
    }
    Ok(())
}

/// Validates the settings that the server itself uses.
///
/// # Errors
/// Returns an error that names the first invalid setting and its valid range.
pub(super) fn check(settings: &Settings) -> Result<()> {
    settings.shift()?;
    if !settings.public_url.is_empty() {
        let url = url::Url::parse(&settings.public_url).context("public_url is not a URL")?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!("public_url must begin with http:// or https://");
        }
    }
    if settings.requests_per_minute == 0 || settings.request_timeout == 0 {
        bail!("requests_per_minute and request_timeout must be at least 1");
    }
    check_database(settings)?;
    for (name, seconds) in
        [("poll_interval", settings.poll_interval), ("rights_validity", settings.rights_validity)]
    {
        if !(1..=DAY).contains(&seconds) {
            bail!("{name} must be between 1 and {DAY} seconds");
        }
    }
    let timeouts =
        [settings.header_timeout, settings.idle_timeout, settings.write_timeout, settings.body_timeout];
    if timeouts.contains(&0) {
        bail!("header_timeout, idle_timeout, write_timeout and body_timeout must be at least 1");
    }
    // Each level takes stack of the worker threads.
    if !(1..=60).contains(&settings.query_depth) {
        bail!("query_depth must be between 1 and 60");
    }
    if settings.max_header_bytes < 8192 {
        bail!("max_header_bytes must be at least 8192");
    }
    if settings.body_memory_bytes < settings.max_body_bytes {
        bail!("body_memory_bytes must be at least max_body_bytes");
    }
    if settings.answer_memory_bytes < settings.response_bytes {
        bail!("answer_memory_bytes must be at least response_bytes");
    }
    if settings.drain_seconds > 600 {
        bail!("drain_seconds must be at most 600");
    }
    if settings.socket_init_timeout == 0 || settings.socket_ping == 0 {
        bail!("socket_init_timeout and socket_ping must be at least 1");
    }
    // One chat message must fit.
    if settings.socket_message_bytes < 1024 {
        bail!("socket_message_bytes must be at least 1024");
    }
    Ok(())
}
