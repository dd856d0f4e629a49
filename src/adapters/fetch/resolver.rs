//! Resolvers of host names.

use std::{io, net::IpAddr};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::net::lookup_host;

/// Resolves host names.
pub trait Resolver: Send + Sync {
    /// Returns all addresses of a host name.
    ///
    /// # Errors
    /// Returns an error if it has none, or if no name server answers.
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        async move { Ok(lookup_host((host, 0)).await?.map(|address| address.ip()).collect()) }.boxed()
    }
}
