//! GraphQL over HTTP: the media types, methods and statuses of the GraphQL-over-HTTP draft.

mod cost;
mod documents;
mod files;
mod media;
mod operation;
mod operations;
mod request;
pub(super) mod socket;
pub(super) mod sse;
mod start;
mod trusted;
mod write;

use async_graphql::{
    Executor, Response as Answer, Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};

pub(super) use self::{documents::Documents, operation::Limits};
use self::{
    media::Media,
    request::{Body, GraphqlRequest},
    write::{body, not_acceptable, refuse, write, write_batch},
};
use super::{
    HttpState,
    middleware::refusal,
    rest::{Credentials, admit, refused, renew},
};
use crate::{
    auth::{ALLOWED_WHEN_BANNED, Viewer, origin::refuse_form},
    document::{Bound, DocumentSize, Failure, Prepared, without_files},
    domain::IdempotencyKey,
    error::Code,
    graphql::{Expected, bytes_of, too_large},
    rest::{IDEMPOTENCY_KEY, Received, Unread, idempotency_key, is_secret},
    security::network::Network,
    traces,
    transport::{Refusal, form},
};

/// Result of an operation: a response, or a refusal before execution.
enum Outcome {
    Ran(Box<Answer>),
    Failed(Failure),
}

/// `GET /graphql`: executes a query; without one, redirects browsers to the playground.
pub(super) async fn query(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if socket::is_wanted(&parts.headers) {
        return socket::open(&state, parts).await;
    }
    let text = parts.uri.query().unwrap_or_default();
    if text.is_empty() && media::is_browser(&parts.headers) {
        return Redirect::to("/playground").into_response();
    }
    let Some(media) = Media::negotiate(&parts.headers) else { return not_acceptable() };
    if media == Media::Events {
        return sse::query(&state, &parts).await;
    }
    match answer_query(&state, &parts, text).await {
        Ok((outcome, headers)) => write(media, outcome, headers),
        Err(refusal) => refuse(media, refusal),
    }
}

/// Refuses other methods.
pub(super) async fn refuse_method(headers: HeaderMap) -> Response {
    let Some(media) = Media::negotiate(&headers) else { return not_acceptable() };
    let mut refusal = refusal(Code::MethodNotAllowed, "This path accepts GET and POST");
    refusal.headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    refuse(media, refusal)
}

/// `POST /graphql`: executes one request or a batch.
pub(super) async fn execute(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(media) = Media::negotiate(&parts.headers) else { return not_acceptable() };
    if media == Media::Events {
        return sse::execute(&state, parts, body).await;
    }
    let unread = match state.bodies.take(&parts.headers, body, state.bodies.limits().form) {
        Ok(unread) => unread,
        Err(refusal) => return refuse(media, refusal),
    };
    match answer_body(&state, &parts, unread).await {
        Ok(Batch::One(outcome, headers)) => write(media, *outcome, headers),
        Ok(Batch::Many(outcomes, headers)) => write_batch(&state, media, outcomes, headers),
        Err(refusal) => refuse(media, refusal),
    }
}

enum Batch {
    One(Box<Outcome>, HeaderMap),
    Many(Vec<Outcome>, HeaderMap),
}

async fn answer_query(state: &HttpState, parts: &Parts, text: &str) -> Result<(Outcome, HeaderMap), Refusal> {
    // Whether the operation is open to banned accounts is known after the document.
    let viewer = admit(state, &Credentials::of(state, parts), true).await?;
    let ask = GraphqlRequest::from_query(text)?;
    let mut headers = HeaderMap::new();
    renew(state, &viewer, &mut headers);
    let outcome = answer(state, &viewer, ask, &parts.headers, false).await?;
    Ok((outcome, headers))
}

