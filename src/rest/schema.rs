//! JSON schemas of requests and responses, for OpenAPI.

use async_graphql::{
    Name, Value as ConstValue,
    indexmap::IndexMap,
    parser::types::{BaseType, Type},
};
use serde_json::{Map, Value, json};

use super::{
    binding::{Binding, ParameterLocation},
    bounds,
    selection::{Node, lower_case, prefixed},
};
use crate::document::{InputDef, Kind, Model};

/// Adds null to the values that a schema allows.
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

/// Converts a constant to JSON, with enum values in lower case.
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

/// Returns a schema that accepts only this constant.
pub(super) fn constant_schema(value: &ConstValue) -> Value {
    match value {
        ConstValue::Null => json!({"type": "null"}),
        ConstValue::Boolean(value) => json!({"type": "boolean", "const": value}),
        ConstValue::List(values) if values.is_empty() => json!({"type": "array", "items": {}, "maxItems": 0}),
        ConstValue::Object(members) => {
            let properties = members.iter().map(|(key, value)| (key.to_string(), constant_schema(value)));
            object(properties.collect(), members.keys().map(ToString::to_string).collect())
        }
        value => match constant(value) {
            Value::String(text) => json!({"type": "string", "const": text}),
            Value::Number(number) if number.is_i64() => json!({"type": "integer", "const": number}),
            Value::Number(number) => json!({"type": "number", "const": number}),
            other => json!({"const": other}),
        },
    }
}

/// Extends a schema to accept this constant, as one more value of its enums if possible.
pub(super) fn admit(schema: Value, value: &ConstValue) -> Value {
    let other = constant_schema(value);
    if schema == other {
        return schema;
    }
    match widened(schema.clone(), value) {
        Some(wider) => wider,
        None => json!({"anyOf": [schema, other]}),
    }
}

fn widened(mut schema: Value, value: &ConstValue) -> Option<Value> {
    match value {
        ConstValue::List(values) if values.is_empty() && schema["type"] == "array" => Some(schema),
        ConstValue::String(text) if schema["type"] == "string" && schema["enum"].is_array() => {
            schema["enum"].as_array_mut()?.push(text.as_str().into());
            Some(schema)
        }
        ConstValue::Object(members) if schema["type"] == "object" => {
            let names = schema["required"].as_array().cloned().unwrap_or_default();
            if !names.iter().all(|name| name.as_str().is_some_and(|name| members.contains_key(name))) {
                return None;
            }
            for (name, value) in members {
                let property = schema["properties"].get_mut(name.as_str())?;
                *property = widened(property.take(), value)?;
            }
            Some(schema)
        }
        _ => None,
    }
}

/// Generates schemas of requests and responses; collects their input types and fragments as components.
pub(super) struct Reader<'a> {
    pub model: &'a Model,
    pub components: Map<String, Value>,
}

