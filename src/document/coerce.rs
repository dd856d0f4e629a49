//! Coercion of input to its declared types before execution, for GraphQL variables and REST parameters.

use async_graphql::{
    Name, Pos, Positioned, Value as ConstValue, Variables,
    indexmap::IndexMap,
    parser::types::{BaseType, Type, VariableDefinition},
};

use super::{
    fault::{Fault, FaultKind, Path},
    model::{InputDef, Kind, Model},
    scalars::{self, NESTING},
};

/// Coerces a value to a type: fills in defaults, recognises enum values, and wraps a single value in a list.
///
/// # Errors
///
/// Returns the first fault.
pub fn value(model: &Model, ty: &Type, value: ConstValue, path: &str) -> Result<ConstValue, Fault> {
    coerce(model, ty, value, &Path::Root(path), 0)
}

/// Coerces the variables of a request to their definitions. Drops undefined variables and fills in defaults;
/// a nullable variable without a default stays absent.
///
/// # Errors
///
/// Returns one fault for each variable that does not fit, with the position of its definition.
pub fn variables(
    model: &Model,
    definitions: &[Positioned<VariableDefinition>],
    mut given: Variables,
) -> Result<Variables, Vec<(Fault, Pos)>> {
    let mut fitting = Variables::default();
    let mut faults = Vec::new();
    for definition in definitions {
        let (at, definition) = (definition.pos, &definition.node);
        let name = &definition.name.node;
        let default = || definition.default_value.as_ref().map(|value| value.node.clone());
        let has_default = definition.default_value.is_some();
        match given.remove(name.as_str()).or_else(default) {
            Some(ConstValue::Null) if has_default && !definition.var_type.node.nullable => {
                faults.push((Fault::null(&Path::Root(name), true), at));
            }
            Some(one) => match value(model, &definition.var_type.node, one, name) {
                Ok(one) => {
                    fitting.insert(name.clone(), one);
                }
                Err(fault) => faults.push((fault, at)),
            },
            None if definition.var_type.node.nullable => {}
            None => faults.push((Fault::required(&Path::Root(name)), at)),
        }
    }
    if faults.is_empty() { Ok(fitting) } else { Err(faults) }
}

fn coerce(
    model: &Model,
    ty: &Type,
    value: ConstValue,
    path: &Path<'_>,
    depth: usize,
) -> Result<ConstValue, Fault> {
    if depth > NESTING {
        return Err(Fault::new(FaultKind::Invalid, path, format_args!("is nested more than {NESTING} deep")));
    }
    if matches!(value, ConstValue::Null) {
        return if ty.nullable { Ok(value) } else { Err(Fault::null(path, false)) };
    }
    let name = match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => {
            let items = match value {
                ConstValue::List(items) => items
                    .into_iter()
                    .enumerate()
                    .map(|(index, one)| coerce(model, item, one, &Path::Item(path, index), depth + 1))
                    .collect::<Result<_, _>>()?,
                single => vec![coerce(model, item, single, path, depth + 1)?],
            };
            return Ok(ConstValue::List(items));
        }
    };
    match model.find_type(name).map(|ty| &ty.kind) {
        Some(Kind::Enum(values)) => scalars::choice(values, value, path, false),
        Some(Kind::Input { fields, one_of }) => object(model, fields, *one_of, value, path, depth),
        _ => scalars::scalar(name, value, path, false),
    }
}

fn object(
    model: &Model,
    fields: &IndexMap<String, InputDef>,
    one_of: bool,
    value: ConstValue,
    path: &Path<'_>,
    depth: usize,
) -> Result<ConstValue, Fault> {
    let ConstValue::Object(mut given) = value else {
        return Err(Fault::new(FaultKind::WrongType, path, "must be an object"));
    };
    if one_of && (given.len() != 1 || given.values().any(|value| matches!(value, ConstValue::Null))) {
        return Err(not_one_of(fields, path));
    }
    known_members(fields, given.keys().map(Name::as_str), path)?;
    let mut members = IndexMap::with_capacity(given.len());
    for (name, field) in fields {
        let path = Path::Member(path, name);
        if let Some(one) = given.swap_remove(name.as_str()).or_else(|| field.default.clone()) {
            if matches!(one, ConstValue::Null) && field.default.is_some() && !field.ty.nullable {
                return Err(Fault::null(&path, true));
            }
            members.insert(Name::new(name), coerce(model, &field.ty, one, &path, depth + 1)?);
        } else if !field.ty.nullable {
            return Err(Fault::required(&path));
        }
    }
    Ok(ConstValue::Object(members))
}

pub(super) fn not_one_of(fields: &IndexMap<String, InputDef>, path: &Path<'_>) -> Fault {
    let names = fields.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    Fault::new(FaultKind::Invalid, path, format_args!("must have exactly one of: {names}"))
}

pub(super) fn known_members<'a>(
    fields: &IndexMap<String, InputDef>,
    mut given: impl Iterator<Item = &'a str>,
    path: &Path<'_>,
) -> Result<(), Fault> {
    match given.find(|name| !fields.contains_key(*name)) {
        Some(name) => Err(Fault::new(FaultKind::Invalid, &Path::Member(path, name), "is not a known member")),
        None => Ok(()),
    }
}
