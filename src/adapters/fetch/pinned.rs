//! Addresses that were found and checked before: a client that has these can reach no other.

use std::{net::SocketAddr, sync::Arc};

use futures_util::{FutureExt, future};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Every name leads to these.
#[derive(Debug)]
pub(super) struct Pinned(Vec<SocketAddr>);

impl Pinned {
    pub(super) fn new(addresses: Vec<SocketAddr>) -> Arc<Self> {
        Arc::new(Self(addresses))
    }
}

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        future::ready(Ok(addresses)).boxed()
    }
}