impl Reader<'_> {
    /// Returns the schema of a value as it is sent for a variable.
    pub fn binding(&mut self, binding: &Binding, form: bool) -> Value {
        let mut ty = binding.ty.clone();
        // Only a JSON body can contain null, which then counts as absent.
        ty.nullable = matches!(binding.place, ParameterLocation::Body(_)) && !binding.expected() && !form;
        let mut schema = self.value(&ty);
        bounds::limit(&mut schema, binding);
        let default = binding.default.as_ref().or(binding.known_default.as_ref());
        let default = default.filter(|_| !binding.expected());
        if let Some(members) = schema.as_object_mut()
            && let Some(default) = default.filter(|default| **default != ConstValue::Null)
        {
            members.insert("default".into(), constant(default));
        }
        schema
    }

    /// Returns the object schema of a body.
    pub fn body(&mut self, bindings: &[&Binding], form: bool) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for binding in bindings {
            let ParameterLocation::Body(names) = &binding.place else { continue };
            let name = names.first().map_or(binding.name.as_str(), String::as_str);
            let mut schema = self.binding(binding, form);
            describe(&mut schema, binding.description.as_deref());
            properties.insert(name.to_owned(), schema);
            if binding.expected() {
                required.push(name.to_owned());
            }
            for alias in names.iter().skip(1) {
                let schema = self.binding(binding, form);
                // Beside the first name, null counts as absent.
                let mut schema = if form || binding.ty.nullable { schema } else { nullable(schema) };
                schema["deprecated"] = true.into();
                describe(&mut schema, Some(&format!("Alternative name of `{name}`, for older clients.")));
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
                    // Reserved first, for a type that contains itself.
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

impl Reader<'_> {
    /// Returns the schema of the body for a selection. With `present`, the root is never null here: that is
    /// another response.
    pub fn written(
        &mut self,
        nodes: &[Node],
        constants: &IndexMap<Name, ConstValue>,
        present: bool,
    ) -> Value {
        if let [node] = nodes
            && node.marks.inline.is_some()
        {
            if node.is_list() || node.children.is_empty() {
                return self.leaf(node, &node.ty, present);
            }
            let node = innermost(node);
            let is_whole = constants.is_empty() && node.marks.inline.as_deref() == Some("");
            if is_whole && node.shape.is_some() && (present || !node.ty.nullable) {
                return self.shaped(node);
            }
        }
        let mut members = Members::default();
        for (name, value) in constants {
            members.properties.insert(name.to_string(), constant_schema(value));
            members.required.push(name.to_string());
        }
        let single = present && nodes.len() == 1;
        self.lift(nodes, "", single, (false, false), &mut members);
        object(members.properties, members.required)
    }

    /// Adds the members of a selection to an object. `may` is whether they can be null, and whether they can
    /// be absent, because of the object that they were lifted from.
    fn lift(
        &mut self,
        nodes: &[Node],
        prefix: &str,
        present: bool,
        may: (bool, bool),
        members: &mut Members,
    ) {
        for node in nodes.iter().filter(|node| !node.marks.hidden) {
            let absent = may.1 || node.optional || node.only_on.is_some();
            if let Some(inner) = &node.marks.inline {
                let null = may.0 || (node.ty.nullable && !present);
                let inner = if inner.is_empty() { prefix.to_owned() } else { prefixed(prefix, inner) };
                self.lift(&node.children, &inner, false, (null, absent), members);
                continue;
            }
            let name = prefixed(prefix, &node.key);
            let mut schema = self.leaf(node, &node.ty, present);
            if may.0 && !node.ty.nullable {
                schema = nullable(schema);
            }
            describe(&mut schema, node.description.as_deref());
            let schema = match members.properties.remove(&name) {
                // Members of different types of a union that share a name.
                Some(other) if other != schema => json!({"anyOf": [other, schema]}),
                _ => schema,
            };
            members.properties.insert(name.clone(), schema);
            if !absent && !members.required.contains(&name) {
                members.required.push(name);
            }
        }
    }

    fn leaf(&mut self, node: &Node, ty: &Type, present: bool) -> Value {
        let schema = match &ty.base {
            BaseType::List(inner) => json!({"type": "array", "items": self.leaf(node, inner, false)}),
            BaseType::Named(name) => match &node.values {
                Some(values) => json!({"type": "string", "enum": values}),
                None if node.is_uuid => scalar("UUID"),
                None if node.children.is_empty() => scalar(name),
                None if node.shape.is_some() => self.shaped(node),
                None => self.inside(node),
            },
        };
        if ty.nullable && !present { nullable(schema) } else { schema }
    }

    /// Registers an object as a component of this name; returns any other schema unchanged.
    pub fn name(&mut self, name: &str, schema: Value) -> Value {
        if schema["type"] != "object" || self.components.contains_key(name) {
            return schema;
        }
        self.components.insert(name.to_owned(), schema);
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    /// Returns the object schema of a node's children.
    fn inside(&mut self, node: &Node) -> Value {
        let mut members = Members::default();
        self.lift(&node.children, "", false, (false, false), &mut members);
        object(members.properties, members.required)
    }

    /// Like `inside`, as a component named after the fragment that selects the children.
    fn shaped(&mut self, node: &Node) -> Value {
        let schema = self.inside(node);
        let Some(name) = &node.shape else { return schema };
        let known = self.components.entry(name.clone()).or_insert_with(|| schema.clone());
        // A fragment on an interface may have another shape elsewhere.
        if *known == schema { json!({"$ref": format!("#/components/schemas/{name}")}) } else { schema }
    }
}

/// Returns the object that is the whole body: that of a mutation is inside its payload.
fn innermost(node: &Node) -> &Node {
    match node.children.as_slice() {
        [inner] if inner.marks.inline.as_deref() == Some("") && !inner.is_list() => innermost(inner),
        _ => node,
    }
}

/// Members of an object under construction.
#[derive(Default)]
struct Members {
    properties: Map<String, Value>,
    required: Vec<String>,
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
        // Any other scalar of the schema may be any JSON.
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

/// Sets the description of a schema.
pub(super) fn describe(schema: &mut Value, description: Option<&str>) {
    if let (Some(description), Some(members)) = (description, schema.as_object_mut()) {
        members.entry("description").or_insert_with(|| description.into());
    }
}
