//! One stream for many operations: reserved by PUT, opened with its token, fed by POST, each operation ended by DELETE.

use std::{sync::Arc, task::Poll};

use axum::{
    body::Body,
    http::{HeaderMap, Method, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};

use super::{
    super::{Outcome, ask::Ask, media::Media, operation::Operation, start::Next, write},
    OPENED, begin, errors, read,
    reservations::unknown,
};
use crate::{
    app::App,
    domain::{
        Code, Error,
        accounts::{Identity, check_identity},
    },
    http::{
        Doors,
        rest::{Knock, admit, renew},
        seats::keep_open,
    },
    rest::Refusal,
    sse::{self, Event},
};

/// The header, and the member of the query string, that carry a stream's token.
const TOKEN: (&str, &str) = ("x-graphql-event-stream-token", "token");
/// Bytes of an operation's id: it is kept, and written into every event.
const LONGEST_ID: usize = 256;

/// The token of the stream that a request belongs to.
pub(super) fn token(parts: &Parts) -> Option<String> {
    let header = parts.headers.get(TOKEN.0).and_then(|token| token.to_str().ok()).map(str::to_owned);
    header.or_else(|| member(parts, TOKEN.1)).filter(|token| !token.is_empty())
}

/// `PUT`: a stream's token.
pub(super) async fn reserve(doors: &Doors, parts: &Parts) -> Result<Response, Refusal> {
    let viewer = admit(doors, &Knock::to_stream(doors, parts), true).await?;
    let seat = doors.seats.take(viewer.device.address.as_deref())?;
    let token = doors.streams.reserve(&viewer, doors.sockets.limits, seat)?;
    let mut headers = HeaderMap::new();
    renew(doors, &viewer, &mut headers);
    Ok((StatusCode::CREATED, headers, token).into_response())
}

/// The stream itself.
pub(super) async fn connect(doors: &Doors, parts: &Parts, token: &str) -> Result<Response, Refusal> {
    let viewer = admit(doors, &Knock::to_stream(doors, parts), true).await?;
    let (connection, seat) = doors.streams.connect(token, &viewer)?;
    let mut ended = signed_out(&doors.app, viewer.identity);
    let mut is_over = false;
    let events = stream::poll_fn(move |cx| {
        if let Poll::Ready(next) = connection.poll_next(cx) {
            return Poll::Ready(Some(next));
        }
        is_over = is_over || ended.poll_unpin(cx).is_ready();
        // What goes on tells by itself why it ends, first.
        if is_over && connection.is_idle() { Poll::Ready(None) } else { Poll::Pending }
    });
    let events = events.map(|(id, said)| event(&id, said));
    let response = sse::response(stream::iter([OPENED]).chain(events));
    Ok(keep_open(&doors.app.tasks, seat, response))
}

/// Ends when the sign-in has ended by which the stream was opened; never for a stream that was opened without one.
fn signed_out(app: &App, identity: Option<Arc<Identity>>) -> BoxFuture<'static, ()> {
    let Some(identity) = identity else { return std::future::pending().boxed() };
    let mut watch = app.access.watch_proof(&identity.user.id, identity.grant());
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

/// `POST`, or `GET` of what changes nothing: an operation whose answers the stream carries. What is refused before
/// it goes on is answered here.
pub(super) async fn operate(
    doors: &Doors,
    parts: Parts,
    body: Body,
    token: &str,
) -> Result<Response, Refusal> {
    let may_change = parts.method == Method::POST;
    let unread = doors.bodies.take(&parts.headers, body, doors.bodies.limits().long_json)?;
    let viewer = admit(doors, &Knock::to_stream(doors, &parts), true).await?;
    let ask = if may_change {
        read(doors, &viewer, &parts.headers, unread).await?
    } else {
        Ask::from_query(parts.uri.query().unwrap_or_default())?
    };
    let stream = doors.streams.find(token, &viewer)?;
    let allowance = stream.allowance.clone();
    let mut headers = HeaderMap::new();
    renew(doors, &viewer, &mut headers);
    let begun = stream.begin(operation_id(&ask)?)?;
    let started = match allowance.accept() {
        Ok(permit) => {
            let _turn = allowance.turn().await;
            let started = begin(doors, &viewer, ask, &parts.headers, None, may_change).await?;
            Operation::of(started, &allowance, permit)
        }
        Err(failure) => Err(failure),
    };
    Ok(match started.map(|operation| begun.follow(operation)) {
        Err(failure) => write(Media::GraphQl, Outcome::Failed(failure), headers),
        Ok(true) => (StatusCode::ACCEPTED, headers).into_response(),
        // It was ended while it started.
        Ok(false) => (StatusCode::NO_CONTENT, headers).into_response(),
    })
}

/// `DELETE`: ends an operation.
pub(super) async fn stop(doors: &Doors, parts: &Parts, token: Option<&str>) -> Result<Response, Refusal> {
    let viewer = admit(doors, &Knock::to_stream(doors, parts), true).await?;
    let stream = doors.streams.find(token.ok_or_else(unknown)?, &viewer)?;
    let missing = || Refusal::about(Code::Invalid, "operationId", "operationId is missing");
    stream.stop(&member(parts, "operationId").ok_or_else(missing)?);
    Ok(StatusCode::OK.into_response())
}

fn operation_id(ask: &Ask) -> Result<String, Refusal> {
    let wrong = |message: &str| Refusal::about(Code::Invalid, "operationId", message);
    match ask.operation_id.as_deref() {
        None | Some("") => Err(wrong("extensions.operationId is missing")),
        Some(id) if id.len() > LONGEST_ID => {
            Err(wrong(&format!("extensions.operationId is longer than {LONGEST_ID} bytes")))
        }
        Some(id) => Ok(id.to_owned()),
    }
}

/// A member of the query string.
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
