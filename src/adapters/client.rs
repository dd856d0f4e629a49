//! The HTTP client that all adapters share, and what they do alike with it.

use std::{fmt::Display, time::Duration};

use anyhow::{Context, Result, bail};
use reqwest::{Client, Response, redirect::Policy};
use tokio::time::sleep;
use url::Url;

use crate::secret::Secret;

/// What a message of a provider's is cut to, in characters.
const MESSAGE: usize = 300;

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

/// How often a request is sent again of which nothing has come: when the provider cannot be reached, breaks off or
/// answers with 500 and above. Never on 4xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// So often beside the first time.
    pub times: u32,
    /// The wait before the first of them; each further one is four times as long.
    pub wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { times: 2, wait: Duration::from_millis(250) }
    }
}

impl Retry {
    /// Attempts until one succeeds, fails for good, or was the last.
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
            match attempt().await {
                Err(error) if left > 0 && may_pass(&error) => {
                    tracing::warn!(%error, host, left, "asking a provider again");
                    sleep(wait).await;
                    left -= 1;
                    wait *= 4;
                }
                outcome => return outcome,
            }
        }
    }
}

/// The base of a provider's addresses.
///
/// # Errors
/// When it is none of http or https.
pub(super) fn base(text: &str) -> Result<Url> {
    let base = Url::parse(text.trim()).context("the address is not a URL")?;
    if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
        bail!("the address must begin with http:// or https://");
    }
    Ok(base)
}

/// Where below the base something is, whether or not the base ends with a slash.
pub(super) fn endpoint(mut base: Url, path: &str) -> Url {
    let joined = format!("{}/{path}", base.path().trim_end_matches('/'));
    base.set_path(&joined);
    base
}

/// A server's name and port, without what else an address may hold.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A body, as far as it has at most so many bytes; none when it has more.
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

/// An error of the connection with its causes; without the address, which may hold a key.
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

/// A message from outside on one short line, without the key.
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
