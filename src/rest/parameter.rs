//! Reads the variables of a request by the route's bindings.

use async_graphql::{Name, Value as ConstValue, Variables, indexmap::IndexMap};
use uuid::Uuid;

use super::{
    binding::{Binding, ParameterLocation},
    request_parts::{Raw, RequestParts},
    text::{clamp, find_misfit, has_nul, normal, read},
};
use crate::transport::Refusal;
use crate::{
    document::{FaultKind, Model, coerce},
    error::Code,
};

/// Returns all variables; fails with the first invalid one.
pub(super) fn variables(
    model: &Model,
    bindings: &[Binding],
    sent: &RequestParts,
) -> Result<Variables, Refusal> {
    let mut variables = Variables::default();
    for binding in bindings {
        if let Some(value) = one(model, binding, sent)? {
            variables.insert(binding.name.clone(), value);
        }
    }
    Ok(variables)
}

fn one(model: &Model, binding: &Binding, sent: &RequestParts) -> Result<Option<ConstValue>, Refusal> {
    let found = match &binding.place {
        ParameterLocation::Whole(members) => return whole(model, members, sent).map(Some),
        ParameterLocation::Path { index, name } => {
            let text = sent.path.get(*index).map(String::as_str).unwrap_or_default();
            Some((name.as_str(), Raw::Text(vec![text])))
        }
        ParameterLocation::Query(names) => sent.query(names),
        ParameterLocation::Header(header) => sent.header(header)?.map(|raw| (header.as_str(), raw)),
        ParameterLocation::Body(names) => sent.body(names),
    };
    let Some((name, raw)) = found else { return absent(binding) };
    let wrong_type = if binding.reads_body() { Code::Unprocessable } else { Code::Invalid };
    let refuse = |code, path: &str, reason: &str| {
        Refusal::about(code, path, format!("Invalid value for \"{path}\": {reason}"))
    };
    // The first name counts. A bad value under another one is a mistake of the client all the same.
    for (other, value) in sent.others(&binding.place, name).filter(|_| !binding.late) {
        if let Some((path, reason)) = find_misfit(model, &binding.ty, value, other) {
            return Err(refuse(wrong_type, &path, &reason));
        }
        if let ConstValue::String(text) = value
            && binding.takes_uuid()
            && Uuid::try_parse(text).is_err()
        {
            return Err(refuse(Code::Invalid, other, "must be a UUID"));
        }
    }
    let value = match raw {
        Raw::Json(value) => {
            let misfit = if binding.late { None } else { find_misfit(model, &binding.ty, &value, name) };
            if let Some((path, reason)) = misfit {
                return Err(refuse(wrong_type, &path, &reason));
            }
            normal(model, &binding.ty, value)
        }
        Raw::Text(texts) => {
            let numeric = binding.min.is_some() || binding.max.is_some();
            match read(model, &binding.ty, numeric, &texts) {
                Ok(value) => value,
                Err(_) if binding.late => {
                    ConstValue::String(texts.first().copied().unwrap_or_default().into())
                }
                Err(reason) => return Err(refuse(wrong_type, name, &reason)),
            }
        }
    };
    if has_nul(&value) {
        return Err(refuse(Code::Invalid, name, "must not contain NUL"));
    }
    let value = clamp(value, binding.min, binding.max);
    let raw = binding.late.then(|| value.clone());
    match coerce::value(model, &binding.ty, value, name) {
        Ok(value) => Ok(Some(value)),
        Err(fault) => match raw {
            // A value with deferred validation reaches the domain as it was sent.
            Some(raw) => Ok(Some(raw)),
            None => {
                let code = match fault.kind {
                    FaultKind::Missing | FaultKind::WrongType => wrong_type,
                    FaultKind::Invalid => Code::Invalid,
                };
                // The fault's message begins with the path, which the prefix already contains.
                let named = format!("\"{}\" ", fault.path);
                let reason = fault.message.strip_prefix(&named).unwrap_or(&fault.message);
                Err(refuse(code, &fault.path, reason))
            }
        },
    }
}

fn whole(model: &Model, members: &[Binding], sent: &RequestParts) -> Result<ConstValue, Refusal> {
    let mut object: IndexMap<Name, ConstValue> = IndexMap::with_capacity(members.len());
    for member in members {
        if let Some(value) = one(model, member, sent)? {
            object.insert(member.name.clone(), value);
        }
    }
    Ok(ConstValue::Object(object))
}

fn absent(binding: &Binding) -> Result<Option<ConstValue>, Refusal> {
    if let Some(default) = &binding.default {
        return Ok(Some(default.clone()));
    }
    if !binding.required() {
        return Ok(None);
    }
    let (code, name) = match &binding.place {
        ParameterLocation::Body(names) => {
            (Code::Unprocessable, names.first().map_or(binding.name.as_str(), String::as_str))
        }
        ParameterLocation::Query(names) => {
            (Code::Invalid, names.first().map_or(binding.name.as_str(), String::as_str))
        }
        ParameterLocation::Header(header) => (Code::Invalid, header.as_str()),
        ParameterLocation::Path { name, .. } => (Code::Invalid, name.as_str()),
        ParameterLocation::Whole(_) => (Code::Invalid, binding.name.as_str()),
    };
    Err(Refusal::about(code, name, format!("Missing \"{name}\"")))
}
