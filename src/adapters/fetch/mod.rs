//! Fetches files from URLs of users. A URL chooses where the server connects, so only public addresses are
//! reached, reading is limited, and no credentials are sent.

mod address;
mod error;
mod pinned;
mod resolver;

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use tokio::time::timeout;
use url::{Host, Url};

pub use address::{Network, NoNetwork};
pub use error::FetchError;
pub use resolver::{Resolver, SystemResolver};

use self::{address::is_public, pinned::Pinned};
use super::client::{describe, read, use_ring};
use crate::media::Media;

/// Maximum number of redirects.
const REDIRECTS: usize = 5;
/// Maximum bytes of a URL.
const MAX_URL_BYTES: usize = 2048;
/// Ports that URLs of users may name.
const PORTS: [u16; 2] = [80, 443];

/// Fetches files from URLs of users. Cheap to clone.
#[derive(Clone)]
pub struct Fetch {
    resolver: Arc<dyn Resolver>,
    allowed: Arc<[Network]>,
    /// Maximum time to connect.
    pub connect_timeout: Duration,
    /// Maximum time of the whole request.
    pub timeout: Duration,
}

/// The content that the caller accepts.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedContent<'a> {
    /// Accepted kinds, by content.
    pub kinds: &'a [Media],
    /// Maximum bytes of the file.
    pub most: usize,
}

/// A fetched file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Content of the file.
    pub bytes: Bytes,
    /// Kind of the file, by content.
    pub media: Media,
}

/// The answer to one request.
enum Step {
    File(Response),
    Elsewhere(Url),
}

impl Fetch {
    /// Creates a fetcher that reaches public addresses and `allowed`.
    pub fn new(allowed: Vec<Network>) -> Self {
        Self::with(Arc::new(SystemResolver), allowed)
    }

    /// Creates a fetcher with another resolver of names.
    pub fn with(resolver: Arc<dyn Resolver>, allowed: Vec<Network>) -> Self {
        Self {
            resolver,
            allowed: allowed.into(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
        }
    }

    /// Fetches a file.
    ///
    /// # Errors
    /// Returns a [`FetchError`].
    pub async fn get(&self, url: &str, wanted: ExpectedContent<'_>) -> Result<Fetched, FetchError> {
        let url = parse(url)?;
        timeout(self.timeout, self.follow(url, wanted))
            .await
            .unwrap_or(Err(FetchError::Timeout(self.timeout)))
    }

    async fn follow(&self, mut url: Url, wanted: ExpectedContent<'_>) -> Result<Fetched, FetchError> {
        for _ in 0..=REDIRECTS {
            match self.step(&url).await? {
                Step::File(response) => return take(response, wanted).await,
                Step::Elsewhere(next) => url = next,
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    /// Requests one URL from a checked address.
    async fn step(&self, url: &Url) -> Result<Step, FetchError> {
        let addresses = self.find(url).await?;
        let client = self.client(addresses)?;
        let response = client.get(url.clone()).send().await.map_err(|error| {
            let is_connect = error.is_connect();
            let text = describe(error);
            if is_connect { FetchError::Unreachable(text) } else { FetchError::Broken(text) }
        })?;
        let status = response.status();
        if matches!(
            status,
            StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT
        ) {
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|location| location.to_str().ok()).unwrap_or_default();
            let next = url.join(location).map_err(|_| FetchError::NotAllowed("its redirect has no URL"))?;
            return check(next).map(Step::Elsewhere);
        }
        if status != StatusCode::OK {
            return Err(FetchError::Refused(status.as_u16()));
        }
        Ok(Step::File(response))
    }

    /// Returns the addresses of a URL's host. Fails if one of them is not allowed.
    async fn find(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchError> {
        let found = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            Some(Host::Domain(name)) => {
                let found = timeout(self.connect_timeout, self.resolver.resolve(name)).await;
                found
                    .map_err(|_| {
                        FetchError::Unreachable("its host name was not resolved in time".to_owned())
                    })?
                    .map_err(|_| FetchError::Unreachable("its host name cannot be resolved".to_owned()))?
            }
            None => return Err(FetchError::NotAllowed("it has no host")),
        };
        if found.is_empty() {
            return Err(FetchError::Unreachable("its host name has no address".to_owned()));
        }
        let port = url.port_or_known_default().unwrap_or_default();
        let is_allowed = |address: &IpAddr| self.allowed.iter().any(|network| network.contains(*address));
        let mut strange = found.iter().filter(|address| !is_allowed(address)).peekable();
        let is_strange = strange.peek().is_some();
        if !strange.all(|address| is_public(*address)) {
            return Err(FetchError::NotAllowed("it leads to a private network"));
        }
        if is_strange && !PORTS.contains(&port) {
            return Err(FetchError::NotAllowed("its port must be 80 or 443"));
        }
        Ok(found.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }

    /// Creates a client for one request that connects only to these addresses, so that a later change of the
    /// name has no effect. It uses no proxy, which would resolve the name itself.
    fn client(&self, addresses: Vec<SocketAddr>) -> Result<Client, FetchError> {
        use_ring();
        let builder = Client::builder()
            .dns_resolver(Pinned::new(addresses))
            .user_agent(concat!("plaza/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(self.connect_timeout);
        builder.build().map_err(|error| FetchError::Unreachable(describe(error)))
    }
}

impl Default for Fetch {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}

/// Parses a URL and checks that it may be fetched.
fn parse(text: &str) -> Result<Url, FetchError> {
    if text.len() > MAX_URL_BYTES {
        return Err(FetchError::NotAllowed("it is too long"));
    }
    check(Url::parse(text.trim()).map_err(|_| FetchError::NotAllowed("it is not a URL"))?)
}

fn check(mut url: Url) -> Result<Url, FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::NotAllowed("it must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::NotAllowed("it must not contain a user name or password"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Reads a file within its limits.
async fn take(response: Response, wanted: ExpectedContent<'_>) -> Result<Fetched, FetchError> {
    let too_large = FetchError::TooLarge(wanted.most);
    if response.content_length().is_some_and(|length| length > wanted.most as u64) {
        return Err(too_large);
    }
    let body = read(response, wanted.most).await.map_err(|error| FetchError::Broken(describe(error)))?;
    let bytes = Bytes::from(body.ok_or(too_large)?);
    match Media::of_content(&bytes).filter(|media| wanted.kinds.contains(media)) {
        Some(media) => Ok(Fetched { bytes, media }),
        None => Err(FetchError::WrongKind),
    }
}
