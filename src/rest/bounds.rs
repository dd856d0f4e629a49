//! Bounds of a value in the OpenAPI document: those of the domain, of `@param`, and of the parts of a request.

use serde_json::{Value, json};

use super::{
    binding::{Binding, ParameterLocation},
    request_parts::{LONGEST_HEADER, LONGEST_MEMBER, LONGEST_SEGMENT},
};
use crate::{document::Bounds, text::rule::TextRule};

/// Length of a UUID as the server writes it, in characters.
const UUID: usize = uuid::fmt::Hyphenated::LENGTH;

/// Adds the bounds of a binding to its schema.
pub(super) fn limit(schema: &mut Value, binding: &Binding) {
    if binding.takes_uuid() && is_text(schema) {
        schema["format"] = "uuid".into();
        schema["minLength"] = UUID.into();
        schema["maxLength"] = UUID.into();
    }
    match &binding.bounds {
        Some(Bounds::Text(rule)) => text(schema, rule),
        Some(Bounds::AtMost(most)) => schema["maxLength"] = (*most).into(),
        Some(Bounds::Texts(rows, rule)) => {
            schema["maxItems"] = (*rows).into();
            text(&mut schema["items"], rule);
        }
        Some(Bounds::Number(range)) => {
            schema["minimum"] = (*range.start()).into();
            schema["maximum"] = (*range.end()).into();
        }
        Some(Bounds::Object(members)) => {
            schema["type"] = json!(["object", "null"]);
            for (name, rule) in *members {
                let mut member = json!({"type": "string"});
                text(&mut member, rule);
                schema["properties"][*name] = member;
            }
        }
        Some(Bounds::RowId | Bounds::LenientId) | None => {}
    }
    if let Some(min) = binding.min {
        schema["minimum"] = min.into();
    }
    if let Some(max) = binding.max {
        schema["maximum"] = max.into();
    }
    // An empty value counts as a missing one.
    let is_missed_if_empty = binding.expected() && (binding.late || !binding.required());
    if is_missed_if_empty && is_text(schema) && !binding.takes_uuid() {
        schema["minLength"] = 1.into();
    }
    let longest = match binding.place {
        ParameterLocation::Path { .. } => LONGEST_SEGMENT,
        ParameterLocation::Query(_) => LONGEST_MEMBER.1,
        ParameterLocation::Header(_) => LONGEST_HEADER,
        ParameterLocation::Body(_) | ParameterLocation::Whole(_) => return,
    };
    let is_bounded = ["maxLength", "format", "enum"].iter().any(|key| schema.get(key).is_some());
    if is_text(schema) && !is_bounded {
        schema["maxLength"] = longest.into();
    }
}

/// Adds the rule of a text to its schema.
fn text(schema: &mut Value, rule: &TextRule) {
    if rule.least() > 0 {
        schema["minLength"] = rule.least().into();
    }
    schema["maxLength"] = rule.most().into();
    if let Some(pattern) = rule.pattern() {
        schema["pattern"] = pattern.into();
    }
    if let Some(format) = rule.format() {
        schema["format"] = format.into();
    }
}

fn is_text(schema: &Value) -> bool {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "string"),
        kind => kind == "string",
    }
}
