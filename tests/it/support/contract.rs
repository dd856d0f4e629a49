//! Compares every REST answer of a test with the OpenAPI document.

use std::sync::LazyLock;

use chrono::DateTime;
use plaza::{config::Settings, http};
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

use super::Answer;

/// The document of the built-in routes.
pub static OPENAPI: LazyLock<Value> =
    LazyLock::new(|| http::openapi(&Settings::default()).expect("the documents are sound"));

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
    let schema = &response["content"]["application/json"]["schema"];
    if schema.is_object()
        && let Err(fault) = holds(document, schema, &answer.json)
    {
        panic!("{fault}, says the OpenAPI document of {}", what());
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
fn holds(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
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
