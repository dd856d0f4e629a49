//! `graphql-transport-ws`, the protocol of the npm package `graphql-ws`: the upgrade and the socket's server.

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
use uuid::Uuid;

use self::{
    close::{Close, End},
    connection::{Authenticating, Connection, SocketHandler},
};
use super::{
    documents::refused as failed,
    media::Media,
    operation::{Operation, OperationLimits},
    refuse,
    request::GraphqlRequest,
    start::start,
};
use crate::{
    auth::{Viewer, by_token},
    document::Failure,
    http::{
        HttpState,
        connection_limit::{ConnectionPermit, opened},
        middleware::micros,
        rest::{Credentials, admit, refused, renew},
        server::KeepsOpen,
    },
    live::{ConnectionKind, Listed},
    metrics::{Channel, Connections, Counted, metrics},
    transport::Refusal,
};

pub(in crate::http) use connection::SocketRules;

/// Name of the subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// Bytes of each socket's read buffer. Sockets are mostly silent; larger messages grow it.
const READ_BUFFER: usize = 2048;
/// Bytes of frames that are collected before they are written.
const WRITE_BUFFER: usize = 4096;
/// How long a client may take to confirm the end of a socket.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a socket that can no longer be read stays open, so that the client receives the reason.
const BROKEN_LINGER: Duration = Duration::from_secs(1);

/// `/graphql/ws`: upgrades to a WebSocket.
pub(in crate::http) async fn handle(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    open(&state, parts).await
}

/// Returns whether a request asks for a WebSocket.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|wanted| wanted.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a socket or refuses the upgrade.
pub(super) async fn open(state: &HttpState, mut parts: Parts) -> Response {
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        return not_an_upgrade();
    };
    match admitted(state, &parts).await {
        Ok((viewer, seat, id)) => {
            upgraded(state, upgrade, viewer, id, (seat, parts.extensions.remove::<KeepsOpen>()))
        }
        Err(refusal) => refuse(Media::Json, refusal),
    }
}

/// Authenticates the opening request. A page of another origin may not use its visitor's cookie, because it
/// could read the responses.
async fn admitted(state: &HttpState, parts: &Parts) -> Result<(Viewer, ConnectionPermit, Uuid), Refusal> {
    let viewer = admit(state, &Credentials::for_stream(state, parts), true).await?;
    let seat = state.connection_limit.take(viewer.device.address.as_deref())?;
    let id = state.app.new_id().map_err(refused)?;
    Ok((viewer, seat, id))
}

fn upgraded(
    state: &HttpState,
    upgrade: WebSocketUpgrade,
    viewer: Viewer,
    id: Uuid,
    keeps_open: (ConnectionPermit, Option<KeepsOpen>),
) -> Response {
    let most = state.sockets.message;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(most)
        .max_frame_size(most);
    let mut headers = HeaderMap::new();
    renew(state, &viewer, &mut headers);
    let (state, counted) = (state.clone(), state.app.tasks.count());
    let span = tracing::Span::current();
    let mut response = upgrade.on_upgrade(move |socket| {
        async move {
            let _counted = counted;
            serve(socket, state, viewer, id, keeps_open).await;
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

async fn serve(
    socket: WebSocket,
    state: HttpState,
    viewer: Viewer,
    id: Uuid,
    keeps_open: (ConnectionPermit, Option<KeepsOpen>),
) {
    let opened = tokio::time::Instant::now();
    let channel = Connections { channel: Channel::WebSocket };
    let _counted = Counted::new(&metrics().channels.get_or_create(&channel));
    let (mut socket, end) = if socket.protocol().is_some() {
        let served = Served { state: state.clone(), id, listed: None };
        let (clock, tasks) = (&state.app.clock, &state.app.tasks);
        Connection::new(socket, served, viewer, clock, tasks, &state.sockets).serve().await
    } else {
        (socket, Close::SUBPROTOCOL.into())
    };
    let (code, reason) = (end.code(), end.reason().to_owned());
    // Boxed because it is rare and short: it does not enlarge every socket.
    Box::pin(conclude(&mut socket, end)).await;
    // Released before the client sees that the connection is closed.
    drop(keeps_open);
    drop(socket);
    tracing::info!(status = 101, code, reason, micros = micros(opened), "closed");
}

/// Sends the close frame and waits until the client confirms it.
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
        // Reading on also confirms a close that the client sent.
        while let Some(Ok(_)) = socket.next().await {}
        if broken {
            tokio::time::sleep(BROKEN_LINGER).await;
        }
    };
    // A client that does not confirm in time is dropped.
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, goodbye).await;
}

/// The server behind a socket.
struct Served {
    state: HttpState,
    /// The socket's id on the list of open connections.
    id: Uuid,
    /// The socket on that list.
    listed: Option<Listed>,
}

impl SocketHandler for Served {
    fn authenticate(&self, viewer: &Viewer, token: Option<String>) -> Authenticating {
        let (state, viewer) = (self.state.clone(), viewer.clone());
        async move {
            let viewer = match token {
                Some(token) => by_token(&state.app, &token, viewer.device).await?,
                None => viewer.with_extended_session(&state.app).await?,
            };
            viewer.refuse_banned(false)?;
            Ok(viewer)
        }
        .boxed()
    }

    fn list(&mut self, viewer: &Viewer, allowance: &OperationLimits) -> BoxFuture<'static, ()> {
        let allowance = allowance.clone();
        let opened = opened(ConnectionKind::WebSocket, viewer, move || allowance.open_subscriptions());
        let listed = self.state.app.open_connections.open(self.id, opened);
        let ended = listed.ended();
        self.listed = Some(listed);
        ended
    }

    fn identified(&self, viewer: &Viewer) {
        if let Some(listed) = &self.listed {
            listed.set_user(viewer.find_user().map(|user| user.id.clone()));
        }
    }

    fn watch(&self, viewer: &Viewer) -> Option<BoxFuture<'static, ()>> {
        let identity = viewer.identity.as_ref()?;
        let mut watch = self.state.app.grants.watch_proof(&identity.user.id, identity.grant());
        Some(async move { watch.changed().await }.boxed())
    }

    fn begin(
        &self,
        viewer: &Viewer,
        allowance: &OperationLimits,
        ask: GraphqlRequest,
    ) -> Result<Operation, Failure> {
        self.state.limiter.count(viewer.device.address.as_deref()).map_err(failed)?;
        let (state, viewer) = (self.state.clone(), viewer.clone());
        Operation::begin(&self.state.app.tasks, allowance, async move {
            let viewer = viewer.with_extended_session(&state.app).await.map_err(refused)?;
            start(&state, &viewer, ask, None).await
        })
    }
}
