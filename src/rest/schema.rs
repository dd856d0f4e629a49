//! JSON schemas, for OpenAPI: of what is read and of what is written.

use async_graphql::{
    Name, Value as ConstValue,
    indexmap::IndexMap,
    parser::types::{BaseType, Type},
};
use serde_json::{Map, Value, json};

use super::{
    binding::{Binding, Place},
    selection::{Node, lower_case, prefixed},
};
use crate::document::{InputDef, Kind, Model};

/// Adds null to what a schema allows.
pub(super) fn nullable(mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        if let Some(kind) = members.get_mut("type") {
            if let Some(name) = kind.as_str() {
                *kind = json!([name, "null"]);
            }
        } else if members.contains_key("$ref") {
            return json!({"anyOf": [schema, {"type": "null"}]});
        }
        if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut) {
            values.push(Value::Null);
        }
    }
    schema
}

/// A constant as plain JSON, enums in lower case.
pub(super) fn constant(value: &ConstValue) -> Value {
    match value {
        ConstValue::Enum(name) => Value::String(name.to_ascii_lowercase()),
        ConstValue::List(values) => values.iter().map(constant).collect(),
        ConstValue::Object(members) => members
            .iter()
            .map(|(key, value)| (key.to_string(), constant(value)))
            .collect::<Map<_, _>>()
            .into(),
        value => value.clone().into_json().unwrap_or_default(),
    }
}

/// Schemas of what is read; input types that are met on the way become components.
pub(super) struct Reader<'a> {
    pub model: &'a Model,
    pub components: Map<String, Value>,
}

impl Reader<'_> {
    /// The schema of a value as it is sent for a variable.
    pub fn binding(&mut self, binding: &Binding, form: bool) -> Value {
        let mut ty = binding.ty.clone();
        // Only a JSON body can say null, which then counts as absent.
        ty.nullable = matches!(binding.place, Place::Body(_)) && !binding.required() && !form;
        let mut schema = self.value(&ty);
        let default = binding.default.as_ref().or(binding.known_default.as_ref());
        if let Some(members) = schema.as_object_mut() {
            if let Some(min) = binding.min {
                members.insert("minimum".into(), min.into());
            }
            if let Some(max) = binding.max {
                members.insert("maximum".into(), max.into());
            }
            if let Some(default) = default.filter(|default| **default != ConstValue::Null) {
                members.insert("default".into(), constant(default));
            }
        }
        schema
    }

    /// The object that a body is.
    pub fn body(&mut self, bindings: &[&Binding], form: bool) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for binding in bindings {
            let Place::Body(names) = &binding.place else { continue };
            let name = names.first().map_or(binding.name.as_str(), String::as_str);
            let mut schema = self.binding(binding, form);
            describe(&mut schema, binding.description.as_deref());
            properties.insert(name.to_owned(), schema);
            // Of several names any will do, so none is required.
            if binding.required() && names.len() == 1 {
                required.push(name.to_owned());
            }
            for alias in names.iter().skip(1) {
                let mut schema = self.binding(binding, form);
                describe(&mut schema, Some(&format!("Another name for `{name}`.")));
                properties.insert(alias.clone(), schema);
            }
        }
        object(properties, required)
    }

    fn value(&mut self, ty: &Type) -> Value {
        let schema = match &ty.base {
            BaseType::List(inner) => json!({"type": "array", "items": self.value(inner)}),
            BaseType::Named(name) => self.named(name),
        };
        if ty.nullable { nullable(schema) } else { schema }
    }

    fn named(&mut self, name: &Name) -> Value {
        let model = self.model;
        match model.find_type(name).map(|ty| (&ty.kind, &ty.description)) {
            Some((Kind::Enum(values), _)) => json!({"type": "string", "enum": lower_case(values)}),
            Some((Kind::Input { fields, .. }, description)) => {
                if !self.components.contains_key(name.as_str()) {
                    // Held first, for a type that contains itself.
                    self.components.insert(name.to_string(), Value::Null);
                    let mut schema = self.input(fields);
                    describe(&mut schema, description.as_deref());
                    self.components.insert(name.to_string(), schema);
                }
                json!({"$ref": format!("#/components/schemas/{name}")})
            }
            _ => scalar(name),
        }
    }

    fn input(&mut self, fields: &IndexMap<String, InputDef>) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, field) in fields {
            let mut schema = self.value(&field.ty);
            describe(&mut schema, field.description.as_deref());
            if let (Some(default), Some(members)) = (&field.default, schema.as_object_mut()) {
                members.insert("default".into(), constant(default));
            }
            properties.insert(name.clone(), schema);
            if !field.ty.nullable && field.default.is_none() {
                required.push(name.clone());
            }
        }
        object(properties, required)
    }
}

