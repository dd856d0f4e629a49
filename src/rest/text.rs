//! Reads values that arrive as text (path, query, form, header) by their declared type; normalizes JSON
//! bodies.

use async_graphql::{
    Name, Value as ConstValue,
    parser::types::{BaseType, Type},
};
use serde_json::Number;

use crate::document::{EnumValueDef, Kind, Model, named};

/// Reads text as the declared type. `numeric` is whether a scalar of the schema represents an integer. Only
/// the syntax is checked here. The error is a sentence with the expected value.
pub(super) fn read(model: &Model, ty: &Type, numeric: bool, texts: &[&str]) -> Result<ConstValue, String> {
    match &ty.base {
        BaseType::List(inner) => texts
            .iter()
            .map(|text| read(model, inner, numeric, &[text]))
            .collect::<Result<_, _>>()
            .map(ConstValue::List),
        BaseType::Named(name) => {
            // A repeated key where one value is expected: the first counts.
            let Some(text) = texts.first().copied() else { return Ok(ConstValue::Null) };
            one(model, name, numeric, text)
        }
    }
}

fn one(model: &Model, name: &str, numeric: bool, text: &str) -> Result<ConstValue, String> {
    match name {
        "Int" => integer(text),
        "Float" => text
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(ConstValue::Number)
            .ok_or_else(|| "must be a number".to_owned()),
        "Boolean" => match text {
            "1" => Ok(ConstValue::Boolean(true)),
            "0" => Ok(ConstValue::Boolean(false)),
            _ if text.eq_ignore_ascii_case("true") => Ok(ConstValue::Boolean(true)),
            _ if text.eq_ignore_ascii_case("false") => Ok(ConstValue::Boolean(false)),
            _ => Err("must be true or false".to_owned()),
        },
        // An unescaped `+` in a query arrives as a space.
        "DateTime" => Ok(ConstValue::String(text.replacen(' ', "+", 1))),
        _ => match model.find_type(name).map(|ty| &ty.kind) {
            Some(Kind::Enum(values)) => match find_value(values, text) {
                Some(value) => Ok(ConstValue::String(value.name.clone())),
                None => Err(one_of(values)),
            },
            _ if numeric => integer(text),
            _ => Ok(ConstValue::String(text.to_owned())),
        },
    }
}

fn integer(text: &str) -> Result<ConstValue, String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("must be an integer".to_owned());
    }
    // A number outside the range of integers becomes the nearest one; a clamp or the type's range then
    // applies.
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(ConstValue::Number(text.parse().unwrap_or(limit).into()))
}

/// Clamps a number, or each of a list, to the bounds.
pub(super) fn clamp(value: ConstValue, min: Option<i64>, max: Option<i64>) -> ConstValue {
    match value {
        ConstValue::Number(number) => {
            let low = min.filter(|min| number.as_f64().is_some_and(|number| number < *min as f64));
            let high = max.filter(|max| number.as_f64().is_some_and(|number| number > *max as f64));
            ConstValue::Number(low.or(high).map_or(number, Into::into))
        }
        ConstValue::List(values) => {
            ConstValue::List(values.into_iter().map(|value| clamp(value, min, max)).collect())
        }
        value => value,
    }
}

/// Converts a JSON value to GraphQL: enums in the schema's case, integers that are written as `5.0` to
/// integers.
pub(super) fn normal(model: &Model, ty: &Type, value: ConstValue) -> ConstValue {
    match (&ty.base, value) {
        (BaseType::List(inner), ConstValue::List(values)) => {
            ConstValue::List(values.into_iter().map(|value| normal(model, inner, value)).collect())
        }
        (_, ConstValue::Number(number)) if named(ty) == "Int" => ConstValue::Number(whole(number)),
        (_, value @ (ConstValue::String(_) | ConstValue::Object(_))) => {
            match (model.find_type(named(ty)).map(|ty| &ty.kind), value) {
                (Some(Kind::Enum(values)), ConstValue::String(text)) => {
                    let found = find_value(values, &text);
                    ConstValue::String(found.map_or(text, |value| value.name.clone()))
                }
                (Some(Kind::Input { fields, .. }), ConstValue::Object(members)) => {
                    let members = members.into_iter().map(|(key, value)| match fields.get(key.as_str()) {
                        Some(field) => (key, normal(model, &field.ty, value)),
                        None => (key, value),
                    });
                    ConstValue::Object(members.collect())
                }
                (_, value) => value,
            }
        }
        (_, value) => value,
    }
}

/// Returns the path of the first value of a JSON body that GraphQL would accept or describe in another way than REST,
/// with the expected value: a single value is not a list, a number is not an id, and enum values are in lower case. Null
/// is left to the type.
pub(super) fn find_misfit(
    model: &Model,
    ty: &Type,
    value: &ConstValue,
    path: &str,
) -> Option<(String, String)> {
    let misfit = |reason: String| Some((path.to_owned(), reason));
    match (&ty.base, value) {
        // A list of one file in a form looks like a single file.
        (_, ConstValue::Null | ConstValue::Binary(_)) => None,
        (BaseType::List(inner), ConstValue::List(values)) => {
            let mut places = values.iter().enumerate();
            places.find_map(|(place, value)| find_misfit(model, inner, value, &format!("{path}[{place}]")))
        }
        (BaseType::List(_), _) => misfit("must be a list".to_owned()),
        (BaseType::Named(name), value) if name == "ID" => match value {
            ConstValue::String(_) => None,
            _ => misfit("must be a string".to_owned()),
        },
        (BaseType::Named(name), value) => match (&model.find_type(name)?.kind, value) {
            (Kind::Enum(values), ConstValue::String(text)) if find_value(values, text).is_some() => None,
            (Kind::Enum(values), _) => misfit(one_of(values)),
            (Kind::Input { fields, .. }, ConstValue::Object(members)) => {
                members.iter().find_map(|(key, value)| {
                    let field = fields.get(key.as_str())?;
                    find_misfit(model, &field.ty, value, &format!("{path}.{key}"))
                })
            }
            _ => None,
        },
    }
}

/// Returns the enum value that a text names in either case.
fn find_value<'a>(values: &'a [EnumValueDef], text: &str) -> Option<&'a EnumValueDef> {
    values.iter().find(|value| value.name.eq_ignore_ascii_case(text))
}

/// Returns the sentence about an unknown enum value, with the values as REST writes them.
fn one_of(values: &[EnumValueDef]) -> String {
    let names: Vec<_> = values.iter().map(|value| value.name.to_ascii_lowercase()).collect();
    format!("must be one of {}", names.join(", "))
}

fn whole(number: Number) -> Number {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => (float as i64).into(),
        _ => number,
    }
}

/// Returns whether a value contains a NUL.
pub(super) fn has_nul(value: &ConstValue) -> bool {
    match value {
        ConstValue::String(text) => text.contains('\0'),
        ConstValue::List(values) => values.iter().any(has_nul),
        ConstValue::Object(members) => {
            members.iter().any(|(key, value): (&Name, _)| key.contains('\0') || has_nul(value))
        }
        _ => false,
    }
}
