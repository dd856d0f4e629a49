//! Arguments that are judged after the rights of whoever sends them.

use std::borrow::Cow;

use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value, registry::Registry};

use uuid::Uuid;

use crate::domain;

/// Stands in the schema as `T` does, and never fails to be read: what does not fit goes to the domain, which judges it
/// once it knows who asks. GraphQL clients do not get that far with it; the REST documents say `@param(late: true)`.
pub(super) struct Late<T>(domain::Late<T>);

impl<T> Late<T> {
    /// The value as the domain takes it.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> domain::Late<U> {
        self.0.map(change)
    }
}

impl<T: InputType> InputType for Late<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        // Required ones are never absent here: that is judged before anything runs.
        let sent = match &value {
            Some(Value::String(text)) => text.clone(),
            None => {
                return T::parse(None).map(domain::Late::Fits).map(Self).map_err(InputValueError::propagate);
            }
            _ => String::new(),
        };
        Ok(Self(T::parse(value).map_or_else(|_| domain::Late::Unfit(sent), domain::Late::Fits)))
    }

    fn to_value(&self) -> Value {
        match &self.0 {
            domain::Late::Fits(value) => value.to_value(),
            domain::Late::Unfit(text) => Value::String(text.clone()),
        }
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// The id of a row, which is judged late too.
pub(super) fn row_id(id: Late<ID>) -> domain::Late<Uuid> {
    match id.0 {
        domain::Late::Fits(id) => {
            Uuid::try_parse(&id).map_or_else(|_| domain::Late::Unfit(id.0), domain::Late::Fits)
        }
        domain::Late::Unfit(text) => domain::Late::Unfit(text),
    }
}
