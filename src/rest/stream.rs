//! Routes that stream: a query or mutation, then the subscription that its result feeds, one SSE line an event.

use std::sync::Arc;

use async_graphql::{Name, Request, Response as Outcome, Value as ConstValue, Variables, indexmap::IndexMap};
use axum::{http::HeaderMap, response::Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::{
    json,
    operation::succeed,
    refusal::Refusal,
    route::{Follow, Route},
    writer,
};
use crate::{
    domain::Code,
    graphql::{Listening, Question},
    live::{Next, Position},
    sse::{self, Event},
};

/// The header with which a stream that was cut goes on.
const LAST_EVENT_ID: &str = "last-event-id";

/// The last event of what a mutation feeds.
const DONE: &[u8] = br#"{"type":"done"}"#;

/// Runs the operation; when it succeeds, the answer is the stream of the subscription's events.
pub(super) async fn answer<E: Listening>(
    executor: &E,
    route: &Route,
    follow: &Follow,
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
        // Whoever goes on in what a mutation feeds does not want it done again.
        (Some(topic), Some(sent)) => {
            let (value, after) = sent.rsplit_once('.').ok_or_else(foreign)?;
            let mut fed = variables.clone();
            fed.insert(topic.clone(), ConstValue::from(value));
            (pick(follow, |name| fed.get(name)), Some(position(after)))
        }
        (_, sent) => {
            request.set_parsed_query(route.document.clone());
            request.variables = variables.clone();
            let done = executor.execute_stream(request, Some(viewer.clone())).next().await;
            outcome = succeed(done.ok_or_else(|| Refusal::new(Code::Internal, "Internal error"))?)?;
            has_run = route.words.mutation;
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
    let question = Question {
        key: key(route, &request.variables)?,
        request,
        session: viewer,
        personal: follow.personal,
        after,
    };
    // Legacy readers of what a mutation feeds know no `id:` lines; whoever can go on from one says so.
    let numbered = !route.words.mutation
        || headers.contains_key(super::IDEMPOTENCY_KEY)
        || headers.contains_key(LAST_EVENT_ID);
    let writer = follow.writer.clone();
    let write = Arc::new(move |event: &Outcome| data(&writer, event));
    let is_fed = route.words.mutation;
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
            // What has begun is not refused any more.
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
    if is_fed {
        response.extensions_mut().insert(EndsByItself);
    }
    Ok(response)
}

/// Marks a stream of what a mutation began: it ends when that is done.
#[derive(Clone, Copy, Debug)]
pub struct EndsByItself;

/// What makes two questions the same: the route and the variables but the position.
fn key(route: &Route, variables: &Variables) -> Result<String, Refusal> {
    let mut variables = variables.clone();
    variables.remove("after");
    let variables = serde_json::to_string(&variables);
    let variables = variables.map_err(|_| Refusal::new(Code::Internal, "Internal error"))?;
    Ok(format!("{} {} {variables}", route.method, route.path))
}

/// Where a stream that was cut goes on. Returns `None` if the client has no event yet, and [`Position::LOST`] for what is
/// no position of ours: a browser's event source never comes back from a refusal.
pub fn last_event_id(headers: &HeaderMap) -> Option<Position> {
    last_event_id_text(headers).map(position)
}

/// The id of the last line that the client has. An event source that has none may send an empty one.
fn last_event_id_text(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(LAST_EVENT_ID)?;
    // What is not text is an id that nobody gave.
    let sent = sent.to_str().unwrap_or("?").trim();
    (!sent.is_empty()).then_some(sent)
}

fn position(sent: &str) -> Position {
    Position::parse("Last-Event-ID", sent).unwrap_or(Position::LOST)
}

fn foreign() -> Refusal {
    Refusal::about(Code::Invalid, LAST_EVENT_ID, "Last-Event-ID is not a position of this stream")
}

/// The subscription's variables.
fn pick<'a>(follow: &Follow, value: impl Fn(&Name) -> Option<&'a ConstValue>) -> Variables {
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
    fields.get(name).or_else(|| {
        fields.values().find_map(|field| match field {
            ConstValue::Object(members) => members.get(name),
            _ => None,
        })
    })
}

fn data(writer: &writer::Writer, event: &Outcome) -> Bytes {
    match event.errors.first() {
        None => writer.write(&event.data).body.into(),
        Some(error) => failure(Refusal::of(error, HeaderMap::new()).message, None),
    }
}

/// Why a stream ends before its time; readers of what a mutation feeds wait for `done` behind it.
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
