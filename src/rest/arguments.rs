//! Reads the arguments of a directive one by one.

use anyhow::Result;
use async_graphql::{Name, Positioned, Value as ConstValue, parser::types::Directive};
use axum::http::StatusCode;

use super::source::fault;
use crate::error::Code;

/// The arguments of a directive. Any argument left over at the end is a mistake.
pub(super) struct Arguments<'a> {
    file: &'a str,
    directive: &'a Positioned<Directive>,
    values: Vec<(&'a Positioned<Name>, ConstValue)>,
}

impl<'a> Arguments<'a> {
    pub fn read(file: &'a str, directive: &'a Positioned<Directive>) -> Result<Self> {
        let mut values: Vec<(&Positioned<Name>, ConstValue)> = Vec::new();
        // A directive of GraphQL itself may use variables.
        if !DIRECTIVES.contains(&directive.node.name.node.as_str()) {
            return Ok(Self { file, directive, values });
        }
        for (name, value) in &directive.node.arguments {
            let Some(constant) = value.node.clone().into_const() else {
                return Err(fault(file, value.pos, format!("{} must be a constant", name.node)));
            };
            if values.iter().any(|(other, _)| other.node == name.node) {
                return Err(fault(file, name.pos, format!("{} is given twice", name.node)));
            }
            values.push((name, constant));
        }
        Ok(Self { file, directive, values })
    }

    pub fn lacks(&self, name: &str) -> anyhow::Error {
        fault(self.file, self.directive.pos, format!("@{} needs {name:?}", self.directive.node.name.node))
    }

    pub fn wrong(&self, name: &str, wanted: &str) -> anyhow::Error {
        let found = self.directive.node.arguments.iter().find(|(other, _)| other.node == *name);
        let pos = found.map_or(self.directive.pos, |(_, value)| value.pos);
        fault(self.file, pos, format!("{name:?} of @{} must be {wanted}", self.directive.node.name.node))
    }

    pub fn take(&mut self, name: &str) -> Option<ConstValue> {
        let index = self.values.iter().position(|(other, _)| other.node == *name)?;
        Some(self.values.remove(index).1)
    }

    pub fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(ConstValue::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "a string")),
        }
    }

    pub fn word(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(ConstValue::Enum(word)) => Ok(Some(word.to_string())),
            Some(_) => Err(self.wrong(name, "an enum value without quotes")),
        }
    }

    pub fn flag(&mut self, name: &str) -> Result<bool> {
        match self.take(name) {
            None => Ok(false),
            Some(ConstValue::Boolean(flag)) => Ok(flag),
            Some(_) => Err(self.wrong(name, "true or false")),
        }
    }

    pub fn integer(&mut self, name: &str) -> Result<Option<i64>> {
        match self.take(name) {
            None => Ok(None),
            Some(ConstValue::Number(number)) if number.is_i64() => Ok(number.as_i64()),
            Some(_) => Err(self.wrong(name, "an integer")),
        }
    }

    pub fn status(&mut self, name: &str) -> Result<Option<StatusCode>> {
        let Some(number) = self.integer(name)? else { return Ok(None) };
        let status = u16::try_from(number).ok().filter(|number| (200..600).contains(number));
        let status = status.and_then(|number| StatusCode::from_u16(number).ok());
        status.map(Some).ok_or_else(|| self.wrong(name, "an HTTP status"))
    }

    pub fn texts(&mut self, name: &str) -> Result<Vec<String>> {
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        let values = if let ConstValue::List(values) = value { values } else { vec![value] };
        let texts = values.into_iter().map(|value| match value {
            ConstValue::String(text) => Ok(text),
            _ => Err(self.wrong(name, "a list of strings")),
        });
        texts.collect()
    }

    pub fn codes(&mut self, name: &str) -> Result<Option<Vec<Code>>> {
        let values = match self.take(name) {
            None => return Ok(None),
            Some(ConstValue::List(values)) => values,
            Some(value) => vec![value],
        };
        let codes = values.into_iter().map(|value| match value {
            ConstValue::Enum(word) => {
                Code::parse(&word).ok_or_else(|| self.wrong(name, "codes of the catalogue"))
            }
            _ => Err(self.wrong(name, "codes of the catalogue")),
        });
        codes.collect::<Result<_>>().map(Some)
    }

    pub fn finish(self) -> Result<()> {
        match self.values.first() {
            None => Ok(()),
            Some((name, _)) => {
                let reason =
                    format!("@{} has no argument {:?}", self.directive.node.name.node, name.node.as_str());
                Err(fault(self.file, name.pos, reason))
            }
        }
    }
}

/// Names of our directives.
pub(super) const DIRECTIVES: [&str; 5] = ["rest", "param", "inline", "hidden", "status"];