async fn answer_body(state: &HttpState, parts: &Parts, unread: Unread) -> Result<Batch, Refusal> {
    let viewer = admit(state, &Credentials::of(state, parts), true).await?;
    // A page of another origin can send text and forms without a preflight, so a form needs a header that
    // proves one. The received bytes count as in memory until the response is sent.
    let (asked, _received) = if media::is_json(&parts.headers) {
        let received = receive(state, &viewer, unread, false).await?;
        (Body::parse(received.json(), state.batch)?, received)
    } else if form::is_form(&parts.headers) {
        refuse_form(&parts.headers).map_err(refused)?;
        let received = receive(state, &viewer, unread, true).await?;
        let read = Box::pin(form::read(&parts.headers, received.bytes.clone(), state.form)).await?;
        (Body::from_form(read, state.batch)?, received)
    } else {
        let message = "Content-Type must be application/json, or multipart/form-data for files";
        return Err(refusal(Code::UnsupportedMediaType, message));
    };
    let mut headers = HeaderMap::new();
    renew(state, &viewer, &mut headers);
    match asked {
        Body::One(ask) => {
            let outcome = answer(state, &viewer, *ask, &parts.headers, true).await?;
            Ok(Batch::One(Box::new(outcome), headers))
        }
        Body::Many(_) if parts.headers.contains_key(IDEMPOTENCY_KEY) => {
            let message = "A batch accepts no Idempotency-Key: send its mutations separately";
            Err(Refusal { field: Some(IDEMPOTENCY_KEY.to_owned()), ..refusal(Code::Invalid, message) })
        }
        Body::Many(asks) => {
            // Each request counts; the first was counted before the body was read.
            state.limiter.count_many(viewer.device.address.as_deref(), asks.len().saturating_sub(1))?;
            let ready = batch(state, &viewer, asks, &parts.headers)?;
            // In order: they may be mutations that depend on one another.
            Ok(Batch::Many(run_all(state, &viewer, ready).await, headers))
        }
    }
}

