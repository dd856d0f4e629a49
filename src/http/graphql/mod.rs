//! GraphQL over HTTP: the media types, methods and statuses of the GraphQL-over-HTTP draft.

mod ask;
mod documents;
mod files;
mod media;
mod operation;
mod operations;
pub(super) mod socket;
pub(super) mod sse;
mod start;

use async_graphql::{
    Executor, Response as Answer, Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use futures_util::{StreamExt, stream};

use self::{
    ask::{Ask, Body},
    media::Media,
};
pub(super) use self::{documents::Documents, operation::Limits};
use super::{
    Doors,
    edge::refusal,
    rest::{Knock, admit, refused, renew},
};
use crate::{
    auth::{OPEN_TO_BANNED, Viewer, origin::refuse_form},
    document::{Bound, Demand, Failure, Prepared, without_files},
    domain::{Code, Retry},
    form,
    graphql::too_large,
    network::Network,
    rest::{IDEMPOTENCY_KEY, Received, Refusal, Unread, idempotency_key, is_secret},
};

/// What was asked for, answered or refused before it ran.
enum Outcome {
    Ran(Box<Answer>),
    Failed(Failure),
}

/// `GET /graphql`: a query; without one a browser is led to the playground.
pub(super) async fn query(State(doors): State<Doors>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if socket::is_wanted(&parts.headers) {
        return socket::open(&doors, parts).await;
    }
    let text = parts.uri.query().unwrap_or_default();
    if text.is_empty() && media::is_browser(&parts.headers) {
        return Redirect::to("/playground").into_response();
    }
    let Some(media) = Media::negotiate(&parts.headers) else { return not_acceptable() };
    if media == Media::Events {
        return sse::query(&doors, &parts).await;
    }
    match answer_query(&doors, &parts, text).await {
        Ok((outcome, headers)) => write(media, outcome, headers),
        Err(refusal) => refuse(media, refusal),
    }
}

/// `POST /graphql`: one request, or a batch of them.
pub(super) async fn execute(State(doors): State<Doors>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else { return not_acceptable() };
    if media == Media::Events {
        return sse::execute(&doors, parts, body).await;
    }
    let unread = match doors.bodies.take(&parts.headers, body, doors.bodies.limits().form) {
        Ok(unread) => unread,
        Err(refusal) => return refuse(media, refusal),
    };
    match answer_body(&doors, &parts, unread).await {
        Ok(Batch::One(outcome, headers)) => write(media, *outcome, headers),
        Ok(Batch::Many(outcomes, headers)) => write_batch(&doors, media, outcomes, headers),
        Err(refusal) => refuse(media, refusal),
    }
}

enum Batch {
    One(Box<Outcome>, HeaderMap),
    Many(Vec<Outcome>, HeaderMap),
}

async fn answer_query(doors: &Doors, parts: &Parts, text: &str) -> Result<(Outcome, HeaderMap), Refusal> {
    // Whether a banned account may ask is known once the document is.
    let viewer = admit(doors, &Knock::of(doors, parts), true).await?;
    let ask = Ask::from_query(text)?;
    let mut headers = HeaderMap::new();
    renew(doors, &viewer, &mut headers);
    let outcome = answer(doors, &viewer, ask, &parts.headers, false).await?;
    Ok((outcome, headers))
}

async fn answer_body(doors: &Doors, parts: &Parts, unread: Unread) -> Result<Batch, Refusal> {
    let viewer = admit(doors, &Knock::of(doors, parts), true).await?;
    // A text is what a foreign page could send without asking; a form too, so it needs a proof that somebody asked.
    // What was received counts as in memory until it is answered.
    let (asked, _received) = if media::is_json(&parts.headers) {
        let received = receive(doors, &viewer, unread, false).await?;
        (Body::parse(received.json(), doors.batch)?, received)
    } else if form::is_form(&parts.headers) {
        refuse_form(&parts.headers).map_err(refused)?;
        let received = receive(doors, &viewer, unread, true).await?;
        let read = Box::pin(form::read(&parts.headers, received.bytes.clone(), doors.form)).await?;
        (Body::from_form(read, doors.batch)?, received)
    } else {
        let message = "Content-Type must be application/json, or multipart/form-data for files";
        return Err(refusal(Code::UnsupportedMediaType, message));
    };
    let mut headers = HeaderMap::new();
    renew(doors, &viewer, &mut headers);
    match asked {
        Body::One(ask) => {
            let outcome = answer(doors, &viewer, *ask, &parts.headers, true).await?;
            Ok(Batch::One(Box::new(outcome), headers))
        }
        Body::Many(_) if parts.headers.contains_key(IDEMPOTENCY_KEY) => {
            let message = "A batch takes no Idempotency-Key: send its mutations one by one";
            Err(Refusal { field: Some(IDEMPOTENCY_KEY.to_owned()), ..refusal(Code::Invalid, message) })
        }
        Body::Many(asks) => {
            // Each counts as a request; the first was counted before the body was read.
            doors.limiter.count_many(viewer.device.address.as_deref(), asks.len().saturating_sub(1))?;
            let ready = batch(doors, &viewer, asks, &parts.headers)?;
            // One after the other: they may be mutations that build on one another.
            let run = stream::iter(ready).then(|ready| run(doors, &viewer, ready));
            Ok(Batch::Many(run.collect().await, headers))
        }
    }
}

/// Prepares all requests of a batch before any of them runs. Together they are within the limits of one.
fn batch(
    doors: &Doors,
    viewer: &Viewer,
    asks: Vec<Ask>,
    headers: &HeaderMap,
) -> Result<Vec<Result<Ready, Failure>>, Refusal> {
    let ready = asks.into_iter().map(|ask| permitted(doors, viewer, ask, headers, true));
    let ready: Vec<_> = ready.collect::<Result<_, _>>()?;
    let demands = ready.iter().filter_map(|ready| Some(ready.as_ref().ok()?.demand));
    match doors.documents.admit_batch(demands) {
        Ok(()) => Ok(ready),
        Err(failure) => {
            let message = failure.errors.first().map(|error| error.message.clone()).unwrap_or_default();
            Err(refusal(failure.code, format!("The batch as a whole: {message}")))
        }
    }
}

/// Reads a body. That of somebody who is signed in may be larger: it may carry long texts, or files.
async fn receive(doors: &Doors, viewer: &Viewer, unread: Unread, is_form: bool) -> Result<Received, Refusal> {
    let limits = doors.bodies.limits();
    let most = match (viewer.identity.is_some(), is_form) {
        (false, _) => limits.json,
        (true, false) => limits.long_json,
        (true, true) => limits.form,
    };
    unread.receive(most, viewer.device.address.as_deref().and_then(Network::parse)).await
}

async fn answer(
    doors: &Doors,
    viewer: &Viewer,
    ask: Ask,
    headers: &HeaderMap,
    may_change: bool,
) -> Result<Outcome, Refusal> {
    let ready = permitted(doors, viewer, ask, headers, may_change)?;
    Ok(run(doors, viewer, ready).await)
}

async fn run(doors: &Doors, viewer: &Viewer, ready: Result<Ready, Failure>) -> Outcome {
    match ready {
        Ok(ready) => Outcome::Ran(Box::new(ready.run(doors, viewer).await)),
        Err(failure) => Outcome::Failed(failure),
    }
}

/// An operation that a request of this method may carry.
fn permitted(
    doors: &Doors,
    viewer: &Viewer,
    ask: Ask,
    headers: &HeaderMap,
    may_change: bool,
) -> Result<Result<Ready, Failure>, Refusal> {
    let ready = match prepare(doors, viewer, ask, Some(headers))? {
        Ok(ready) => ready,
        Err(failure) => return Ok(Err(failure)),
    };
    match ready.operation {
        OperationType::Query => Ok(Ok(ready)),
        OperationType::Mutation if may_change => Ok(Ok(ready)),
        OperationType::Mutation => {
            let mut refusal =
                refusal(Code::MethodNotAllowed, "GET is for queries; send a mutation with POST");
            refusal.headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            Err(refusal)
        }
        OperationType::Subscription => {
            let message = "A subscription needs a WebSocket, or Accept: text/event-stream";
            Ok(Err(documents::failure(Code::GraphqlValidationFailed, message)))
        }
    }
}

/// An operation that whoever asks may run, with its variables.
struct Ready {
    operation: OperationType,
    document: ExecutableDocument,
    variables: Variables,
    demand: Demand,
    retry: Option<Retry>,
    /// What makes two questions the same: the document, and the variables but the position to go on from.
    key: String,
}

impl Ready {
    /// Runs a query or mutation.
    async fn run(self, doors: &Doors, viewer: &Viewer) -> Answer {
        let mut request = async_graphql::Request::new("").variables(self.variables).data(viewer.clone());
        request.set_parsed_query(self.document);
        Retry::scope(self.retry, doors.graph.execute(request)).await
    }
}

/// Finds the document, binds its variables, and refuses what this viewer may not ask at all. The `headers` are those
/// of the request, where it is one.
fn prepare(
    doors: &Doors,
    viewer: &Viewer,
    mut ask: Ask,
    headers: Option<&HeaderMap>,
) -> Result<Result<Ready, Failure>, Refusal> {
    let prepared = match doors.documents.find(&ask) {
        Ok(prepared) => prepared,
        Err(failure) => return Ok(Err(failure)),
    };
    let open = prepared.root_fields.iter().all(|field| OPEN_TO_BANNED.contains(&field.as_str()));
    viewer.refuse_banned(open).map_err(refused)?;
    if !doors.introspection
        && prepared.root_fields.iter().any(|field| field == "__schema" || field == "__type")
    {
        return Ok(Err(documents::failure(Code::Forbidden, "Introspection is switched off here")));
    }
    let key = match (prepared.operation, headers) {
        (OperationType::Mutation, Some(headers)) => {
            idempotency_key(headers, is_secret(&prepared.root_fields))?
        }
        _ => None,
    };
    let key = key.map(|key| (key, ask.text_hash()));
    let given = std::mem::take(&mut ask.variables);
    let Bound { document, variables, demand } = match doors.documents.bind(&ask, &prepared, given) {
        Ok(bound) => bound,
        Err(failure) => return Ok(Err(failure)),
    };
    let retry = key.map(|(key, hash)| retry(key, &hash, &prepared, &variables)).transpose()?;
    let key = match prepared.operation {
        OperationType::Subscription => start::key(&ask, &prepared, &variables)?,
        _ => String::new(),
    };
    Ok(Ok(Ready { operation: prepared.operation, document, variables, demand, retry, key }))
}

/// A mutation that may be sent again. `hash` is that of its document.
fn retry(key: String, hash: &str, prepared: &Prepared, variables: &Variables) -> Result<Retry, Refusal> {
    let variables = serde_json::to_string(&without_files(variables))
        .map_err(|_| refusal(Code::Internal, "Internal error"))?;
    Ok(Retry::new(key, &format!("{hash} {} {variables}", prepared.name.as_deref().unwrap_or_default())))
}

fn write(media: Media, outcome: Outcome, mut headers: HeaderMap) -> Response {
    let status = media.status(&outcome);
    let body = body(outcome, &mut headers);
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, headers, body).into_response()
}

