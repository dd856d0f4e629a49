//! Limits long-lived connections per network, so that one network cannot use all of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::middleware::refusal;
use crate::{
    auth::Viewer,
    config::{Settings, Switch},
    error::Code,
    live::{ConnectionKind, Listed, Opened},
    metrics::{Channel, Connections, Counted, metrics},
    rest::EndsByItself,
    security::{Budget, Share, network::Network},
    tasks::Tasks,
    transport::Refusal,
};

/// Open sockets and event streams by network.
pub(super) struct ConnectionLimit {
    most: usize,
    open: Option<Budget<Network>>,
}

/// A permit for one open connection, released on drop.
pub(super) struct ConnectionPermit(
    #[expect(dead_code, reason = "it is held, not read")] Option<Share<Network>>,
);

impl ConnectionLimit {
    pub(super) fn new(settings: &Settings) -> Self {
        let most = settings.connections_per_address;
        let open = (settings.rate_limits == Switch::On).then(|| Budget::new(usize::MAX, most));
        Self { most, open }
    }

    /// Acquires a permit for the network of this address. Refuses if the network has too many.
    pub(super) fn take(&self, address: Option<&str>) -> Result<ConnectionPermit, Refusal> {
        let network = address.and_then(Network::parse);
        let (Some(open), Some(network)) = (&self.open, network) else { return Ok(ConnectionPermit(None)) };
        let mut share = open.share(Some(network));
        if !share.grow(1) {
            let message = format!("This address has {} open connections; no more are allowed", self.most);
            return Err(refusal(Code::RateLimited, message));
        }
        Ok(ConnectionPermit(Some(share)))
    }
}

/// How long a stream that ends by itself may take to end when the server stops.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

/// The parts that an event stream keeps while it is open.
pub(super) struct OpenStream {
    /// The permit of its network.
    #[expect(dead_code, reason = "it is held, not read")]
    pub(super) seat: Option<ConnectionPermit>,
    /// The stream on the list of open connections.
    pub(super) listed: Listed,
    /// Bytes that are sent at the end if an administrator ends it.
    pub(super) last: Bytes,
}

/// Describes a connection of a viewer for the list of open connections.
pub(super) fn opened(
    kind: ConnectionKind,
    viewer: &Viewer,
    subscriptions: impl Fn() -> usize + Send + Sync + 'static,
) -> Opened {
    Opened {
        kind,
        user: viewer.find_user().map(|user| user.id.clone()),
        address: viewer.device.address.clone(),
        subscriptions: Box::new(subscriptions),
    }
}

/// Streams a response under its permit until the server stops or an administrator ends it. A stream that ends by
/// itself gets time to send its last event when the server stops.
pub(super) fn keep_open(tasks: &Tasks, held: OpenStream, response: Response) -> Response {
    let stopping = tasks.stopping();
    let ends_by_itself = response.extensions().get::<EndsByItself>().is_some();
    let (ended, last) = (held.listed.ended(), held.last.clone());
    let is_ended = Arc::new(AtomicBool::new(false));
    let ending = is_ended.clone();
    let over = async move {
        let stopped = async {
            stopping.await;
            if ends_by_itself {
                tokio::time::sleep(FLUSH_TIMEOUT).await;
            }
        };
        tokio::select! {
            () = stopped => {}
            () = ended => ending.store(true, Ordering::Relaxed),
        }
    };
    let last = stream::once(async move { is_ended.load(Ordering::Relaxed).then_some(Ok(last)) });
    let channel = Connections { channel: Channel::EventStream };
    let counted = Counted::new(&metrics().channels.get_or_create(&channel));
    response.map(|body| {
        let body = body.into_data_stream().take_until(Box::pin(over));
        let body = body.chain(last.filter_map(std::future::ready));
        Body::from_stream(body.inspect(move |_| _ = (&held, &counted)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_free_again_when_it_is_left() {
        let seats = ConnectionLimit::new(&Settings { connections_per_address: 2, ..Settings::default() });
        let first = seats.take(Some("192.0.2.1")).unwrap();
        let _second = seats.take(Some("::ffff:192.0.2.1")).unwrap();
        assert_eq!(seats.take(Some("192.0.2.1")).err().unwrap().code, Code::RateLimited);
        let _other = seats.take(Some("192.0.2.2")).unwrap();
        drop(first);
        let third = seats.take(Some("192.0.2.1")).unwrap();
        drop(third);
        assert_eq!(seats.open.unwrap().used(), 2);
    }

    #[test]
    fn a_refusal_leaves_nothing_behind() {
        let seats = ConnectionLimit::new(&Settings { connections_per_address: 0, ..Settings::default() });
        assert_eq!(seats.take(Some("2001:db8::1")).err().unwrap().code, Code::RateLimited);
        assert_eq!(seats.open.unwrap().used(), 0);
    }
}
