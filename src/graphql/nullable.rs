//! Nullable fields whose error makes them null and keeps the results beside them, as the specification requires. The
//! library does so only for errors inside of a value, and fails the parent with an error of the field's own
//! resolver.

use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field};

use super::root::typed_like;
use crate::error::Result;

/// The outcome of a nullable field.
pub(super) struct Nullable<T>(async_graphql::Result<Option<T>>);

impl<T> Nullable<T> {
    /// Returns the outcome of a resolver.
    pub(super) async fn of(resolver: impl Future<Output = Result<Option<T>>>) -> Self {
        Self(resolver.await.map_err(Into::into))
    }
}

impl<T: OutputType> OutputType for Nullable<T> {
    typed_like!(Option<T>);

    fn qualified_type_name() -> String {
        Option::<T>::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match &self.0 {
            Ok(found) => found.resolve(ctx, field).await,
            Err(error) => {
                ctx.add_error(ctx.set_error_path(error.clone().into_server_error(field.pos)));
                Ok(Value::Null)
            }
        }
    }
}
