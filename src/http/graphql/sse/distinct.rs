//! A stream for one operation: each answer is a `next`, the end a `complete`.

use axum::{
    body::Body,
    http::{HeaderMap, request::Parts},
    response::Response,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use super::{
    super::{
        ask::Ask,
        body,
        media::Media,
        refuse,
        start::{Next, Started},
    },
    OPENED, begin, errors, read,
};
use crate::{
    http::{
        Doors,
        rest::{Knock, admit, renew},
        seats::keep_open,
    },
    rest::{Refusal, Unread, last_event_id},
    sse::{self, Event},
};

const COMPLETE: Event = Event { name: Some("complete"), id: None, data: &[] };

/// A query or subscription from the query string.
pub(in super::super) async fn query(doors: &Doors, parts: &Parts) -> Response {
    open(doors, parts, None).await.unwrap_or_else(|refusal| refuse(Media::GraphQl, refusal))
}

/// An operation of any kind from the body.
pub(in super::super) async fn execute(doors: &Doors, parts: Parts, body: Body) -> Response {
    let opened = match doors.bodies.take(&parts.headers, body, doors.bodies.limits().long_json) {
        Ok(unread) => open(doors, &parts, Some(unread)).await,
        Err(refusal) => Err(refusal),
    };
    opened.unwrap_or_else(|refusal| refuse(Media::GraphQl, refusal))
}

/// Opens the stream. What is wrong with the request itself has its status; what is wrong with the operation is told on
/// the stream, as the protocol demands: a browser would not show an answer that is none.
async fn open(doors: &Doors, parts: &Parts, sent: Option<Unread>) -> Result<Response, Refusal> {
    let viewer = admit(doors, &Knock::to_stream(doors, parts), true).await?;
    let may_change = sent.is_some();
    let ask = match sent {
        Some(unread) => read(doors, &viewer, &parts.headers, unread).await?,
        None => Ask::from_query(parts.uri.query().unwrap_or_default())?,
    };
    let after = last_event_id(&parts.headers);
    let seat = doors.seats.take(viewer.device.address.as_deref())?;
    let mut headers = HeaderMap::new();
    renew(doors, &viewer, &mut headers);
    let events = match begin(doors, &viewer, ask, &parts.headers, after, may_change).await? {
        Started::Answered(outcome) => {
            let payload = body(*outcome, &mut headers);
            let next = Event { name: Some("next"), id: None, data: &[&payload] };
            stream::iter([next.write(), COMPLETE.write()]).boxed()
        }
        Started::Stream(answers) => follow(answers).boxed(),
    };
    let mut response = sse::response(stream::iter([OPENED]).chain(events));
    response.headers_mut().extend(headers);
    Ok(keep_open(&doors.app.tasks, Some(seat), response))
}

fn follow(answers: impl Stream<Item = Next>) -> impl Stream<Item = Bytes> {
    let next = answers.map(|next| match next {
        Next::Answer { payload, position } => {
            let id = position.as_ref().map(|position| position as _);
            Event { name: Some("next"), id, data: &[&payload] }.write()
        }
        Next::Refused(failure) => Event { name: Some("next"), id: None, data: &[&errors(failure)] }.write(),
    });
    next.chain(stream::iter([COMPLETE.write()]))
}
