//! Coercion of leaves: built-in scalars, the schema's scalars and enums.

use async_graphql::{Name, Value as ConstValue};
use chrono::{DateTime, Datelike};

use super::{
    fault::{Fault, FaultKind, Path},
    model::EnumValueDef,
};

/// Maximum nesting of a value. Everything that walks a value recurses.
pub(super) const NESTING: usize = 64;

/// Coerces a leaf to a scalar. In a document (`literal`) `5.0` is not an Int; in JSON it is the integer 5.
pub(super) fn scalar(
    name: &str,
    value: ConstValue,
    path: &Path<'_>,
    literal: bool,
) -> Result<ConstValue, Fault> {
    /// The first number beyond 64 bits.
    const LARGE: f64 = 9_223_372_036_854_775_808.0;
    let wrong = |what: &str| Err(Fault::new(FaultKind::WrongType, path, what));
    match name {
        "Int" => match integer(&value, literal) {
            Some(number) if i32::try_from(number).is_ok() => Ok(number.into()),
            Some(_) => wrong("must be an integer between -2147483648 and 2147483647"),
            None => wrong("must be an integer"),
        },
        "Coins" => match (integer(&value, literal), &value) {
            (Some(number), _) => Ok(number.into()),
            (None, ConstValue::Number(number))
                if number.as_f64().is_some_and(|number| number.abs() >= LARGE) =>
            {
                wrong("must be a whole number of at most 64 bits")
            }
            _ => wrong("must be a whole number"),
        },
        "Float" => match &value {
            ConstValue::Number(_) => Ok(value),
            _ => wrong("must be a number"),
        },
        "Boolean" => match &value {
            ConstValue::Boolean(_) => Ok(value),
            _ => wrong("must be true or false"),
        },
        "String" | "Url" => match value {
            ConstValue::String(text) => without_nul(text, path),
            _ => wrong("must be a string"),
        },
        "ID" => match value {
            ConstValue::String(text) => without_nul(text, path),
            ConstValue::Number(number) if number.is_i64() || number.is_u64() => Ok(number.to_string().into()),
            number => match integer(&number, literal) {
                Some(number) => Ok(number.to_string().into()),
                None => wrong("must be an ID: a string or an integer"),
            },
        },
        "DateTime" => moment(value, path),
        // Neither JSON nor a document can express a file.
        "Upload" => match value {
            ConstValue::Binary(_) => Ok(value),
            _ => wrong("must be a file of a multipart request"),
        },
        _ => {
            any(&value, path, 0)?;
            Ok(value)
        }
    }
}

/// Coerces a time of the years 1 to 9999 in UTC: databases disagree on other years, and RFC 3339 cannot
/// express them.
fn moment(value: ConstValue, path: &Path<'_>) -> Result<ConstValue, Fault> {
    let parsed = match &value {
        ConstValue::String(text) => DateTime::parse_from_rfc3339(text).ok(),
        _ => None,
    };
    match parsed {
        None => {
            Err(Fault::new(FaultKind::WrongType, path, "must be a date and time as in 2026-01-31T12:00:00Z"))
        }
        Some(at) if !(1..=9999).contains(&at.to_utc().year()) => {
            Err(Fault::new(FaultKind::Invalid, path, "must be within the years 0001 to 9999 in UTC"))
        }
        Some(_) => Ok(value),
    }
}

/// Coerces a leaf to an enum value: a string in JSON, a name in a document.
pub(super) fn choice(
    values: &[EnumValueDef],
    value: ConstValue,
    path: &Path<'_>,
    literal: bool,
) -> Result<ConstValue, Fault> {
    let given = match value {
        ConstValue::Enum(name) => Some(name),
        ConstValue::String(text) if !literal => Some(Name::new(text)),
        _ => None,
    };
    match given.filter(|name| values.iter().any(|value| value.name == name.as_str())) {
        Some(name) => Ok(ConstValue::Enum(name)),
        None => {
            let names = values.iter().map(|value| value.name.as_str()).collect::<Vec<_>>().join(", ");
            Err(Fault::new(FaultKind::WrongType, path, format_args!("must be one of: {names}")))
        }
    }
}

fn integer(value: &ConstValue, literal: bool) -> Option<i64> {
    /// Above this, a float cannot represent every integer.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let ConstValue::Number(number) = value else { return None };
    number.as_i64().or_else(|| {
        let float =
            number.as_f64().filter(|float| !literal && float.fract() == 0.0 && float.abs() <= EXACT)?;
        #[expect(clippy::cast_possible_truncation, reason = "integral and within the range just checked")]
        Some(float as i64)
    })
}

fn without_nul(text: String, path: &Path<'_>) -> Result<ConstValue, Fault> {
    if text.contains('\0') { Err(nul(path)) } else { Ok(ConstValue::String(text)) }
}

/// PostgreSQL stores no NUL in text or JSON, so every database refuses it.
fn nul(path: &Path<'_>) -> Fault {
    Fault::new(FaultKind::Invalid, path, "must not contain NUL")
}

/// Checks a value of any form. The fault has the path of the whole value, because inner names are the
/// caller's own.
fn any(value: &ConstValue, path: &Path<'_>, depth: usize) -> Result<(), Fault> {
    if depth > NESTING {
        return Err(Fault::new(FaultKind::Invalid, path, format_args!("is nested more than {NESTING} deep")));
    }
    match value {
        ConstValue::String(text) if text.contains('\0') => Err(nul(path)),
        ConstValue::Binary(_) => Err(Fault::new(FaultKind::WrongType, path, "must not be a file")),
        ConstValue::List(items) => items.iter().try_for_each(|item| any(item, path, depth + 1)),
        ConstValue::Object(members) => members.iter().try_for_each(|(name, member)| {
            if name.contains('\0') { Err(nul(path)) } else { any(member, path, depth + 1) }
        }),
        _ => Ok(()),
    }
}
