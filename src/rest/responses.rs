//! The answers of a route in the OpenAPI document.

use std::collections::BTreeMap;

use async_graphql::indexmap::IndexMap;
use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    api_info::ApiInfo,
    binding::ParameterLocation,
    directive::Auth,
    response_headers::declare,
    route::{Missing, MissingBody, Route},
    schema::{Reader, admit, constant_schema},
    selection::Node,
};
use crate::error::Code;

/// Names of the error bodies, by status.
const REFUSALS: [(u16, &str); 15] = [
    (400, "BadRequestError"),
    (401, "UnauthorizedError"),
    (402, "PaymentRequiredError"),
    (403, "ForbiddenError"),
    (404, "NotFoundError"),
    (408, "RequestTimeoutError"),
    (409, "ConflictError"),
    (413, "PayloadTooLargeError"),
    (415, "UnsupportedMediaTypeError"),
    (422, "UnprocessableError"),
    (429, "TooManyRequestsError"),
    (500, "InternalServerError"),
    (502, "BadGatewayError"),
    (503, "ServiceUnavailableError"),
    (504, "GatewayTimeoutError"),
];

/// Returns the name of the error body of a status.
pub(super) fn refusal_name(status: u16) -> &'static str {
    REFUSALS.iter().find(|(known, _)| *known == status).map_or("Error", |(_, name)| name)
}

/// Returns the schema of an error body with one of these codes.
pub(super) fn error_schema(codes: &[Code]) -> Value {
    let codes: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "object",
        "description": "The reason why the request was refused.",
        "properties": {
            "error": {"type": "string", "description": "Message for people."},
            "code": {"type": "string", "enum": codes, "description": "Error code for programs."},
            "field": {"type": "string", "description": "The invalid argument or member."},
            "message": {"type": "string", "description": "The message again, on sign-in routes."},
        },
        "required": ["error", "code"],
    })
}

/// Returns the answers of a route, by status; `examples` has bodies of some.
pub(super) fn responses(
    reader: &mut Reader,
    route: &Route,
    info: &ApiInfo,
    examples: &Map<String, Value>,
) -> Value {
    let words = &route.docs;
    let mut responses: BTreeMap<u16, Value> = BTreeMap::new();
    let body = reader.written(&words.nodes, &words.constants, route.missing.is_some());
    // A null there may be one of the regular responses.
    let body = match &route.missing {
        Some(Missing { status, body: MissingBody::Value(value) }) if *status == route.status => {
            admit(body, value)
        }
        _ => body,
    };
    let body = match &route.stream {
        None => reader.name(&format!("{}Result", route.operation), body),
        Some(_) => body,
    };
    let event = route.stream.as_ref().map(|follow| reader.written(&follow.nodes, &IndexMap::new(), false));
    let success = |status: StatusCode| match (&event, status) {
        (_, StatusCode::NO_CONTENT) => json!({"description": "Done"}),
        (Some(event), _) => {
            json!({"description": "A stream of events, one `data:` line each", "content": {"text/event-stream": {
                "schema": {"type": "string"}, "x-event-schema": event,
            }}})
        }
        (None, _) => json!({
            "description": if status == StatusCode::CREATED { "Created" } else { "The answer" },
            "content": {"application/json": {"schema": body}},
        }),
    };
    match statuses(&words.nodes) {
        Some((yes, no)) => {
            responses.insert(yes.as_u16(), success(yes));
            responses.insert(no.as_u16(), success(no));
        }
        None => _ = responses.insert(route.status.as_u16(), success(route.status)),
    }
    if route.method == Method::GET && route.stream.is_none() && responses.contains_key(&200) {
        responses.insert(
            304,
            json!({"description": "The client already has this response, according to `If-None-Match`"}),
        );
    }
    if route.bindings.iter().any(|binding| matches!(binding.place, ParameterLocation::Query(_))) {
        responses.insert(414, json!({"description": "The URI is too long for the HTTP server"}));
    }
    responses.insert(431, json!({"description": "The head of the request is too large for the HTTP server"}));
    for (status, codes) in errors(route, info.response_bytes) {
        responses.insert(status, failure(status, &codes));
    }
    if let Some(missing) = &route.missing
        && let MissingBody::Value(value) = &missing.body
        && missing.status != route.status
    {
        let entry = responses.entry(missing.status.as_u16()).or_insert_with(
            || json!({"description": "Nothing there", "content": {"application/json": {"schema": constant_schema(value)}}}),
        );
        let schema = &mut entry["content"]["application/json"]["schema"];
        *schema = admit(schema.take(), value);
    }
    for (status, example) in examples {
        let response = status.parse().ok().and_then(|status: u16| responses.get_mut(&status));
        let media =
            response.and_then(|response| response.get_mut("content")?.as_object_mut()?.values_mut().next());
        if let Some(media) = media {
            media["example"] = example.clone();
        }
    }
    declare(route, &info.headers, &mut responses);
    responses
        .into_iter()
        .map(|(status, response)| (status.to_string(), response))
        .collect::<Map<_, _>>()
        .into()
}

/// Returns the statuses that a boolean member selects.
fn statuses(nodes: &[Node]) -> Option<(StatusCode, StatusCode)> {
    nodes.iter().find_map(|node| node.marks.status.or_else(|| statuses(&node.children)))
}

/// Returns the codes that a route may respond with, by status: those of its kind, and those that its document
/// lists. A document that lists none may respond with any. `most` is the maximum bytes of an answer.
pub(super) fn errors(route: &Route, most: usize) -> BTreeMap<u16, Vec<Code>> {
    let words = &route.docs;
    let in_body = route.reads_body();
    let named = route.missing.as_ref().and_then(|missing| match missing.body {
        MissingBody::Sentence(_) => Some(missing.status.as_u16()),
        MissingBody::Value(_) => None,
    });
    let is_known = |code: Code| match code {
        Code::Invalid
        | Code::Unauthenticated
        | Code::PayloadTooLarge
        | Code::RateLimited
        | Code::Internal
        | Code::Unavailable
        | Code::Timeout => true,
        Code::ResponseTooLarge => route.bytes > most,
        Code::AccountBanned => !route.open_to_banned,
        // A page of another origin may not send the cookie.
        Code::Forbidden => route.method != Method::GET || route.auth == Auth::Admin,
        Code::NotFound => named == Some(404),
        Code::Unprocessable | Code::UnsupportedMediaType | Code::RequestTimeout => in_body,
        Code::IdempotencyMismatch => route.takes_key(),
        Code::OutcomeUnknown => words.mutation,
        _ => false,
    };
    let is_named = |code: Code| match &words.errors {
        Some(errors) => errors.contains(&code),
        None => match code.status() {
            402 | 409 => words.mutation,
            403 => words.mutation || route.auth != Auth::None,
            404 => words.mutation || !route.parameters.is_empty(),
            _ => false,
        },
    };
    let mut errors: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL.iter().copied().filter(|code| is_known(*code) || is_named(*code)) {
        errors.entry(code.status()).or_default().push(code);
    }
    errors
}

fn failure(status: u16, codes: &[Code]) -> Value {
    let meanings: Vec<_> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.meaning())).collect();
    let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    json!({
        "description": meanings.join(" "),
        "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{}", refusal_name(status))}}},
        "x-error-codes": names,
    })
}
