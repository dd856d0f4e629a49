//! The library's own strict validation, which it offers only as the first half of executing a request.

use std::sync::Arc;

use async_graphql::{
    ObjectType, Request, Response, Schema, ServerError, SubscriptionType,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    futures_util::FutureExt,
    parser::types::{DocumentOperations, ExecutableDocument},
};

use super::Check;

/// Makes a schema validate documents and execute none. For a schema of its own: extensions cost time per field.
#[derive(Clone, Copy, Debug)]
pub struct ValidateOnly;

impl ExtensionFactory for ValidateOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for ValidateOnly {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::default()
    }
}

/// The strict validation of a schema that was built with [`ValidateOnly`] and without limits. Without that extension
/// the check would execute what it is to validate.
pub fn check<Q, M, S>(schema: Schema<Q, M, S>) -> Box<Check>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    Box::new(move |document: &ExecutableDocument| {
        let mut request = Request::new("");
        if let DocumentOperations::Multiple(operations) = &document.operations {
            // All are validated whichever is named, but one must be.
            request.operation_name = operations.keys().next().map(ToString::to_string);
        }
        request.set_parsed_query(document.clone());
        let response = schema
            .execute(request)
            .now_or_never()
            .ok_or_else(|| vec![ServerError::new("The document cannot be validated", None)])?;
        if response.errors.is_empty() { Ok(()) } else { Err(response.errors) }
    })
}
