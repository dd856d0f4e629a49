//! The OpenAPI 3.1 document: everything in it comes from the documents, the schema and the catalogue of codes.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    binding::{Binding, Place},
    directive::Auth,
    retry::IDEMPOTENCY_KEY,
    route::{MissingBody, Route},
    schema::{Reader, constant, describe, written},
    selection::Node,
};
use crate::{document::Model, domain::Code};

/// What the document says about the service as a whole.
pub struct ApiInfo {
    /// The name of the service.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it is, in a few sentences.
    pub description: String,
    /// Where it is reached; paths are added to it.
    pub server_url: String,
}

/// The document of all routes.
pub(super) fn document(model: &Model, routes: &[Route], info: &ApiInfo) -> Value {
    let mut reader = Reader { model, components: Map::new() };
    reader.components.insert("Error".into(), error_schema());
    let mut paths: Map<String, Value> = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for route in routes {
        if !tags.contains(&route.words.tag.as_str()) {
            tags.push(&route.words.tag);
        }
        let item = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        item[route.method.as_str().to_ascii_lowercase()] = operation(&mut reader, route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": info.title, "version": info.version, "description": info.description},
        "servers": [{"url": info.server_url}],
        "tags": tags.iter().map(|tag| json!({"name": tag})).collect::<Value>(),
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

fn error_schema() -> Value {
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "object",
        "description": "Why a request was not answered as asked.",
        "properties": {
            "error": {"type": "string", "description": "A sentence for people."},
            "code": {"type": "string", "enum": codes, "description": "The code for programs."},
            "field": {"type": "string", "description": "The argument or member that is wrong."},
            "message": {"type": "string", "description": "The sentence again, on routes of sign-in."},
        },
        "required": ["error", "code"],
    })
}

fn operation(reader: &mut Reader, route: &Route) -> Value {
    let words = &route.words;
    let mut all: Vec<&Binding> = Vec::new();
    for binding in &route.bindings {
        match &binding.place {
            Place::Whole(members) => all.extend(members),
            _ => all.push(binding),
        }
    }
    let mut parameters: Vec<Value> =
        all.iter().filter_map(|binding| parameter(reader, route, binding)).collect();
    if route.takes_key() {
        parameters.push(idempotency_key());
    }
    let mut operation = json!({
        "operationId": route.operation,
        "tags": [words.tag],
        "responses": responses(route),
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
            all.iter().any(|binding| matches!(binding.place, Place::Body(_)) && binding.required());
        let form = route.takes_files();
        let kind = if form { "multipart/form-data" } else { "application/json" };
        operation["requestBody"] =
            json!({"required": required, "content": {kind: {"schema": reader.body(&all, form)}}});
    }
    operation["security"] = match route.auth {
        Auth::None => json!([]),
        Auth::Session | Auth::Admin => json!([{"sessionCookie": []}, {"bearerAuth": []}]),
    };
    if route.auth == Auth::Admin {
        operation["x-required-role"] = "admin".into();
    }
    operation
}

fn parameter(reader: &mut Reader, route: &Route, binding: &Binding) -> Option<Value> {
    let (place, name) = match &binding.place {
        Place::Path(index) => ("path", route.parameters.get(*index)?.as_str()),
        Place::Query(names) => ("query", names.first()?.as_str()),
        Place::Header(header) => ("header", header.as_str()),
        Place::Body(_) | Place::Whole(_) => return None,
    };
    let required = place == "path" || binding.required();
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
        "description": "Makes the request one that may be sent again: within 24 hours the same request with the same key is \
                        carried out once and answered alike; another request with the key is refused.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    })
}

fn responses(route: &Route) -> Value {
    let words = &route.words;
    let mut responses: BTreeMap<u16, Value> = BTreeMap::new();
    let body = written(&words.nodes, &words.constants, route.missing.is_some());
    let success = |status: StatusCode| match (&route.stream, status) {
        (_, StatusCode::NO_CONTENT) => json!({"description": "Done"}),
        (Some(follow), _) => {
            let event = written(&follow.nodes, &Default::default(), false);
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
    for (status, codes) in errors(route) {
        responses.insert(status, failure(&codes));
    }
    if let Some(missing) = &route.missing
        && let MissingBody::Value(value) = &missing.body
    {
        let status = missing.status.as_u16();
        let alternative = json!({"const": constant(value)});
        let entry = responses.entry(status).or_insert_with(|| {
            json!({"description": "Nothing there", "content": {"application/json": {"schema": alternative}}})
        });
        let schema = &mut entry["content"]["application/json"]["schema"];
        if *schema != alternative {
            *schema = json!({"anyOf": [schema.take(), alternative]});
        }
    }
    responses
        .into_iter()
        .map(|(status, response)| (status.to_string(), response))
        .collect::<Map<_, _>>()
        .into()
}

/// The statuses that a boolean member chooses from.
fn statuses(nodes: &[Node]) -> Option<(StatusCode, StatusCode)> {
    nodes.iter().find_map(|node| node.marks.status.or_else(|| statuses(&node.children)))
}

/// The codes that a route may answer with, by status.
fn errors(route: &Route) -> BTreeMap<u16, Vec<Code>> {
    let words = &route.words;
    let in_body = route.reads_body();
    let named =
        route.missing.as_ref().is_some_and(|missing| matches!(missing.body, MissingBody::Sentence(_)));
    let possible = |code: Code| match code.status() {
        // `errors` of the document says exactly which rules can be broken.
        402 | 409 => words.errors.as_ref().map_or(words.mutation, |errors| errors.contains(&code)),
        400 => code == Code::Invalid,
        401 | 413 | 429 | 503 | 504 => true,
        500 => code == Code::Internal,
        403 => code == Code::AccountBanned || route.auth != Auth::None || words.mutation,
        404 => named || words.mutation || !route.parameters.is_empty(),
        408 | 415 => in_body,
        422 if code == Code::IdempotencyMismatch => route.takes_key(),
        422 => in_body,
        502 => words.errors.as_ref().is_some_and(|errors| errors.contains(&code)),
        _ => false,
    };
    let extra = words.errors.iter().flatten().copied();
    let mut errors: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL.iter().copied().filter(|code| possible(*code)).chain(extra) {
        let codes = errors.entry(code.status()).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    errors
}

fn failure(codes: &[Code]) -> Value {
    let meanings: Vec<_> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.meaning())).collect();
    let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    json!({
        "description": meanings.join(" "),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        "x-error-codes": names,
    })
}
