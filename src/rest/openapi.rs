//! The OpenAPI 3.1 document, generated from the documents, the schema and the catalogue of codes.

use std::collections::BTreeMap;

use async_graphql::indexmap::IndexMap;
use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    binding::{Binding, Place},
    directive::Auth,
    retry::IDEMPOTENCY_KEY,
    route::{Missing, MissingBody, Route},
    schema::{Reader, admit, constant_schema, describe},
    selection::Node,
};
use crate::{document::Model, error::Code};

/// General information about the service.
pub struct ApiInfo {
    /// Name of the service.
    pub title: String,
    /// Version of the service.
    pub version: String,
    /// Description of the service in a few sentences.
    pub description: String,
    /// Base URL, to which paths are appended.
    pub server_url: String,
    /// URL at which the operators can be reached.
    pub contact: String,
    /// Licence of the software, as an SPDX expression.
    pub license: String,
    /// Maximum bytes of an answer: a route whose answers can be larger declares that they are refused.
    pub response_bytes: usize,
    /// Descriptions of the documents' tags, by tag.
    pub tags: Vec<(String, String)>,
}

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

/// Generates the document of all routes.
pub(super) fn document(model: &Model, routes: &[Route], info: &ApiInfo) -> Value {
    let mut reader = Reader { model, components: Map::new() };
    let mut paths: Map<String, Value> = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for route in routes {
        if !tags.contains(&route.docs.tag.as_str()) {
            tags.push(&route.docs.tag);
        }
        let item = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        item[route.method.as_str().to_ascii_lowercase()] = operation(&mut reader, route, info.response_bytes);
    }
    let mut all: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for (status, code) in routes
        .iter()
        .flat_map(|route| errors(route, info.response_bytes))
        .flat_map(|(status, codes)| codes.into_iter().map(move |code| (status, code)))
    {
        let known = all.entry(status).or_default();
        if !known.contains(&code) {
            known.push(code);
        }
    }
    for (status, codes) in all {
        reader.components.insert(refusal_name(status).to_owned(), error_schema(&codes));
    }
    let tag = |name: &&str| {
        let mut tag = json!({"name": name});
        let about = info.tags.iter().find(|(known, _)| known == name);
        describe(&mut tag, about.map(|(_, about)| about.as_str()));
        tag
    };
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": info.title,
            "version": info.version,
            "description": info.description,
            "contact": {"url": info.contact},
            "license": {"name": info.license, "identifier": info.license},
        },
        "servers": [{"url": info.server_url}],
        "tags": tags.iter().map(tag).collect::<Value>(),
        "paths": paths,
        "components": {
            "schemas": reader.components,
            "securitySchemes": {
                "sessionCookie": {
                    "type": "apiKey", "in": "cookie", "name": "better-auth.session_token",
                    "description": "The session cookie that signing in sets.",
                },
                "bearerAuth": {
                    "type": "http", "scheme": "bearer",
                    "description": "A session token, or an API key that begins with `ari_cli_`.",
                },
            },
        },
    })
}

fn refusal_name(status: u16) -> &'static str {
    REFUSALS.iter().find(|(known, _)| *known == status).map_or("Error", |(_, name)| name)
}

