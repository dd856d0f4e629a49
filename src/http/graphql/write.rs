//! Answers as HTTP responses.

use async_graphql::Response as Answer;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Outcome, documents, media::Media};
use crate::{
    document::Failure,
    error::Code,
    graphql::too_large,
    http::HttpState,
    transport::{Refusal, json},
};

pub(super) fn write(media: Media, outcome: Outcome, mut headers: HeaderMap) -> Response {
    let status = media.status(&outcome);
    let body = body(outcome, &mut headers);
    headers.insert(header::CONTENT_TYPE, media.content_type());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, headers, body).into_response()
}

pub(super) fn write_batch(
    state: &HttpState,
    media: Media,
    outcomes: Vec<Outcome>,
    mut headers: HeaderMap,
) -> Response {
    let mut bytes = vec![b'['];
    for (place, outcome) in outcomes.into_iter().enumerate() {
        if place > 0 {
            bytes.push(b',');
        }
        let mut one = body(outcome, &mut headers);
        // Each response is within the limit, and all together must be.
        if bytes.len() + one.len() > state.response_bytes {
            let failure = Failure::new(Code::ResponseTooLarge, too_large(state.response_bytes), None);
            one = body(Outcome::Failed(failure), &mut headers);
        }
        bytes.extend(one);
    }
    bytes.push(b']');
    headers.insert(header::CONTENT_TYPE, media.content_type());
    (StatusCode::OK, headers, bytes).into_response()
}

/// Serializes a response as JSON; a failure before execution has no `data`.
pub(super) fn body(outcome: Outcome, headers: &mut HeaderMap) -> Vec<u8> {
    match outcome {
        Outcome::Ran(answer) => {
            for (name, value) in &answer.http_headers {
                headers.append(name, value.clone());
            }
            serialize(&answer)
        }
        Outcome::Failed(failure) => {
            written(serde_json::to_vec(&serde_json::json!({ "errors": failure.errors })))
        }
    }
}

/// Serializes the response of an execution as JSON.
pub(super) fn serialize(answer: &Answer) -> Vec<u8> {
    written(json::response(answer))
}

fn written(json: serde_json::Result<Vec<u8>>) -> Vec<u8> {
    json.unwrap_or_else(|error| {
        tracing::error!(%error, "a response could not be written");
        br#"{"errors":[{"message":"Internal error","extensions":{"code":"INTERNAL"}}]}"#.to_vec()
    })
}

/// Returns a refusal of the whole request in GraphQL's format.
pub(super) fn refuse(media: Media, mut refusal: Refusal) -> Response {
    let mut headers = std::mem::take(&mut refusal.headers);
    headers.insert(header::CONTENT_TYPE, media.content_type());
    if let Some(seconds) = refusal.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = body(Outcome::Failed(documents::refused(refusal)), &mut headers);
    (status, headers, body).into_response()
}

pub(super) fn not_acceptable() -> Response {
    let text = "Accept must allow application/json, application/graphql-response+json or text/event-stream";
    (StatusCode::NOT_ACCEPTABLE, text).into_response()
}
