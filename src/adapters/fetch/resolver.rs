//! Where names lead.

use std::{io, net::IpAddr};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::net::lookup_host;

/// Finds the addresses of a name.
pub trait Resolver: Send + Sync {
    /// All addresses of a host's name.
    ///
    /// # Errors
    /// When it has none, or nobody can be asked.
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// Asks the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        async move { Ok(lookup_host((host, 0)).await?.map(|address| address.ip()).collect()) }.boxed()
    }
}