/// Returns the schema of an error body with one of these codes.
fn error_schema(codes: &[Code]) -> Value {
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

fn operation(reader: &mut Reader, route: &Route, most: usize) -> Value {
    let words = &route.docs;
    let mut all: Vec<&Binding> = Vec::new();
    for binding in &route.bindings {
        match &binding.place {
            Place::Whole(members) => all.extend(members),
            _ => all.push(binding),
        }
    }
    let mut parameters: Vec<Value> = all.iter().filter_map(|binding| parameter(reader, binding)).collect();
    if route.takes_key() {
        parameters.push(idempotency_key());
    }
    let mut operation = json!({
        "operationId": route.operation,
        "tags": [words.tag],
        "responses": responses(reader, route, most),
    });
    describe(&mut operation, words.description.as_deref());
    if let Some(summary) = &words.summary {
        operation["summary"] = summary.as_str().into();
    }
    if words.deprecated {
        operation["deprecated"] = true.into();
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if route.reads_body() {
        let required =
            all.iter().any(|binding| matches!(binding.place, Place::Body(_)) && binding.expected());
        let form = route.takes_files();
        let body = reader.body(&all, form);
        let body = reader.name(&format!("{}Body", route.operation), body);
        let kind = if form { "multipart/form-data" } else { "application/json" };
        operation["requestBody"] = json!({"required": required, "content": {kind: {"schema": body}}});
    }
    operation["security"] = match route.auth {
        Auth::None => json!([]),
        Auth::Session | Auth::Admin => json!([{"sessionCookie": []}, {"bearerAuth": []}]),
    };
    if route.auth == Auth::Admin {
        operation["x-required-role"] = "admin".into();
    }
    operation["x-graphql"] = graphql(route);
    operation
}

/// Returns the operation that the route executes: its document, the one that it streams, and the parts of the
/// request that fill its variables, by variable. The variable `input` consists of `members`.
fn graphql(route: &Route) -> Value {
    let sources = |bindings: &[Binding]| -> Value {
        bindings.iter().map(|binding| (binding.name.to_string(), source(binding))).collect()
    };
    let mut operation = json!({"document": route.docs.text, "variables": sources(&route.bindings)});
    for binding in &route.bindings {
        if let Place::Whole(members) = &binding.place {
            operation["variables"][binding.name.as_str()] =
                json!({"type": binding.ty.to_string(), "members": sources(members)});
        }
    }
    if let Some(stream) = &route.stream {
        operation["stream"] = stream.text.as_str().into();
    }
    operation
}

/// Returns the part of the request that fills a variable: its place, its names there, and the variable's type.
fn source(binding: &Binding) -> Value {
    let (place, names) = match &binding.place {
        Place::Path { name, .. } => ("path", vec![name.clone()]),
        Place::Query(names) => ("query", names.clone()),
        Place::Header(header) => ("header", vec![header.to_string()]),
        Place::Body(names) => ("body", names.clone()),
        Place::Whole(_) => ("body", Vec::new()),
    };
    json!({"type": binding.ty.to_string(), "in": place, "names": names})
}

fn parameter(reader: &mut Reader, binding: &Binding) -> Option<Value> {
    let (place, name) = match &binding.place {
        Place::Path { name, .. } => ("path", name.as_str()),
        Place::Query(names) => ("query", names.first()?.as_str()),
        Place::Header(header) => ("header", header.as_str()),
        Place::Body(_) | Place::Whole(_) => return None,
    };
    let required = place == "path" || binding.expected();
    let mut parameter =
        json!({"name": name, "in": place, "required": required, "schema": reader.binding(binding, false)});
    describe(&mut parameter, binding.description.as_deref());
    Some(parameter)
}

fn idempotency_key() -> Value {
    json!({
        "name": IDEMPOTENCY_KEY,
        "in": "header",
        "required": false,
        "description": "Makes the request repeatable: within 24 hours, the same request with the same key is executed once and gets the same answer; another request with the key is refused.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    })
}

fn responses(reader: &mut Reader, route: &Route, most: usize) -> Value {
    let words = &route.docs;
    let mut responses: BTreeMap<u16, Value> = BTreeMap::new();
    let body = reader.written(&words.nodes, &words.constants, route.missing.is_some());
    // Nothing there may be one more way of the usual answer.
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
    if route.method == Method::GET && responses.contains_key(&200) {
        responses.insert(
            304,
            json!({"description": "The client has this answer already, as `If-None-Match` says"}),
        );
    }
    if route.bindings.iter().any(|binding| matches!(binding.place, Place::Query(_))) {
        responses.insert(414, json!({"description": "The URI is too long for the HTTP server"}));
    }
    for (status, codes) in errors(route, most) {
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
fn errors(route: &Route, most: usize) -> BTreeMap<u16, Vec<Code>> {
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
