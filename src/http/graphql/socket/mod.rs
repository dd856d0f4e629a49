//! `graphql-transport-ws`, the protocol of the npm package `graphql-ws`: the upgrade, and what a socket is served with.

mod close;
mod connection;
mod message;
#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::{
    extract::{FromRequestParts, Request, State, WebSocketUpgrade, ws::Message, ws::WebSocket},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use tracing::Instrument;

use self::{
    close::{Close, End},
    connection::{Connection, Door, Recognising},
};
use super::{
    ask::Ask,
    documents::refused as failed,
    media::Media,
    operation::{Allowance, Operation},
    refuse,
    start::start,
};
use crate::{
    auth::{Viewer, by_token},
    document::Failure,
    http::{
        Doors,
        edge::micros,
        rest::{Knock, admit, refused, renew},
        seats::Seat,
        server::KeepsOpen,
    },
    rest::Refusal,
};

pub(in crate::http) use connection::Rules;

/// The subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// Bytes of the buffer that each socket keeps for reading: it is mostly silent, and larger messages grow it.
const READ_BUFFER: usize = 2048;
/// Bytes of frames that are gathered before they are written.
const WRITE_BUFFER: usize = 4096;
/// How long a peer may take to consent to the end of a socket.
const LINGER: Duration = Duration::from_secs(5);
/// How long a socket that cannot be read any further stays open, so that the peer reads why it ends.
const BROKEN_LINGER: Duration = Duration::from_secs(1);

/// `/graphql/ws`.
pub(in crate::http) async fn handle(State(doors): State<Doors>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    open(&doors, parts).await
}

/// Whether a request wants a WebSocket.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|wanted| wanted.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a socket, or says why not.
pub(super) async fn open(doors: &Doors, mut parts: Parts) -> Response {
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        return not_an_upgrade();
    };
    match admitted(doors, &parts).await {
        Ok((viewer, seat)) => upgraded(doors, upgrade, viewer, seat, parts.extensions.remove::<KeepsOpen>()),
        Err(refusal) => refuse(Media::Json, refusal),
    }
}

/// Whoever opens the socket. A page that is not ours may not use its visitor's cookie: it could read what comes.
async fn admitted(doors: &Doors, parts: &Parts) -> Result<(Viewer, Seat), Refusal> {
    let viewer = admit(doors, &Knock::to_stream(doors, parts), true).await?;
    let seat = doors.seats.take(viewer.device.address.as_deref())?;
    Ok((viewer, seat))
}

fn upgraded(
    doors: &Doors,
    upgrade: WebSocketUpgrade,
    viewer: Viewer,
    seat: Seat,
    keeps_open: Option<KeepsOpen>,
) -> Response {
    let most = doors.sockets.message;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(most)
        .max_frame_size(most);
    let mut headers = HeaderMap::new();
    renew(doors, &viewer, &mut headers);
    let (doors, counted) = (doors.clone(), doors.app.tasks.count());
    let keeps_open = (seat, keeps_open);
    let span = tracing::Span::current();
    let mut response = upgrade.on_upgrade(move |socket| {
        async move {
            let _counted = counted;
            serve(socket, doors, viewer, keeps_open).await;
        }
        .instrument(span)
    });
    response.headers_mut().extend(headers);
    response
}

fn not_an_upgrade() -> Response {
    let headers = [(header::UPGRADE, HeaderValue::from_static("websocket"))];
    let text = "This address is for WebSockets of the subprotocol graphql-transport-ws";
    (StatusCode::UPGRADE_REQUIRED, headers, text).into_response()
}

async fn serve(socket: WebSocket, doors: Doors, viewer: Viewer, keeps_open: (Seat, Option<KeepsOpen>)) {
    let opened = tokio::time::Instant::now();
    let (mut socket, end) = if socket.protocol().is_some() {
        let served = Served { doors: doors.clone() };
        let (clock, tasks) = (&doors.app.clock, &doors.app.tasks);
        Connection::new(socket, served, viewer, clock, tasks, &doors.sockets).serve().await
    } else {
        (socket, Close::SUBPROTOCOL.into())
    };
    let (code, reason) = (end.code(), end.reason().to_owned());
    // Rare and short: it does not make every socket larger.
    Box::pin(conclude(&mut socket, end)).await;
    // Free before the peer sees that the connection is gone.
    drop(keeps_open);
    drop(socket);
    tracing::info!(status = 101, code, reason, micros = micros(opened), "closed");
}

/// Says goodbye, and waits until the peer has heard it.
async fn conclude(socket: &mut WebSocket, end: End) {
    let (close, broken) = match end {
        End::Close(close) => (Some(close), false),
        End::Broken(close) => (Some(close), true),
        End::Closed(_) => (None, false),
        End::Lost => return,
    };
    let goodbye = async {
        if let Some(close) = close
            && socket.send(Message::Close(Some(close.frame()))).await.is_err()
        {
            return;
        }
        // Reading on also sends the consent to a close that came from the peer.
        while let Some(Ok(_)) = socket.next().await {}
        if broken {
            tokio::time::sleep(BROKEN_LINGER).await;
        }
    };
    // Whoever does not consent in time is left.
    let _ = tokio::time::timeout(LINGER, goodbye).await;
}

/// The server behind a socket.
struct Served {
    doors: Doors,
}

impl Door for Served {
    fn recognise(&self, viewer: &Viewer, token: Option<String>) -> Recognising {
        let (doors, viewer) = (self.doors.clone(), viewer.clone());
        async move {
            let viewer = match token {
                Some(token) => by_token(&doors.app, &token, viewer.device).await?,
                None => viewer.again(&doors.app).await?,
            };
            viewer.refuse_banned(false)?;
            Ok(viewer)
        }
        .boxed()
    }

    fn watch(&self, viewer: &Viewer) -> Option<BoxFuture<'static, ()>> {
        let identity = viewer.identity.as_ref()?;
        let mut watch = self.doors.app.access.watch_proof(&identity.user.id, identity.grant());
        Some(async move { watch.changed().await }.boxed())
    }

    fn begin(&self, viewer: &Viewer, allowance: &Allowance, ask: Ask) -> Result<Operation, Failure> {
        self.doors.limiter.count(viewer.device.address.as_deref()).map_err(failed)?;
        let (doors, viewer) = (self.doors.clone(), viewer.clone());
        Operation::begin(&self.doors.app.tasks, allowance, async move {
            let viewer = viewer.again(&doors.app).await.map_err(refused)?;
            start(&doors, &viewer, ask, None).await
        })
    }
}
