//! Routes that stream: a query or mutation, then the subscription to its result, one SSE line per event.

use std::sync::Arc;

use async_graphql::{Name, Request, Response as Outcome, Value as ConstValue, Variables, indexmap::IndexMap};
use axum::{http::HeaderMap, response::Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use uuid::Uuid;

use super::{
    operation::succeed,
    route::{Route, StreamPlan},
    writer,
};
use crate::transport::{Refusal, json};
use crate::{
    error::Code,
    graphql::{SubscriptionExecutor, SubscriptionRequest},
    live::{ENDED_BY_ADMINISTRATOR, Next, Position},
    transport::sse::{self, Event},
};

/// Header with which an interrupted stream continues.
const LAST_EVENT_ID: &str = "Last-Event-ID";

/// The last event of a stream that a mutation started.
const DONE: &[u8] = br#"{"type":"done"}"#;

/// Executes the operation. If it succeeds, the response streams the subscription's events.
pub(super) async fn answer<E: SubscriptionExecutor>(
    executor: &E,
    route: &Route,
    follow: &StreamPlan,
    mut request: Request,
    variables: Variables,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    // One viewer for two operations: request data cannot be cloned, session data is shared.
    let viewer = Arc::new(std::mem::take(&mut request.data));
    let sent = last_event_id_text(headers);
    let mut outcome = Outcome::default();
    let mut has_run = false;
    let (fed, after) = match (&follow.topic, sent) {
        // A client that continues a stream must not run the mutation again.
        (Some(topic), Some(sent)) => {
            let (value, after) = sent.rsplit_once('.').ok_or_else(foreign)?;
            Uuid::try_parse(value).map_err(|_| foreign())?;
            let mut fed = variables.clone();
            fed.insert(topic.clone(), ConstValue::from(value));
            (pick(follow, |name| fed.get(name)), Some(position(after)))
        }
        (_, sent) => {
            request.set_parsed_query(route.document.clone());
            request.variables = variables.clone();
            let done = executor.execute_stream(request, Some(viewer.clone())).next().await;
            outcome = succeed(done.ok_or_else(|| Refusal::new(Code::Internal, "Internal error"))?)?;
            has_run = route.docs.mutation;
            if let Some(missing) = &route.missing
                && super::operation::is_null(&outcome.data)
            {
                let (status, body) = super::operation::absent(missing, &outcome.http_headers)?;
                return Ok(super::answer::plain(status, outcome.http_headers, body));
            }
            let handed = |name: &Name| find(&outcome.data, name).or_else(|| variables.get(name));
            (pick(follow, handed), sent.map(position))
        }
    };
    let topic = match follow.topic.as_ref().and_then(|topic| fed.get(topic)) {
        Some(ConstValue::String(topic)) => format!("{topic}."),
        _ => String::new(),
    };
    let mut request = Request::new("");
    request.set_parsed_query(follow.document.clone());
    request.variables = fed;
    let question = SubscriptionRequest {
        key: key(route, &request.variables)?,
        request,
        session: viewer,
        is_viewer_dependent: follow.personal,
        after,
    };
    // Legacy clients of streams that a mutation started do not expect `id:` lines; only clients that can continue
    // request them.
    let numbered = !route.docs.mutation || headers.contains_key(super::IDEMPOTENCY_KEY) || sent.is_some();
    let writer = follow.writer.clone();
    let write = Arc::new(move |event: &Outcome| data(&writer, event));
    let is_fed = route.docs.mutation;
    let events = match executor.listen(question, write).await {
        Ok(events) => events,
        Err(refused) => {
            let refusal = match refused.errors.first() {
                Some(error) => Refusal::of(error, HeaderMap::new()),
                None => Refusal::new(Code::Internal, "Internal error"),
            };
            if !has_run {
                return Err(refusal);
            }
            // The response has begun, so an error must be sent as an event.
            let line = last(refusal.message, refusal.code, is_fed);
            return Ok(sse::response(stream::iter([line])));
        }
    };
    let lines = events.map(move |next| match next {
        Next::Answer { payload, position } => {
            let id = position.filter(|_| numbered).map(|position| format!("{topic}{position}"));
            Event { id: id.as_ref().map(|id| id as _), data: &[&payload], ..Event::default() }.write()
        }
        Next::Refused(error) => last(error.to_string(), error.code(), is_fed),
    });
    let mut response = sse::response(lines);
    response.headers_mut().extend(outcome.http_headers);
    let ended = last(ENDED_BY_ADMINISTRATOR.to_owned(), Code::Forbidden, is_fed);
    response.extensions_mut().insert(FinalEvent(ended));
    if is_fed {
        response.extensions_mut().insert(EndsByItself);
    }
    Ok(response)
}

/// Marks a stream that a mutation started: it ends when the mutation's work is done.
#[derive(Clone, Copy, Debug)]
pub struct EndsByItself;

/// The last event of a stream that an administrator ends.
#[derive(Clone, Debug)]
pub struct FinalEvent(pub Bytes);

/// Returns the key of equal subscriptions: the route and the variables except the position.
fn key(route: &Route, variables: &Variables) -> Result<String, Refusal> {
    let mut variables = variables.clone();
    variables.remove("after");
    let variables = serde_json::to_string(&variables);
    let variables = variables.map_err(|_| Refusal::new(Code::Internal, "Internal error"))?;
    Ok(format!("{} {} {variables}", route.method, route.path))
}

/// Returns the position at which an interrupted stream continues. Returns `None` if the client has no event
/// yet, and [`Position::LOST`] for an invalid position, because an `EventSource` does not recover from an
/// error.
pub fn last_event_id(headers: &HeaderMap) -> Option<Position> {
    last_event_id_text(headers).map(position)
}

/// Returns the id of the last line that the client has. An `EventSource` without one may send an empty id.
fn last_event_id_text(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(LAST_EVENT_ID)?;
    // A value that is not text is an unknown id.
    let sent = sent.to_str().unwrap_or("?").trim();
    (!sent.is_empty()).then_some(sent)
}

fn position(sent: &str) -> Position {
    Position::parse("Last-Event-ID", sent).unwrap_or(Position::LOST)
}

fn foreign() -> Refusal {
    Refusal::about(Code::Invalid, LAST_EVENT_ID, "Last-Event-ID is not a position of this stream")
}

/// Returns the subscription's variables.
fn pick<'a>(follow: &StreamPlan, value: impl Fn(&Name) -> Option<&'a ConstValue>) -> Variables {
    let mut variables = Variables::default();
    for name in &follow.variables {
        if let Some(value) = value(name) {
            variables.insert(name.clone(), value.clone());
        }
    }
    variables
}

fn find<'a>(data: &'a ConstValue, name: &Name) -> Option<&'a ConstValue> {
    let ConstValue::Object(fields) = data else { return None };
    fields.get(name).or_else(|| fields.values().find_map(|field| find(field, name)))
}

fn data(writer: &writer::Writer, event: &Outcome) -> Bytes {
    match event.errors.first() {
        None => writer.write(&event.data).body.into(),
        Some(error) => failure(Refusal::of(error, HeaderMap::new()).message, None),
    }
}

/// Returns the event of an early end. Clients of streams that a mutation started also wait for `done`.
fn last(message: String, code: Code, is_fed: bool) -> Bytes {
    let write = |data: &[u8]| Event { data: &[data], ..Event::default() }.write();
    let failed = write(&failure(message, Some(code)));
    if is_fed { [failed, write(DONE)].concat().into() } else { failed }
}

fn failure(message: String, code: Option<Code>) -> Bytes {
    let mut object = IndexMap::new();
    object.insert(Name::new("type"), ConstValue::from("error"));
    object.insert(Name::new("message"), ConstValue::String(message));
    if let Some(code) = code {
        object.insert(Name::new("code"), ConstValue::from(code.as_str()));
    }
    json::bytes(&ConstValue::Object(object)).into()
}
