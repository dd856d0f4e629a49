//! The single connection mode of `graphql-sse`: PUT reserves a stream, its token opens it, POST starts
//! operations and DELETE ends one.

use std::{sync::Arc, task::Poll};

use axum::{
    body::Body,
    http::{HeaderMap, Method, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};

use super::{
    super::{
        Outcome, media::Media, network, operation::Operation, request::GraphqlRequest, start::Next, write,
    },
    OPENED, begin, errors, read,
    reservations::unknown,
};
use crate::{
    app::App,
    domain::accounts::{Identity, check_identity},
    error::{Code, Error},
    http::{
        HttpState,
        connection_limit::{OpenStream, keep_open, opened},
        rest::{Credentials, admit, refused, renew},
    },
    live::ConnectionKind,
    transport::{
        Refusal,
        sse::{self, Event},
    },
};

/// The header, and the member of the query string, with a stream's token.
const TOKEN: (&str, &str) = ("x-graphql-event-stream-token", "token");
/// Maximum number of bytes of an operation's id, which is stored and written into every event.
const LONGEST_ID: usize = 256;

/// Returns the token of the stream that a request belongs to.
pub(super) fn token(parts: &Parts) -> Option<String> {
    let header = parts.headers.get(TOKEN.0).and_then(|token| token.to_str().ok()).map(str::to_owned);
    header.or_else(|| member(parts, TOKEN.1)).filter(|token| !token.is_empty())
}

/// `PUT`: reserves a stream and returns its token.
pub(super) async fn reserve(state: &HttpState, parts: &Parts) -> Result<Response, Refusal> {
    let viewer = admit(state, &Credentials::for_stream(state, parts), true).await?;
    let seat = state.connection_limit.take(viewer.device.address.as_deref())?;
    let token = state.streams.reserve(&viewer, state.sockets.limits, seat)?;
    let mut headers = HeaderMap::new();
    renew(state, &viewer, &mut headers);
    Ok((StatusCode::CREATED, headers, token).into_response())
}

/// Opens the stream.
pub(super) async fn connect(state: &HttpState, parts: &Parts, token: &str) -> Result<Response, Refusal> {
    let viewer = admit(state, &Credentials::for_stream(state, parts), true).await?;
    let (connection, seat) = state.streams.connect(token, &viewer)?;
    let network = network(&viewer);
    let allowance = connection.allowance().clone();
    let opened = opened(ConnectionKind::GraphqlStream, &viewer, move || allowance.open_subscriptions());
    let listed = state.app.open_connections.open(state.app.new_id().map_err(refused)?, opened);
    let mut ended = signed_out(&state.app, viewer.identity);
    let mut is_over = false;
    let events = stream::poll_fn(move |cx| {
        if let Poll::Ready(next) = connection.poll_next(cx) {
            return Poll::Ready(Some(next));
        }
        is_over = is_over || ended.poll_unpin(cx).is_ready();
        // Running operations first report why they end.
        if is_over && connection.is_idle() { Poll::Ready(None) } else { Poll::Pending }
    });
    let answers = state.answers.clone();
    let events = events.map(move |(id, said)| answers.hold(network, event(&id, said)));
    let response = sse::response(stream::iter([OPENED]).chain(events));
    // Each operation has an end of its own, and the stream has none.
    Ok(keep_open(&state.app.tasks, OpenStream { seat, listed, last: Bytes::new() }, response))
}

/// Resolves when the session that opened the stream has ended; never for an anonymous stream.
fn signed_out(app: &App, identity: Option<Arc<Identity>>) -> BoxFuture<'static, ()> {
    let Some(identity) = identity else { return std::future::pending().boxed() };
    let mut watch = app.grants.watch_proof(&identity.user.id, identity.grant());
    let app = app.clone();
    let ended = async move {
        loop {
            watch.changed().await;
            if let Err(Error::Unauthenticated | Error::AccountBanned) = check_identity(&app, &identity).await
            {
                return;
            }
        }
    };
    ended.boxed()
}

/// `POST`, or `GET` for a read-only operation: starts an operation whose responses go to the stream. A
/// refusal before that is the response here.
pub(super) async fn operate(
    state: &HttpState,
    parts: Parts,
    body: Body,
    token: &str,
) -> Result<Response, Refusal> {
    let may_change = parts.method == Method::POST;
    let unread = state.bodies.take(&parts.headers, body, state.bodies.limits().long_json)?;
    let viewer = admit(state, &Credentials::for_stream(state, &parts), true).await?;
    let ask = if may_change {
        read(state, &viewer, &parts.headers, unread).await?
    } else {
        GraphqlRequest::from_query(parts.uri.query().unwrap_or_default())?
    };
    let stream = state.streams.find(token, &viewer)?;
    let allowance = stream.allowance.clone();
    let mut headers = HeaderMap::new();
    renew(state, &viewer, &mut headers);
    let begun = stream.begin(operation_id(&ask)?)?;
    let started = match allowance.accept() {
        Ok(permit) => {
            let _turn = allowance.acquire_permit().await;
            let started = begin(state, &viewer, ask, &parts.headers, None, may_change).await?;
            Operation::of(started, &allowance, permit)
        }
        Err(failure) => Err(failure),
    };
    Ok(match started.map(|operation| begun.follow(operation)) {
        Err(failure) => write(Media::GraphQl, Outcome::Failed(failure), headers),
        Ok(true) => (StatusCode::ACCEPTED, headers).into_response(),
        // The operation was ended while it started.
        Ok(false) => (StatusCode::NO_CONTENT, headers).into_response(),
    })
}

/// `DELETE`: ends an operation.
pub(super) async fn stop(state: &HttpState, parts: &Parts, token: Option<&str>) -> Result<Response, Refusal> {
    let viewer = admit(state, &Credentials::for_stream(state, parts), true).await?;
    let stream = state.streams.find(token.ok_or_else(unknown)?, &viewer)?;
    let missing = || Refusal::about(Code::Invalid, "operationId", "operationId is missing");
    stream.stop(&member(parts, "operationId").ok_or_else(missing)?);
    Ok(StatusCode::OK.into_response())
}

fn operation_id(ask: &GraphqlRequest) -> Result<String, Refusal> {
    let wrong = |message: &str| Refusal::about(Code::Invalid, "operationId", message);
    match ask.operation_id.as_deref() {
        None | Some("") => Err(wrong("extensions.operationId is missing")),
        Some(id) if id.len() > LONGEST_ID => {
            Err(wrong(&format!("extensions.operationId is longer than {LONGEST_ID} bytes")))
        }
        Some(id) => Ok(id.to_owned()),
    }
}

/// Returns a member of the query string.
fn member(parts: &Parts, name: &str) -> Option<String> {
    let query = parts.uri.query().unwrap_or_default();
    let found = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

fn event(id: &str, said: Option<Next>) -> Bytes {
    let id = serde_json::Value::from(id).to_string();
    let next = |payload: &[u8]| {
        let data: [&[u8]; 5] = [br#"{"id":"#, id.as_bytes(), br#","payload":"#, payload, b"}"];
        Event { name: Some("next"), id: None, data: &data }.write()
    };
    match said {
        None => {
            let data: [&[u8]; 3] = [br#"{"id":"#, id.as_bytes(), b"}"];
            Event { name: Some("complete"), id: None, data: &data }.write()
        }
        Some(Next::Answer { payload, .. }) => next(&payload),
        Some(Next::Refused(failure)) => next(&errors(failure)),
    }
}
