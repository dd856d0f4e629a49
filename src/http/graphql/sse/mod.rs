//! GraphQL over server-sent events, the protocol of the npm package `graphql-sse`: a stream for each operation, or one
//! stream that carries many.

mod distinct;
mod reservations;
mod single;

use async_graphql::parser::types::OperationType;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::Response,
};
use bytes::Bytes;

pub(super) use self::distinct::{execute, query};
pub(in crate::http) use self::reservations::Reservations;
use super::{
    Media, Outcome, answer,
    ask::{self, Ask},
    media, not_acceptable, receive, refuse,
    start::{Started, start},
};
use crate::{
    auth::Viewer,
    document::Failure,
    domain::Code,
    http::{Doors, edge::refusal},
    live::Position,
    rest::{Refusal, Unread},
};

/// Written first: some proxies and browsers hold an answer back until it has a body.
const OPENED: Bytes = Bytes::from_static(b":\n\n");

/// `/graphql/stream`: what comes with a stream's token belongs to that stream, anything else has one of its own.
pub(in crate::http) async fn handle(State(doors): State<Doors>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let token = single::token(&parts);
    let opens = Media::negotiate(&parts.headers) == Some(Media::Events);
    let answer = match (&parts.method, token) {
        (&Method::PUT, _) => single::reserve(&doors, &parts).await,
        (&Method::DELETE, token) => single::stop(&doors, &parts, token.as_deref()).await,
        (&Method::GET | &Method::POST, Some(token)) if opens => single::connect(&doors, &parts, &token).await,
        (&Method::GET | &Method::POST, Some(token)) => single::operate(&doors, parts, body, &token).await,
        (&Method::GET | &Method::POST, None) if !media::allows_events(&parts.headers) => {
            return not_acceptable();
        }
        (&Method::GET, None) => return query(&doors, &parts).await,
        (&Method::POST, None) => return execute(&doors, parts, body).await,
        _ => Err(not_allowed()),
    };
    answer.unwrap_or_else(|refusal| refuse(Media::GraphQl, refusal))
}

/// Begins what is asked: a subscription goes on, anything else is answered as any request is.
async fn begin(
    doors: &Doors,
    viewer: &Viewer,
    ask: Ask,
    headers: &HeaderMap,
    after: Option<Position>,
    may_change: bool,
) -> Result<Started, Refusal> {
    let prepared = doors.documents.find(&ask);
    if prepared.is_ok_and(|prepared| prepared.operation == OperationType::Subscription) {
        return start(doors, viewer, ask, after).await;
    }
    let outcome = answer(doors, viewer, ask, headers, may_change).await?;
    Ok(Started::Answered(Box::new(outcome)))
}

/// The one request in a body, once its type is known to be read here.
async fn read(doors: &Doors, viewer: &Viewer, headers: &HeaderMap, unread: Unread) -> Result<Ask, Refusal> {
    if !media::is_json(headers) {
        return Err(refusal(Code::UnsupportedMediaType, "Content-Type must be application/json"));
    }
    let received = receive(doors, viewer, unread, false).await?;
    ask::read(headers, received.json())
}

/// What was refused, as the JSON of an answer.
fn errors(failure: Failure) -> Bytes {
    super::body(Outcome::Failed(failure), &mut HeaderMap::new()).into()
}

fn not_allowed() -> Refusal {
    let mut refusal = refusal(Code::MethodNotAllowed, "This address knows GET, POST, PUT and DELETE");
    refusal.headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST, PUT, DELETE"));
    refusal
}