/// The schema of the body that a selection becomes. With `present` the root is never null here: that is another
/// answer.
pub(super) fn written(nodes: &[Node], constants: &IndexMap<Name, ConstValue>, present: bool) -> Value {
    if let [node] = nodes
        && node.marks.inline.is_some()
        && (node.is_list() || node.children.is_empty())
    {
        return leaf(node, &node.ty, present);
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, value) in constants {
        properties.insert(name.to_string(), json!({"const": constant(value)}));
        required.push(name.to_string());
    }
    let single = present && nodes.len() == 1;
    lift(nodes, "", single, (false, false), &mut properties, &mut required);
    object(properties, required)
}

/// Adds the members of one selection to an object. `may` says whether they may be null or absent on account of
/// what they were lifted from.
fn lift(
    nodes: &[Node],
    prefix: &str,
    present: bool,
    may: (bool, bool),
    properties: &mut Map<String, Value>,
    required: &mut Vec<String>,
) {
    for node in nodes.iter().filter(|node| !node.marks.hidden) {
        let absent = may.1 || node.optional || node.only_on.is_some();
        if let Some(inner) = &node.marks.inline {
            let null = may.0 || (node.ty.nullable && !present);
            let inner = if inner.is_empty() { prefix.to_owned() } else { prefixed(prefix, inner) };
            lift(&node.children, &inner, false, (null, absent), properties, required);
            continue;
        }
        let name = prefixed(prefix, &node.key);
        let mut schema = leaf(node, &node.ty, present);
        if may.0 && !node.ty.nullable {
            schema = nullable(schema);
        }
        describe(&mut schema, node.description.as_deref());
        let schema = match properties.remove(&name) {
            // Members of different types of a union that share a name.
            Some(other) if other != schema => json!({"anyOf": [other, schema]}),
            _ => schema,
        };
        properties.insert(name.clone(), schema);
        if !absent && !required.contains(&name) {
            required.push(name);
        }
    }
}

fn leaf(node: &Node, ty: &Type, present: bool) -> Value {
    let schema = match &ty.base {
        BaseType::List(inner) => json!({"type": "array", "items": leaf(node, inner, false)}),
        BaseType::Named(name) => match &node.values {
            Some(values) => json!({"type": "string", "enum": values}),
            None if node.children.is_empty() => scalar(name),
            None => {
                let (mut properties, mut required) = (Map::new(), Vec::new());
                lift(&node.children, "", false, (false, false), &mut properties, &mut required);
                object(properties, required)
            }
        },
    };
    if ty.nullable && !present { nullable(schema) } else { schema }
}

fn scalar(name: &str) -> Value {
    match name {
        "Int" => json!({"type": "integer", "format": "int32"}),
        "Float" => json!({"type": "number"}),
        "Boolean" => json!({"type": "boolean"}),
        "Coins" => json!({"type": "integer", "format": "int64"}),
        "DateTime" => json!({"type": "string", "format": "date-time"}),
        "Url" => json!({"type": "string", "format": "uri"}),
        "UUID" => json!({"type": "string", "format": "uuid"}),
        "Upload" => {
            json!({"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"})
        }
        "ID" | "String" => json!({"type": "string"}),
        // Whatever else the schema calls a scalar may be any JSON.
        _ => json!({}),
    }
}

fn object(properties: Map<String, Value>, required: Vec<String>) -> Value {
    let mut schema = json!({"type": "object"});
    schema["properties"] = properties.into();
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

/// Says what a schema means.
pub(super) fn describe(schema: &mut Value, description: Option<&str>) {
    if let (Some(description), Some(members)) = (description, schema.as_object_mut()) {
        members.entry("description").or_insert_with(|| description.into());
    }
}
