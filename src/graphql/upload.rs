//! Files as arguments.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use bytes::Bytes;

/// A file of a multipart request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload(pub Bytes);

/// A file of a GraphQL multipart request: the variable is null and the form's `map` names it. The request needs the
/// header `GraphQL-Require-Preflight`. The file type is detected from the content.
#[Scalar(specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec")]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            // Only the multipart reader creates this value: neither JSON nor a document can express it.
            Value::Binary(bytes) => Ok(Self(bytes)),
            value => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Null
    }
}
