//! Compares every REST answer of a test with the OpenAPI document.

use std::sync::LazyLock;

use chrono::DateTime;
use plaza::{config::Settings, http};
use reqwest::{Method, header::HeaderMap};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Answer;

/// The document of the built-in routes.
pub static OPENAPI: LazyLock<Value> =
    LazyLock::new(|| http::openapi(&Settings::default()).expect("the documents are sound"));

/// Returns the operations of the built-in routes, by name.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static Value)> {
    routes().map(|(_, _, operation)| (operation["operationId"].as_str().expect("a name"), operation))
}

/// Returns path, method and operation of each built-in route.
pub fn routes() -> impl Iterator<Item = (&'static str, Method, &'static Value)> {
    let paths = OPENAPI["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("operations").iter().map(move |(method, operation)| {
            let method = method.to_ascii_uppercase().parse().expect("a method");
            (path.as_str(), method, operation)
        })
    })
}

/// Returns the document of a server with these settings.
pub fn document(settings: &Settings) -> &'static Value {
    if settings.response_bytes == Settings::default().response_bytes {
        return &OPENAPI;
    }
    // A few tests have such settings, and each process runs them once.
    Box::leak(Box::new(http::openapi(settings).expect("the documents are sound")))
}

/// Fails if the document does not declare the answer for its operation. Paths and methods that are not in the
/// document are skipped.
pub fn check(document: &'static Value, method: &Method, path: &str, answer: &Answer) {
    let path = path.replacen("/api/v1/", "/api/", 1);
    let method =
        if method == Method::PATCH { "put".to_owned() } else { method.as_str().to_ascii_lowercase() };
    let Some(operation) = template(document, &path).and_then(|item| item.get(&method)) else { return };
    let is_cross_origin = answer.status == 403 && answer.text.contains("another site");
    if matches!(answer.status, 304 | 405) || is_cross_origin {
        return;
    }
    let response = &operation["responses"][answer.status.to_string()];
    let what = || format!("{method} {path}: {} {}", answer.status, answer.text);
    assert!(response.is_object(), "the OpenAPI document does not declare the status of {}", what());
    if let Some(code) = answer.json["code"].as_str().filter(|_| answer.json["error"].is_string()) {
        let codes = response["x-error-codes"].as_array().expect("codes");
        assert!(codes.iter().any(|known| known == code), "the OpenAPI document does not declare {}", what());
    }
    if let Err(fault) = declares_headers(document, response, &answer.headers) {
        panic!("{fault} of {}", what());
    }
    let schema = &response["content"]["application/json"]["schema"];
    if schema.is_object()
        && let Err(fault) = holds(document, schema, &answer.json)
    {
        panic!("{fault}, says the OpenAPI document of {}", what());
    }
}

/// Headers of HTTP itself, of the body, of its encoding and of CORS, and those that say the same on every answer of the
/// server: no operation declares them.
const UNDECLARED: [&str; 13] = [
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "connection",
    "content-length",
    "content-type",
    "date",
    "referrer-policy",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    // For nginx, which would buffer a stream.
    "x-accel-buffering",
    "x-content-type-options",
];

/// Returns whether the document declares the sent headers, and the answer has those that it promises.
fn declares_headers(document: &Value, response: &Value, sent: &HeaderMap) -> Result<(), String> {
    let empty = Map::new();
    let declared = response["headers"].as_object().unwrap_or(&empty);
    let component = |reference: &Value| {
        let name = reference["$ref"].as_str().and_then(|name| name.strip_prefix("#/components/headers/"));
        &document["components"]["headers"][name.expect("a component")]
    };
    for (name, value) in sent.iter().filter(|(name, _)| !UNDECLARED.contains(&name.as_str())) {
        let known = declared.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_str()));
        let Some((_, known)) = known else {
            return Err(format!("the OpenAPI document does not declare the header {name}"));
        };
        let (schema, value) = (&component(known)["schema"], value.to_str().expect("text"));
        let value = match schema["type"].as_str() {
            Some("integer") => value.parse::<i64>().map_or_else(|_| value.into(), Value::from),
            _ => value.into(),
        };
        holds(document, schema, &value).map_err(|fault| format!("{name}: {fault}, by the header"))?;
    }
    let is_missing = |(name, known): &(&String, &Value)| {
        component(known)["required"] == true && !sent.contains_key(name.as_str())
    };
    match declared.iter().find(is_missing) {
        Some((name, _)) => Err(format!("the OpenAPI document promises the header {name}")),
        None => Ok(()),
    }
}

/// Returns the document's path for a path; one without parameters precedes one with parameters.
fn template(document: &'static Value, path: &str) -> Option<&'static Value> {
    let sent: Vec<&str> = path.split(['?', '#']).next()?.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == sent.len()
            && parts.iter().zip(&sent).all(|(part, sent)| part.starts_with('{') || part == sent)
    };
    let paths = document["paths"].as_object().expect("paths");
    let found = paths.iter().filter(|(template, _)| fits(template));
    found.min_by_key(|(template, _)| template.matches('{').count()).map(|(_, item)| item)
}

/// Returns whether a value matches a schema: the parts of JSON Schema that the document uses, without
/// undeclared members.
pub fn holds(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/components/schemas/").expect("a component");
        return holds(document, &document["components"]["schemas"][name], value);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let faults: Vec<_> = any.iter().filter_map(|schema| holds(document, schema, value).err()).collect();
        return if faults.len() < any.len() { Ok(()) } else { Err(faults.join(" and ")) };
    }
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("a type {other}"),
    };
    let fits = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().expect("a type"))),
        _ => true,
    };
    let wrong = |what: &str| Err(format!("{value} is {what}"));
    if !fits {
        return wrong(&format!("no {}", schema["type"]));
    }
    if schema.get("const").is_some_and(|constant| constant != value) {
        return wrong(&format!("not {}", schema["const"]));
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        return wrong(&format!("none of {}", schema["enum"]));
    }
    if let (Some(format), Some(text)) = (schema["format"].as_str(), value.as_str()) {
        let is_one = match format {
            "uuid" => Uuid::parse_str(text).is_ok(),
            "date-time" => DateTime::parse_from_rfc3339(text).is_ok(),
            _ => true,
        };
        if !is_one {
            return wrong(&format!("no {format}"));
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        values.iter().try_for_each(|value| holds(document, items, value))?;
    }
    if let (Some(properties), Some(members)) = (schema["properties"].as_object(), value.as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                return wrong(&format!("without {name}"));
            }
        }
        for (name, value) in members {
            let Some(schema) = properties.get(name) else { return wrong(&format!("with {name}")) };
            holds(document, schema, value).map_err(|fault| format!("{name}: {fault}"))?;
        }
    }
    Ok(())
}
