//! Inputs that are validated after the caller's rights.

use std::borrow::Cow;

use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value, registry::Registry};

use uuid::Uuid;

use crate::domain;

/// An input of type `T` whose validation is deferred: reading it never fails, and the domain rejects a
/// malformed value after it has checked the caller's rights. Only REST documents use it, by `@param(late:
/// true)`; GraphQL clients' values are validated before execution.
pub(super) struct DeferredInput<T>(domain::Deferred<T>);

impl<T> DeferredInput<T> {
    /// A value that is known to be valid.
    pub(super) fn valid(value: T) -> Self {
        Self(domain::Deferred::Valid(value))
    }

    /// Converts the value for the domain.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> domain::Deferred<U> {
        self.0.map(change)
    }
}

impl<T: InputType> InputType for DeferredInput<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        // A required input is never absent here: that is checked before execution.
        let sent = match &value {
            Some(Value::String(text)) => text.clone(),
            None => {
                return T::parse(None)
                    .map(domain::Deferred::Valid)
                    .map(Self)
                    .map_err(InputValueError::propagate);
            }
            _ => String::new(),
        };
        Ok(Self(T::parse(value).map_or_else(|_| domain::Deferred::Malformed(sent), domain::Deferred::Valid)))
    }

    fn to_value(&self) -> Value {
        match &self.0 {
            domain::Deferred::Valid(value) => value.to_value(),
            domain::Deferred::Malformed(text) => Value::String(text.clone()),
        }
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// Reads the id of a row with deferred validation.
pub(super) fn row_id(id: DeferredInput<ID>) -> domain::Deferred<Uuid> {
    match id.0 {
        domain::Deferred::Valid(id) => {
            Uuid::try_parse(&id).map_or_else(|_| domain::Deferred::Malformed(id.0), domain::Deferred::Valid)
        }
        domain::Deferred::Malformed(text) => domain::Deferred::Malformed(text),
    }
}
