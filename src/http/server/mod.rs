//! The HTTP server: accepts connections within limits, closes those without progress, and stops gracefully.

mod activity;
mod connection;
mod descriptors;
mod limits;
mod slots;
mod socket;

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::{extract::Request, response::Response};
use tokio::{net::TcpListener, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

pub use self::{activity::KeepsOpen, descriptors::raise as raise_descriptors, limits::Limits};
use self::{connection::Connection, slots::Slots};
use crate::metrics::metrics;

/// How long to pause after a failure to accept, for example for lack of descriptors.
const PAUSE: Duration = Duration::from_millis(100);
/// Minimum interval between log lines about failures to accept and refused connections.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Serves until `stop` resolves, then accepts no connection and closes each open one as soon as its requests
/// are answered. Returns when all are closed; does not wait for upgraded connections.
pub async fn serve<S>(listener: TcpListener, service: S, limits: Limits, stop: impl Future<Output = ()>)
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
{
    let (slots, limits) = (Slots::new(&limits), Arc::new(limits));
    let (connections, stopping) = (TaskTracker::new(), CancellationToken::new());
    let mut log = Log::default();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            // The peer left before it was accepted.
            Err(error) if is_of_peer(&error) => continue,
            Err(error) => {
                log.note(|more| tracing::error!(%error, more, "no connection can be accepted"));
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => continue,
                    () = &mut stop => break,
                }
            }
        };
        match slots.take(peer.ip()) {
            Ok(slot) => {
                let connection = Connection { peer, slot, service: service.clone(), limits: limits.clone() };
                connections.spawn(connection.serve(socket, stopping.clone()));
            }
            Err(refused) => {
                metrics().connections_refused.get_or_create(&refused.name().into()).inc();
                log.note(|more| tracing::warn!(address = %peer.ip(), reason = %refused, more, "a connection was refused"));
                refused.answer(&socket);
            }
        }
    }
    drop(listener);
    stopping.cancel();
    connections.close();
    connections.wait().await;
}

fn is_of_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Writes one line for many failures of a kind.
#[derive(Default)]
struct Log {
    written: Option<Instant>,
    more: u64,
}

impl Log {
    /// Writes a line unless one was written recently; `write` receives the number of omitted lines.
    fn note(&mut self, write: impl FnOnce(u64)) {
        if self.written.is_some_and(|written| written.elapsed() < LOG_EVERY) {
            self.more += 1;
            return;
        }
        write(self.more);
        (self.written, self.more) = (Some(Instant::now()), 0);
    }
}
