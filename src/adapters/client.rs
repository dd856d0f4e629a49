//! The HTTP client of all adapters and its common behaviour.

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use reqwest::{Client, Response, redirect::Policy};
use tokio::time::sleep;
use url::Url;

use crate::{
    metrics::{Provider, metrics, seconds_since},
    security::secret::Secret,
    traces,
};

/// Maximum characters of a provider's message.
const MESSAGE: usize = 300;

/// Installs ring as the TLS cryptography of this process. Idempotent; call it before a client is built.
pub fn use_ring() {
    // Fails only if a provider is already installed, which is then ring: no other is built in.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Returns a client that connects within `connect_timeout` and follows no redirects, so that a key only goes
/// to the configured server.
///
/// # Errors
/// Returns an error if the system's root certificates cannot be read.
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

/// Repetitions of a request without any answer: if the provider is unreachable, interrupts the answer, or
/// answers with 500 or above. 4xx is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Maximum number of repetitions.
    pub times: u32,
    /// Wait before the first repetition; each further wait is four times as long.
    pub wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { times: 2, wait: Duration::from_millis(250) }
    }
}

impl Retry {
    /// Runs attempts until one succeeds, fails permanently, or was the last.
    pub(super) async fn run<T, E: Display, F>(
        self,
        host: &str,
        may_pass: impl Fn(&E) -> bool + Send,
        mut attempt: impl FnMut() -> F + Send,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>> + Send,
    {
        let (mut left, mut wait) = (self.times, self.wait);
        loop {
            let started = Instant::now();
            let outcome = traces::provider(host, Box::pin(attempt())).await;
            let label = if outcome.is_ok() { "ok" } else { "failed" };
            let provider = Provider { host: host.to_owned(), outcome: label };
            metrics().provider_duration.get_or_create(&provider).observe(seconds_since(started));
            match outcome {
                Err(error) if left > 0 && may_pass(&error) => {
                    tracing::warn!(%error, host, left, "repeating a request to a provider");
                    sleep(wait).await;
                    left -= 1;
                    wait *= 4;
                }
                outcome => return outcome,
            }
        }
    }
}

/// Parses the base URL of a provider.
///
/// # Errors
/// Returns an error unless the scheme is http or https.
pub(crate) fn base(text: &str) -> Result<Url> {
    let base = Url::parse(text.trim()).context("the address is not a URL")?;
    if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
        bail!("the address must begin with http:// or https://");
    }
    Ok(base)
}

/// Returns the URL of a path below the base, whether or not the base ends in a slash.
pub(super) fn endpoint(mut base: Url, path: &str) -> Url {
    let joined = format!("{}/{path}", base.path().trim_end_matches('/'));
    base.set_path(&joined);
    base
}

/// Returns the host and port of a URL, without its other parts.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Reads a body of at most `most` bytes; `None` if it is longer.
pub(super) async fn read(mut response: Response, most: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        if body.len() + bytes.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&bytes);
    }
    Ok(Some(body))
}

/// Describes a connection error with its causes, without the URL, which may contain a key.
pub(super) fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Shortens a foreign message to one line without the key.
pub(super) fn brief(text: &str, key: &Secret) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    key.cut_from(&line).chars().take(MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_may_end_with_a_slash_and_have_a_query() {
        let at = |text: &str| Some(endpoint(base(text).ok()?, "chat/completions").to_string());
        let openai = Some("https://api.openai.com/v1/chat/completions".to_owned());
        assert_eq!(at("https://api.openai.com/v1"), openai);
        assert_eq!(at("https://api.openai.com/v1/"), openai);
        assert_eq!(at("http://[::1]:1/v1?v=2").as_deref(), Some("http://[::1]:1/v1/chat/completions?v=2"));
        assert_eq!(at("ftp://example.com"), None);
        assert_eq!(at("localhost:11434"), None);
    }
}