/// Runs the requests of a batch, one after another. Together their answers are within the limit of one.
async fn run_all(state: &HttpState, viewer: &Viewer, ready: Vec<Result<Ready, Failure>>) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(ready.len());
    let mut bytes = 0_usize;
    for ready in ready {
        let mut outcome = run(state, viewer, ready).await;
        if let Outcome::Ran(answer) = &outcome {
            let one = bytes_of(&answer.data);
            if bytes.saturating_add(one) > state.response_bytes {
                let message = too_large(state.response_bytes);
                outcome = Outcome::Failed(Failure::new(Code::ResponseTooLarge, message, None));
            } else {
                bytes += one;
            }
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// Prepares all requests of a batch before any of them runs. Together they must be within the limits of one.
fn batch(
    state: &HttpState,
    viewer: &Viewer,
    asks: Vec<GraphqlRequest>,
    headers: &HeaderMap,
) -> Result<Vec<Result<Ready, Failure>>, Refusal> {
    let ready = asks.into_iter().map(|ask| permitted(state, viewer, ask, headers, true));
    let ready: Vec<_> = ready.collect::<Result<_, _>>()?;
    let demands = ready.iter().filter_map(|ready| Some(ready.as_ref().ok()?.demand));
    match state.documents.admit_batch(demands) {
        Ok(()) => Ok(ready),
        Err(failure) => {
            let message = failure.errors.first().map(|error| error.message.clone()).unwrap_or_default();
            Err(refusal(failure.code, format!("The batch as a whole: {message}")))
        }
    }
}

/// Reads a body. Signed-in callers may send a larger one, for long texts and files.
async fn receive(
    state: &HttpState,
    viewer: &Viewer,
    unread: Unread,
    is_form: bool,
) -> Result<Received, Refusal> {
    let limits = state.bodies.limits();
    let most = match (viewer.identity.is_some(), is_form) {
        (false, _) => limits.json,
        (true, false) => limits.long_json,
        (true, true) => limits.form,
    };
    unread.receive(most, network(viewer)).await
}

async fn answer(
    state: &HttpState,
    viewer: &Viewer,
    ask: GraphqlRequest,
    headers: &HeaderMap,
    may_change: bool,
) -> Result<Outcome, Refusal> {
    let ready = permitted(state, viewer, ask, headers, may_change)?;
    Ok(run(state, viewer, ready).await)
}

async fn run(state: &HttpState, viewer: &Viewer, ready: Result<Ready, Failure>) -> Outcome {
    match ready {
        Ok(ready) => run_within(state, viewer, ready).await,
        Err(failure) => Outcome::Failed(failure),
    }
}

/// Runs an operation unless unread answers fill the memory. The answer of a query can also be given up after it ran;
/// that of a mutation is the only evidence of its effects.
async fn run_within(state: &HttpState, viewer: &Viewer, ready: Ready) -> Outcome {
    let network = network(viewer);
    let is_query = ready.operation == OperationType::Query;
    if let Err(refusal) = state.answers.admit(network) {
        return Outcome::Failed(documents::refused(refusal));
    }
    let answer = ready.run(state, viewer).await;
    match state.answers.admit(network) {
        Err(refusal) if is_query => Outcome::Failed(documents::refused(refusal)),
        _ => Outcome::Ran(Box::new(answer)),
    }
}

/// Returns the network of a viewer.
fn network(viewer: &Viewer) -> Option<Network> {
    viewer.device.address.as_deref().and_then(Network::parse)
}

/// Returns the operation if a request of this method may carry it.
fn permitted(
    state: &HttpState,
    viewer: &Viewer,
    ask: GraphqlRequest,
    headers: &HeaderMap,
    may_change: bool,
) -> Result<Result<Ready, Failure>, Refusal> {
    let ready = match prepare(state, viewer, ask, Some(headers))? {
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
            Ok(Err(Failure::new(Code::GraphqlValidationFailed, message, None)))
        }
    }
}

/// A permitted operation with its variables.
struct Ready {
    operation: OperationType,
    /// Name of the operation, if it has one.
    name: Option<String>,
    document: ExecutableDocument,
    variables: Variables,
    demand: DocumentSize,
    /// The most bytes of its answer, roughly.
    bytes: usize,
    retry: Option<IdempotencyKey>,
    /// Whether the answer has the cost of the operation.
    shows_cost: bool,
    /// Key of equal subscriptions: the document and the variables except the position.
    key: String,
}

impl Ready {
    /// Executes a query or mutation.
    async fn run(self, state: &HttpState, viewer: &Viewer) -> Answer {
        let mut request = async_graphql::Request::new("")
            .variables(self.variables)
            .data(viewer.clone())
            .data(Expected(self.bytes));
        request.set_parsed_query(self.document);
        let kind = if self.operation == OperationType::Query { "query" } else { "mutation" };
        // Boxed: it is large, and each wrapper around it would hold it on the stack.
        let run = Box::pin(IdempotencyKey::scope(self.retry, state.graph.execute(request)));
        let mut answer = traces::operation(kind, self.name.as_deref(), viewer.kind(), run).await;
        if self.shows_cost {
            cost::show(&mut answer, self.demand.complexity, state.documents.most_complexity());
        }
        answer
    }
}

/// Finds the document, binds its variables and refuses operations that the viewer may not run. `headers` are
/// those of the request, if there is one.
fn prepare(
    state: &HttpState,
    viewer: &Viewer,
    mut ask: GraphqlRequest,
    headers: Option<&HeaderMap>,
) -> Result<Result<Ready, Failure>, Refusal> {
    let prepared = match state.documents.find(&ask) {
        Ok(prepared) => prepared,
        Err(failure) => return Ok(Err(failure)),
    };
    let open = prepared.root_fields.iter().all(|field| ALLOWED_WHEN_BANNED.contains(&field.as_str()));
    viewer.refuse_banned(open).map_err(refused)?;
    if !state.introspection
        && prepared.root_fields.iter().any(|field| field == "__schema" || field == "__type")
    {
        return Ok(Err(Failure::new(Code::Forbidden, "Introspection is disabled", None)));
    }
    let key = match (prepared.operation, headers) {
        (OperationType::Mutation, Some(headers)) => {
            idempotency_key(headers, is_secret(&prepared.root_fields))?
        }
        _ => None,
    };
    let key = key.map(|key| (key, ask.text_hash()));
    let given = std::mem::take(&mut ask.variables);
    let Bound { document, variables, demand, bytes } = match state.documents.bind(&ask, &prepared, given) {
        Ok(bound) => bound,
        Err(failure) => return Ok(Err(failure)),
    };
    let retry = key.map(|(key, hash)| retry(key, &hash, &prepared, &variables)).transpose()?;
    let key = match prepared.operation {
        OperationType::Subscription => start::key(&ask, &prepared, &variables)?,
        _ => String::new(),
    };
    let shows_cost = headers.is_some_and(cost::is_wanted);
    let operation = prepared.operation;
    let name = prepared.name.as_deref().map(str::to_owned);
    Ok(Ok(Ready { operation, name, document, variables, demand, bytes, retry, shows_cost, key }))
}

/// Creates the idempotency key of a mutation. `hash` is that of its document.
fn retry(
    key: String,
    hash: &str,
    prepared: &Prepared,
    variables: &Variables,
) -> Result<IdempotencyKey, Refusal> {
    let variables = serde_json::to_string(&without_files(variables))
        .map_err(|_| refusal(Code::Internal, "Internal error"))?;
    Ok(IdempotencyKey::new(
        key,
        &format!("{hash} {} {variables}", prepared.name.as_deref().unwrap_or_default()),
    ))
}
