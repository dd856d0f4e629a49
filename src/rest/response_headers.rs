//! The headers of answers in the OpenAPI document: each is described once, and answers refer to it.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::route::Route;

/// A documented header of answers.
pub struct ResponseHeader {
    /// Name of the header.
    pub name: &'static str,
    /// Meaning, with the unit of a number.
    pub description: &'static str,
    /// Schema of the value.
    pub schema: Value,
    /// An example of the value.
    pub example: Value,
    /// Whether every answer that declares the header has it.
    pub required: bool,
}

/// Statuses that the HTTP server sends itself, without any of these headers: the URI or the head is too long.
const OF_THE_SERVER: [u16; 2] = [414, 431];

/// Headers that the engine writes.
pub(super) fn of_engine() -> [ResponseHeader; 3] {
    [
        ResponseHeader {
            name: "Retry-After",
            description: "Seconds after which the same request may succeed.",
            schema: json!({"type": "integer", "minimum": 1}),
            example: 2.into(),
            required: false,
        },
        ResponseHeader {
            name: "ETag",
            description: "Weak validator of the answer; `If-None-Match` with it is answered with 304 while the answer is the same.",
            schema: json!({"type": "string", "pattern": "^W/\"[0-9a-f]{16}\"$"}),
            example: "W/\"5f1d7c0a9b3e2468\"".into(),
            required: true,
        },
        ResponseHeader {
            name: "Cache-Control",
            description: "Caches may store the answer but have to revalidate it before each use; an answer for one account is `private`.",
            schema: json!({"type": "string", "enum": ["no-cache", "private, no-cache"]}),
            example: "private, no-cache".into(),
            required: true,
        },
    ]
}

/// Returns the components of headers, by name.
pub(super) fn components(headers: &[ResponseHeader]) -> Value {
    let component = |header: &ResponseHeader| {
        let ResponseHeader { name, description, schema, example, required } = header;
        let component = json!({
            "description": description, "required": required, "schema": schema, "example": example,
        });
        ((*name).to_owned(), component)
    };
    headers.iter().chain(&of_engine()).map(component).collect::<Map<_, _>>().into()
}

/// Adds to each answer of a route the headers that it can have: those of all answers, and those of the engine.
pub(super) fn declare(route: &Route, everywhere: &[ResponseHeader], responses: &mut BTreeMap<u16, Value>) {
    for (status, response) in responses.iter_mut().filter(|(status, _)| !OF_THE_SERVER.contains(status)) {
        let own: &[&str] = match status {
            429 | 503 => &["Retry-After"],
            200 if route.stream.is_some() => &["Cache-Control"],
            200 | 304 if route.method == Method::GET => &["ETag", "Cache-Control"],
            _ => &[],
        };
        let names = everywhere.iter().map(|header| header.name).chain(own.iter().copied());
        let refer = |name: &str| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
        response["headers"] = names.map(refer).collect::<Map<_, _>>().into();
    }
}
