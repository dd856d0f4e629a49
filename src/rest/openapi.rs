//! The OpenAPI 3.1 document, generated from the documents, the schema and the catalogue of codes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    api_info::ApiInfo,
    binding::{Binding, ParameterLocation},
    directive::Auth,
    examples::OperationExample,
    response_headers,
    responses::{error_schema, errors, refusal_name, responses},
    retry::IDEMPOTENCY_KEY,
    route::Route,
    schema::{Reader, describe},
};
use crate::{document::Model, error::Code};

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
        item[route.method.as_str().to_ascii_lowercase()] = operation(&mut reader, route, info);
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
            "headers": response_headers::components(&info.headers),
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

fn operation(reader: &mut Reader, route: &Route, info: &ApiInfo) -> Value {
    let words = &route.docs;
    let nothing = OperationExample::default();
    let example = info.examples.of(&route.operation).unwrap_or(&nothing);
    let mut all: Vec<&Binding> = Vec::new();
    for binding in &route.bindings {
        match &binding.place {
            ParameterLocation::Whole(members) => all.extend(members),
            _ => all.push(binding),
        }
    }
    let mut parameters: Vec<Value> = all.iter().filter_map(|binding| parameter(reader, binding)).collect();
    for parameter in &mut parameters {
        let value = parameter["name"].as_str().and_then(|name| example.parameters.get(name));
        if let Some(value) = value {
            parameter["example"] = value.clone();
        }
    }
    if route.takes_key() {
        parameters.push(idempotency_key());
    }
    let mut operation = json!({
        "operationId": route.operation,
        "tags": [words.tag],
        "responses": responses(reader, route, info, &example.answers),
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
        let required = all
            .iter()
            .any(|binding| matches!(binding.place, ParameterLocation::Body(_)) && binding.expected());
        let form = route.takes_files();
        let body = reader.body(&all, form);
        let body = reader.name(&format!("{}Body", route.operation), body);
        let kind = if form { "multipart/form-data" } else { "application/json" };
        let mut media = json!({"schema": body});
        if let Some(sent) = &example.body {
            media["example"] = sent.clone();
        }
        operation["requestBody"] = json!({"required": required, "content": {kind: media}});
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
        if let ParameterLocation::Whole(members) = &binding.place {
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
        ParameterLocation::Path { name, .. } => ("path", vec![name.clone()]),
        ParameterLocation::Query(names) => ("query", names.clone()),
        ParameterLocation::Header(header) => ("header", vec![header.to_string()]),
        ParameterLocation::Body(names) => ("body", names.clone()),
        ParameterLocation::Whole(_) => ("body", Vec::new()),
    };
    json!({"type": binding.ty.to_string(), "in": place, "names": names})
}

fn parameter(reader: &mut Reader, binding: &Binding) -> Option<Value> {
    let (place, name) = match &binding.place {
        ParameterLocation::Path { name, .. } => ("path", name.as_str()),
        ParameterLocation::Query(names) => ("query", names.first()?.as_str()),
        ParameterLocation::Header(header) => ("header", header.as_str()),
        ParameterLocation::Body(_) | ParameterLocation::Whole(_) => return None,
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
        "example": "5a0c6a9e-6f0b-4a3e-9d3b-0f6d1d0f2c11",
    })
}
