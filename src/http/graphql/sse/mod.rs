//! GraphQL over server-sent events, the protocol of the npm package `graphql-sse`: a stream per operation, or
//! one stream for many.

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
    Media, Outcome, answer, media, not_acceptable, receive, refuse,
    request::{self, GraphqlRequest},
    start::{StartedOperation, start},
};
use crate::{
    auth::Viewer,
    document::Failure,
    error::Code,
    http::{HttpState, middleware::refusal},
    live::Position,
    rest::Unread,
    transport::Refusal,
};

/// Written first: some proxies and browsers hold a response back until its body begins.
const OPENED: Bytes = Bytes::from_static(b":\n\n");

/// `/graphql/stream`: a request with a stream's token belongs to that stream; any other has its own.
pub(in crate::http) async fn handle(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let token = single::token(&parts);
    let opens = Media::negotiate(&parts.headers) == Some(Media::Events);
    let answer = match (&parts.method, token) {
        (&Method::PUT, _) => single::reserve(&state, &parts).await,
        (&Method::DELETE, token) => single::stop(&state, &parts, token.as_deref()).await,
        (&Method::GET | &Method::POST, Some(token)) if opens => single::connect(&state, &parts, &token).await,
        (&Method::GET | &Method::POST, Some(token)) => single::operate(&state, parts, body, &token).await,
        (&Method::GET | &Method::POST, None) if !media::allows_events(&parts.headers) => {
            return not_acceptable();
        }
        (&Method::GET, None) => return query(&state, &parts).await,
        (&Method::POST, None) => return execute(&state, parts, body).await,
        _ => Err(not_allowed()),
    };
    answer.unwrap_or_else(|refusal| refuse(Media::GraphQl, refusal))
}

/// Begins an operation: a subscription continues, any other is answered once.
async fn begin(
    state: &HttpState,
    viewer: &Viewer,
    ask: GraphqlRequest,
    headers: &HeaderMap,
    after: Option<Position>,
    may_change: bool,
) -> Result<StartedOperation, Refusal> {
    let prepared = state.documents.find(&ask);
    if prepared.is_ok_and(|prepared| prepared.operation == OperationType::Subscription) {
        return start(state, viewer, ask, after).await;
    }
    let outcome = answer(state, viewer, ask, headers, may_change).await?;
    Ok(StartedOperation::of(state, viewer, outcome))
}

/// Reads the one request of a body after checking its media type.
async fn read(
    state: &HttpState,
    viewer: &Viewer,
    headers: &HeaderMap,
    unread: Unread,
) -> Result<GraphqlRequest, Refusal> {
    if !media::is_json(headers) {
        return Err(refusal(Code::UnsupportedMediaType, "Content-Type must be application/json"));
    }
    let received = receive(state, viewer, unread, false).await?;
    request::read(headers, received.json())
}

/// Serializes a failure as the JSON of a response.
fn errors(failure: Failure) -> Bytes {
    super::body(Outcome::Failed(failure), &mut HeaderMap::new()).into()
}

fn not_allowed() -> Refusal {
    let mut refusal = refusal(Code::MethodNotAllowed, "This path accepts GET, POST, PUT and DELETE");
    refusal.headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST, PUT, DELETE"));
    refusal
}
