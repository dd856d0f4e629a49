//! The distinct connections mode of `graphql-sse`: a stream for one operation, each response a `next`, the
//! end a `complete`.

use axum::{
    body::Body,
    http::{HeaderMap, request::Parts},
    response::Response,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use super::{
    super::{
        media::Media,
        network, refuse,
        request::GraphqlRequest,
        start::{Next, StartedOperation},
    },
    OPENED, begin, errors, read,
};
use crate::{
    document::Failure,
    error::Code,
    http::{
        HttpState,
        connection_limit::{OpenStream, keep_open, opened},
        rest::{Credentials, admit, refused, renew},
    },
    live::{ConnectionKind, ENDED_BY_ADMINISTRATOR},
    rest::{Unread, last_event_id},
    transport::{
        Refusal,
        sse::{self, Event},
    },
};

const COMPLETE: Event = Event { name: Some("complete"), id: None, data: &[] };

/// Streams a query or subscription from the query string.
pub(in super::super) async fn query(state: &HttpState, parts: &Parts) -> Response {
    open(state, parts, None).await.unwrap_or_else(|refusal| refuse(Media::GraphQl, refusal))
}

/// Streams an operation of any kind from the body.
pub(in super::super) async fn execute(state: &HttpState, parts: Parts, body: Body) -> Response {
    let opened = match state.bodies.take(&parts.headers, body, state.bodies.limits().long_json) {
        Ok(unread) => open(state, &parts, Some(unread)).await,
        Err(refusal) => Err(refusal),
    };
    opened.unwrap_or_else(|refusal| refuse(Media::GraphQl, refusal))
}

/// Opens the stream. A malformed request has an error status; a refused operation is reported on the stream,
/// as the protocol requires, because browsers do not expose other responses.
async fn open(state: &HttpState, parts: &Parts, sent: Option<Unread>) -> Result<Response, Refusal> {
    let viewer = admit(state, &Credentials::for_stream(state, parts), true).await?;
    let may_change = sent.is_some();
    let ask = match sent {
        Some(unread) => read(state, &viewer, &parts.headers, unread).await?,
        None => GraphqlRequest::from_query(parts.uri.query().unwrap_or_default())?,
    };
    let after = last_event_id(&parts.headers);
    let seat = state.connection_limit.take(viewer.device.address.as_deref())?;
    let mut headers = HeaderMap::new();
    renew(state, &viewer, &mut headers);
    let id = state.app.new_id().map_err(refused)?;
    let mut subscriptions = 0;
    let events = match begin(state, &viewer, ask, &parts.headers, after, may_change).await? {
        StartedOperation::Answered(payload, more) => {
            headers.extend(more);
            once(state.answers.hold(network(&viewer), next(&payload))).boxed()
        }
        StartedOperation::Refused(failure) => once(next(&errors(*failure))).boxed(),
        StartedOperation::Stream(answers) => {
            subscriptions = 1;
            follow(answers).boxed()
        }
    };
    let opened = opened(ConnectionKind::GraphqlStream, &viewer, move || subscriptions);
    let listed = state.app.open_connections.open(id, opened);
    let ended = Failure::new(Code::Forbidden, ENDED_BY_ADMINISTRATOR, None);
    let last = [next(&errors(ended)), COMPLETE.write()].concat().into();
    let mut response = sse::response(stream::iter([OPENED]).chain(events));
    response.headers_mut().extend(headers);
    Ok(keep_open(&state.app.tasks, OpenStream { seat: Some(seat), listed, last }, response))
}

/// The one response and the end.
fn once(next: Bytes) -> impl Stream<Item = Bytes> {
    stream::iter([next, COMPLETE.write()])
}

fn next(payload: &[u8]) -> Bytes {
    Event { name: Some("next"), id: None, data: &[payload] }.write()
}

fn follow(answers: impl Stream<Item = Next>) -> impl Stream<Item = Bytes> {
    let events = answers.map(|said| match said {
        Next::Answer { payload, position } => {
            let id = position.as_ref().map(|position| position as _);
            Event { name: Some("next"), id, data: &[&payload] }.write()
        }
        Next::Refused(failure) => next(&errors(failure)),
    });
    events.chain(stream::iter([COMPLETE.write()]))
}
