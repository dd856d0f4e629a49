//! Fetches files from URLs that users gave. Whoever gives a URL chooses where this server connects to: so only the
//! world's addresses are reached, what is read has limits, and nothing of the server goes along.

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
use super::{
    client::{describe, read, use_ring},
    media::Media,
};

/// So often a URL may lead to another.
const REDIRECTS: usize = 5;
/// A longer URL is not taken, in bytes.
const LONGEST: usize = 2048;
/// Ports that strangers' URLs may name.
const PORTS: [u16; 2] = [80, 443];

/// Fetches files from URLs that users gave; cheap to clone.
#[derive(Clone)]
pub struct Fetch {
    resolver: Arc<dyn Resolver>,
    allowed: Arc<[Network]>,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long all of it may take.
    pub timeout: Duration,
}

/// What is wanted of a URL.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The kinds that are taken, by their content.
    pub kinds: &'a [Media],
    /// A file with more bytes is refused.
    pub most: usize,
}

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its content.
    pub bytes: Bytes,
    /// What it is, by its content.
    pub media: Media,
}

/// What a URL leads to.
enum Step {
    File(Response),
    Elsewhere(Url),
}

impl Fetch {
    /// Reaches the world's addresses, and those that the operator allows.
    pub fn new(allowed: Vec<Network>) -> Self {
        Self::with(Arc::new(SystemResolver), allowed)
    }

    /// The same, where somebody else says where names lead.
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
    /// Any [`FetchError`].
    pub async fn get(&self, url: &str, wanted: Wanted<'_>) -> Result<Fetched, FetchError> {
        let url = parse(url)?;
        timeout(self.timeout, self.follow(url, wanted))
            .await
            .unwrap_or(Err(FetchError::Timeout(self.timeout)))
    }

    async fn follow(&self, mut url: Url, wanted: Wanted<'_>) -> Result<Fetched, FetchError> {
        for _ in 0..=REDIRECTS {
            match self.step(&url).await? {
                Step::File(response) => return take(response, wanted).await,
                Step::Elsewhere(next) => url = next,
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    /// Asks one server, at an address that was checked.
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
            let next = url.join(location).map_err(|_| FetchError::NotAllowed("it leads to no URL"))?;
            return check(next).map(Step::Elsewhere);
        }
        if status != StatusCode::OK {
            return Err(FetchError::Refused(status.as_u16()));
        }
        Ok(Step::File(response))
    }

    /// The addresses of a URL's server, if all of them may be reached. Where one may not, the name is a trap.
    async fn find(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchError> {
        let found = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            Some(Host::Domain(name)) => {
                let found = timeout(self.connect_timeout, self.resolver.resolve(name)).await;
                found
                    .map_err(|_| FetchError::Unreachable("its name is not found in time".to_owned()))?
                    .map_err(|_| FetchError::Unreachable("its name is not found".to_owned()))?
            }
            None => return Err(FetchError::NotAllowed("it names no server")),
        };
        if found.is_empty() {
            return Err(FetchError::Unreachable("its name has no address".to_owned()));
        }
        let port = url.port_or_known_default().unwrap_or_default();
        let is_allowed = |address: &IpAddr| self.allowed.iter().any(|network| network.contains(*address));
        let mut strange = found.iter().filter(|address| !is_allowed(address)).peekable();
        let is_strange = strange.peek().is_some();
        if !strange.all(|address| is_public(*address)) {
            return Err(FetchError::NotAllowed("it leads into a private network"));
        }
        if is_strange && !PORTS.contains(&port) {
            return Err(FetchError::NotAllowed("its port must be 80 or 443"));
        }
        Ok(found.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }

    /// A client for one request, which connects to these addresses and to no other: whatever the name leads to a moment
    /// later, nobody asks it again. No proxy either: it would look the name up by itself.
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

/// A URL as it may be fetched.
fn parse(text: &str) -> Result<Url, FetchError> {
    if text.len() > LONGEST {
        return Err(FetchError::NotAllowed("it is too long"));
    }
    check(Url::parse(text.trim()).map_err(|_| FetchError::NotAllowed("it is no URL"))?)
}

fn check(mut url: Url) -> Result<Url, FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::NotAllowed("it must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::NotAllowed("it must not hold a name or password"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Reads a file as far as it is wanted.
async fn take(response: Response, wanted: Wanted<'_>) -> Result<Fetched, FetchError> {
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
