//! Values that arrive as text (path, query, form, header), read by declared type; and the leniencies of JSON bodies.

use async_graphql::{
    Name, Value as ConstValue,
    parser::types::{BaseType, Type},
};
use serde_json::Number;

use crate::document::{Kind, Model, named};

/// Reads text as the declared type. `numeric` is a scalar of the schema's that stands for an integer. What the
/// type itself demands beyond its syntax is judged afterwards. The error says what the value must be.
pub(super) fn read(model: &Model, ty: &Type, numeric: bool, texts: &[&str]) -> Result<ConstValue, String> {
    match &ty.base {
        BaseType::List(inner) => texts
            .iter()
            .map(|text| read(model, inner, numeric, &[text]))
            .collect::<Result<_, _>>()
            .map(ConstValue::List),
        BaseType::Named(name) => {
            // A key that is repeated where one value is meant: the first counts.
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
        // What a `+` was meant to be in a query, unless it was escaped.
        "DateTime" => Ok(ConstValue::String(text.replacen(' ', "+", 1))),
        _ => match model.find_type(name).map(|ty| &ty.kind) {
            Some(Kind::Enum(values)) => {
                match values.iter().find(|value| value.name.eq_ignore_ascii_case(text)) {
                    Some(value) => Ok(ConstValue::String(value.name.clone())),
                    None => {
                        let names: Vec<_> =
                            values.iter().map(|value| value.name.to_ascii_lowercase()).collect();
                        Err(format!("must be one of {}", names.join(", ")))
                    }
                }
            }
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
    // What no integer holds is the nearest that does: a clamp or the type's range has the last word.
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(ConstValue::Number(text.parse().unwrap_or(limit).into()))
}

/// Raises and lowers a number, or each of a list, into the bounds.
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

/// A JSON value as GraphQL wants it: enums in the schema's case, whole numbers written `5.0` as integers.
pub(super) fn normal(model: &Model, ty: &Type, value: ConstValue) -> ConstValue {
    match (&ty.base, value) {
        (BaseType::List(inner), ConstValue::List(values)) => {
            ConstValue::List(values.into_iter().map(|value| normal(model, inner, value)).collect())
        }
        (_, ConstValue::Number(number)) if named(ty) == "Int" => ConstValue::Number(whole(number)),
        (_, value @ (ConstValue::String(_) | ConstValue::Object(_))) => {
            match (model.find_type(named(ty)).map(|ty| &ty.kind), value) {
                (Some(Kind::Enum(values)), ConstValue::String(text)) => {
                    let found = values.iter().find(|value| value.name.eq_ignore_ascii_case(&text));
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

/// The path of the first value of a JSON body that is no list where a list is declared. GraphQL would read it as a
/// list of one; here it is a mistake. Null is left to the type.
pub(super) fn find_unlisted(model: &Model, ty: &Type, value: &ConstValue, path: &str) -> Option<String> {
    match (&ty.base, value) {
        // Files come in forms, where a list of one looks like one.
        (_, ConstValue::Null | ConstValue::Binary(_)) => None,
        (BaseType::List(inner), ConstValue::List(values)) => {
            let mut places = values.iter().enumerate();
            places.find_map(|(place, value)| find_unlisted(model, inner, value, &format!("{path}[{place}]")))
        }
        (BaseType::List(_), _) => Some(path.to_owned()),
        (BaseType::Named(name), ConstValue::Object(members)) => {
            let Kind::Input { fields, .. } = &model.find_type(name)?.kind else { return None };
            members.iter().find_map(|(key, value)| {
                let field = fields.get(key.as_str())?;
                find_unlisted(model, &field.ty, value, &format!("{path}.{key}"))
            })
        }
        _ => None,
    }
}

fn whole(number: Number) -> Number {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => (float as i64).into(),
        _ => number,
    }
}

/// Where a NUL stands in a value, and how deep the value is: neither may reach the domain unseen.
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
