//! Routes that stream: a query or mutation, then the subscription that its result feeds, one SSE line an event.

use std::{convert::Infallible, sync::Arc, time::Duration};

use async_graphql::{Name, Request, Response as Outcome, Value as ConstValue, Variables, indexmap::IndexMap};
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::Response,
};
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
    domain::{Code, Error},
    graphql::{Listening, Question},
    live::{Next, Position},
};

/// The header with which a stream that was cut goes on.
const LAST_EVENT_ID: &str = "last-event-id";
/// How long a stream may be silent.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

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
    request.set_parsed_query(route.document.clone());
    request.variables = variables.clone();
    let outcome = executor.execute_stream(request, Some(viewer.clone())).next().await;
    let outcome = succeed(outcome.ok_or_else(|| Refusal::new(Code::Internal, "Internal error"))?)?;
    if let Some(missing) = &route.missing
        && super::operation::is_null(&outcome.data)
    {
        let (status, body) = super::operation::absent(missing, &outcome.http_headers)?;
        return Ok(super::answer::plain(status, outcome.http_headers, body));
    }
    let mut request = Request::new("");
    request.set_parsed_query(follow.document.clone());
    request.variables = hand_on(follow, &outcome.data, &variables);
    let question = Question {
        key: key(route, &request.variables)?,
        request,
        session: viewer,
        personal: follow.personal,
        after: last_event_id(headers)?,
    };
    // Legacy readers of what a mutation feeds know no `id:` lines; whoever can go on from one says so.
    let numbered = !route.words.mutation
        || headers.contains_key(super::IDEMPOTENCY_KEY)
        || headers.contains_key(LAST_EVENT_ID);
    let writer = follow.writer.clone();
    let write = Arc::new(move |event: &Outcome| line(&writer, event));
    let events = executor.listen(question, write).await.map_err(|refused| match refused.errors.first() {
        Some(error) => Refusal::of(error, HeaderMap::new()),
        None => Refusal::new(Code::Internal, "Internal error"),
    })?;
    let lines = stream::unfold(Some(events), move |events| async move {
        let mut events = events?;
        match tokio::time::timeout(KEEP_ALIVE, events.next()).await {
            Err(_) => Some((Bytes::from_static(b":\n\n"), Some(events))),
            Ok(None) => None,
            Ok(Some(Next::Answer { payload, position: Some(position) })) if numbered => {
                let mut line = format!("id: {position}\n").into_bytes();
                line.extend_from_slice(&payload);
                Some((line.into(), Some(events)))
            }
            Ok(Some(Next::Answer { payload, .. })) => Some((payload, Some(events))),
            Ok(Some(Next::Refused(error))) => Some((refusal_line(&error), None)),
        }
    });
    let mut response = Response::new(Body::from_stream(lines.map(Ok::<_, Infallible>)));
    *response.headers_mut() = outcome.http_headers;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// What makes two questions the same: the route and the variables but the position.
fn key(route: &Route, variables: &Variables) -> Result<String, Refusal> {
    let mut variables = variables.clone();
    variables.remove("after");
    let variables = serde_json::to_string(&variables);
    let variables = variables.map_err(|_| Refusal::new(Code::Internal, "Internal error"))?;
    Ok(format!("{} {} {variables}", route.method, route.path))
}

/// Where a stream that was cut goes on.
fn last_event_id(headers: &HeaderMap) -> Result<Option<Position>, Refusal> {
    let Some(sent) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let position = sent.to_str().ok().and_then(|text| Position::parse("Last-Event-ID", text.trim()).ok());
    let wrong =
        || Refusal::about(Code::Invalid, LAST_EVENT_ID, "Last-Event-ID is not a position of this stream");
    position.map(Some).ok_or_else(wrong)
}

/// The subscription's variables: what the mutation returned, else what the request sent.
fn hand_on(follow: &Follow, data: &ConstValue, sent: &Variables) -> Variables {
    let mut variables = Variables::default();
    for name in &follow.variables {
        if let Some(value) = find(data, name).or_else(|| sent.get(name)) {
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

fn line(writer: &writer::Writer, event: &Outcome) -> Bytes {
    match event.errors.first() {
        None => data(&writer.write(&event.data).body),
        Some(error) => failure(Refusal::of(error, HeaderMap::new()).message, None),
    }
}

/// The last line of a stream whose reader has lost the right to it.
fn refusal_line(error: &Error) -> Bytes {
    failure(error.to_string(), Some(error.code()))
}

fn failure(message: String, code: Option<Code>) -> Bytes {
    let mut object = IndexMap::new();
    object.insert(Name::new("type"), ConstValue::from("error"));
    object.insert(Name::new("message"), ConstValue::String(message));
    if let Some(code) = code {
        object.insert(Name::new("code"), ConstValue::from(code.as_str()));
    }
    data(&json::bytes(&ConstValue::Object(object)))
}

fn data(json: &[u8]) -> Bytes {
    [b"data: ", json, b"\n\n"].concat().into()
}