fn write_batch(doors: &Doors, media: Media, outcomes: Vec<Outcome>, mut headers: HeaderMap) -> Response {
    let mut bytes = vec![b'['];
    for (place, outcome) in outcomes.into_iter().enumerate() {
        if place > 0 {
            bytes.push(b',');
        }
        let mut one = body(outcome, &mut headers);
        // Each is within the limit; so are they together.
        if bytes.len() + one.len() > doors.response_bytes {
            let failure = documents::failure(Code::ResponseTooLarge, &too_large(doors.response_bytes));
            one = body(Outcome::Failed(failure), &mut headers);
        }
        bytes.extend(one);
    }
    bytes.push(b']');
    headers.insert(header::CONTENT_TYPE, media.content_type());
    (StatusCode::OK, headers, bytes).into_response()
}

/// An answer as JSON; what failed before it ran has no `data`.
fn body(outcome: Outcome, headers: &mut HeaderMap) -> Vec<u8> {
    let json = match outcome {
        Outcome::Ran(answer) => {
            for (name, value) in &answer.http_headers {
                headers.append(name, value.clone());
            }
            serde_json::to_vec(&*answer)
        }
        Outcome::Failed(failure) => serde_json::to_vec(&serde_json::json!({ "errors": failure.errors })),
    };
    json.unwrap_or_else(|error| {
        tracing::error!(%error, "writing an answer");
        br#"{"errors":[{"message":"Internal error","extensions":{"code":"INTERNAL"}}]}"#.to_vec()
    })
}

/// A refusal of the whole request, in GraphQL's shape.
fn refuse(media: Media, mut refusal: Refusal) -> Response {
    let mut headers = std::mem::take(&mut refusal.headers);
    headers.insert(header::CONTENT_TYPE, media.content_type());
    if let Some(seconds) = refusal.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = body(Outcome::Failed(documents::refused(refusal)), &mut headers);
    (status, headers, body).into_response()
}

fn not_acceptable() -> Response {
    let text = "Accept must allow application/json, application/graphql-response+json or text/event-stream";
    (StatusCode::NOT_ACCEPTABLE, text).into_response()
}
