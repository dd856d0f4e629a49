//! One accepted connection.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::{KeepsOpen, Limits, activity::Activity, slots::Slot, socket::Socket};

/// Maximum number of concurrent requests on an HTTP/2 connection.
const STREAMS: u32 = 128;
/// Maximum number of streams that a peer may open and reset before they are processed (the "rapid reset"
/// attack).
const PENDING_RESETS: usize = 32;
/// Maximum number of a peer's errors that are answered by a stream reset before the connection is closed.
const OWN_RESETS: usize = 64;
/// Bytes of a body that one HTTP/2 stream, and a whole connection, may send before they are read.
const WINDOWS: (u32, u32) = (256 * 1024, 1024 * 1024);
/// Maximum number of response bytes that wait in one HTTP/2 stream for a peer that does not read.
const SEND_BUFFER: usize = 128 * 1024;
/// Interval of HTTP/2 pings, and how long the answer may take.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(20));
/// How long a peer is silent before the first TCP keep-alive probe, and the interval of further probes.
const PROBE: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(15));
/// How long closing an overdue connection may take, so that the peer learns of it.
const CLOSING: Duration = Duration::from_secs(2);

/// Everything that serving one connection needs.
pub(super) struct Connection<S> {
    pub(super) peer: SocketAddr,
    pub(super) slot: Slot,
    pub(super) service: S,
    pub(super) limits: Arc<Limits>,
}

impl<S> Connection<S>
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
{
    /// Serves until the peer leaves, is overdue or evicted, or the server stops.
    pub(super) async fn serve(self, tcp: TcpStream, stopping: CancellationToken) {
        let Self { peer, slot, service: answers, limits } = self;
        set_up(&tcp);
        let slot = Arc::new(slot);
        let evicted = slot.evicted.clone();
        let activity = Activity::new(&limits, slot.slots().clone());
        let socket = TokioIo::new(Socket::new(tcp, activity.clone(), limits.write, slot.clone()));
        let (requests, proving) = (activity.clone(), Arc::downgrade(&slot));
        drop(slot);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let (keeps_open, first) = requests.begin(request.version());
            if first && let Some(slot) = proving.upgrade() {
                slot.prove();
            }
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(keeps_open.clone());
            let answer = answers.clone().call(request);
            async move {
                let answer = answer.await.unwrap_or_else(|never| match never {});
                Ok::<_, Infallible>(answer.map(|body| Answer { body, _keeps_open: keeps_open }))
            }
        });
        let builder = builder(&limits);
        let mut connection = std::pin::pin!(builder.serve_connection_with_upgrades(socket, service));
        let mut is_stopping = false;
        loop {
            tokio::select! {
                served = connection.as_mut() => {
                    if let Err(error) = served {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    return;
                }
                () = evicted.cancelled() => return,
                () = activity.overdue() => break,
                () = stopping.cancelled(), if !is_stopping => {
                    is_stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
        connection.as_mut().graceful_shutdown();
        _ = tokio::time::timeout(CLOSING, connection).await;
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // `Activity` times heads and idleness, including the time before the protocol is known.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(limits.header_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(PENDING_RESETS)
        .max_local_error_reset_streams(OWN_RESETS)
        .initial_stream_window_size(WINDOWS.0)
        .initial_connection_window_size(WINDOWS.1)
        .max_send_buf_size(SEND_BUFFER)
        .keep_alive_interval(PING.0)
        .keep_alive_timeout(PING.1)
        // Allows WebSockets over HTTP/2.
        .enable_connect_protocol();
    builder
}

fn set_up(tcp: &TcpStream) {
    // Frames are small and clients wait for them, so they are not delayed to share packets.
    let set = tcp.set_nodelay(true).and_then(|()| {
        let probe = TcpKeepalive::new().with_time(PROBE.0).with_interval(PROBE.1);
        SockRef::from(tcp).set_tcp_keepalive(&probe)
    });
    if let Err(error) = set {
        tracing::debug!(%error, "a connection keeps the system's settings");
    }
}

/// The body of a response; the request runs until it is sent.
struct Answer {
    body: Body,
    _keeps_open: KeepsOpen,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
