//! Routes that stream: a mutation, then the subscription that its result feeds, one SSE line an event.

use std::{convert::Infallible, sync::Arc, time::Duration};

use async_graphql::{
    Executor, Name, Request, Response as Outcome, Value as ConstValue, Variables, indexmap::IndexMap,
};
use axum::{
    body::Body,
    http::{
        HeaderValue,
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
use crate::domain::Code;

/// How long a stream may be silent.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Runs the mutation; when it succeeds, the answer is the stream of the subscription's events.
pub(super) async fn answer<E: Executor>(
    executor: &E,
    route: &Route,
    follow: &Follow,
    mut request: Request,
    variables: Variables,
) -> Result<Response, Refusal> {
    // One viewer for two operations: request data cannot be cloned, session data is shared.
    let viewer = Arc::new(std::mem::take(&mut request.data));
    request.set_parsed_query(route.document.clone());
    request.variables = variables.clone();
    let outcome = executor.execute_stream(request, Some(viewer.clone())).next().await;
    let outcome = succeed(outcome.ok_or_else(|| Refusal::new(Code::Internal, "Internal error"))?)?;
    let mut request = Request::new("");
    request.set_parsed_query(follow.document.clone());
    request.variables = hand_on(follow, &outcome.data, &variables);
    let events = executor.execute_stream(request, Some(viewer));
    // The writer moves into the stream, which outlives this call.
    let writer = follow.writer.clone();
    let lines = stream::unfold(Some(events), move |events| {
        let writer = writer.clone();
        async move {
            let mut events = events?;
            match tokio::time::timeout(KEEP_ALIVE, events.next()).await {
                Err(_) => Some((Bytes::from_static(b":\n\n"), Some(events))),
                Ok(None) => None,
                Ok(Some(event)) => Some((line(&writer, &event), Some(events))),
            }
        }
    });
    let mut response = Response::new(Body::from_stream(lines.map(Ok::<_, Infallible>)));
    *response.headers_mut() = outcome.http_headers;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
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
    let mut bytes = b"data: ".to_vec();
    match event.errors.first() {
        None => bytes.extend_from_slice(&writer.write(&event.data).body),
        Some(error) => {
            let refusal = Refusal::of(error, Default::default());
            let mut object = IndexMap::new();
            object.insert(Name::new("type"), ConstValue::from("error"));
            object.insert(Name::new("message"), ConstValue::String(refusal.message));
            bytes.extend_from_slice(&json::bytes(&ConstValue::Object(object)));
        }
    }
    bytes.extend_from_slice(b"\n\n");
    Bytes::from(bytes)
}
