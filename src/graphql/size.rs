//! Limit on the number of bytes in a response.

use async_graphql::{Context, ErrorExtensionValues, Response, ServerError, Value};
use async_graphql_value::Value as Literal;

use crate::error::Code;

/// Replaces a response with an error if it has more bytes than the limit.
pub(super) fn limit(response: &mut Response, limit: usize) {
    let mut left = limit;
    let given_up = response.errors.iter().any(is_refusal);
    let errors =
        !given_up && response.errors.iter().all(|error| take(&mut left, error.message.len() + BESIDE));
    if errors && measure(&response.data, &mut left) {
        return;
    }
    response.data = Value::Null;
    response.errors = vec![refusal(limit)];
}

/// The error in the place of an answer that has more bytes.
pub(super) fn refusal(limit: usize) -> ServerError {
    let mut error = ServerError::new(too_large(limit), None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", Code::ResponseTooLarge.as_str());
    error.extensions = Some(extensions);
    error
}

fn is_refusal(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    matches!(code, Some(Value::String(code)) if code == Code::ResponseTooLarge.as_str())
}

/// The bytes of a value as JSON; escapes in texts are not counted.
pub fn of(value: &Value) -> usize {
    let mut left = usize::MAX;
    measure(value, &mut left);
    usize::MAX - left
}

/// The bytes of a field's arguments as JSON, with the values of their variables.
pub(super) fn of_arguments(ctx: &Context<'_>) -> usize {
    let arguments = &ctx.item.node.arguments;
    arguments.iter().map(|(name, value)| name.node.len() + of_literal(ctx, &value.node)).sum()
}

fn of_literal(ctx: &Context<'_>, value: &Literal) -> usize {
    match value {
        Literal::Variable(name) => ctx.query_env.variables.get(name).map_or(0, of),
        Literal::String(text) => text.len() + 3,
        Literal::Enum(name) => name.len() + 3,
        Literal::Binary(bytes) => bytes.len(),
        Literal::Null | Literal::Boolean(_) | Literal::Number(_) => 2,
        Literal::List(items) => items.iter().map(|item| of_literal(ctx, item)).sum(),
        Literal::Object(members) => {
            members.iter().map(|(name, member)| name.len() + 3 + of_literal(ctx, member)).sum()
        }
    }
}

/// Returns the error for a response of more than `limit` bytes.
pub fn too_large(limit: usize) -> String {
    format!("The response is larger than {limit} bytes; request less data")
}

/// Number of bytes of an error besides its message.
const BESIDE: usize = 64;

/// Returns whether the JSON of a value fits into the remaining bytes. Escapes in strings are not counted.
fn measure(value: &Value, left: &mut usize) -> bool {
    match value {
        Value::String(text) => take(left, text.len() + 3),
        Value::Enum(name) => take(left, name.len() + 3),
        Value::List(items) => take(left, 3) && items.iter().all(|item| measure(item, left)),
        Value::Object(members) => {
            take(left, 3)
                && members.iter().all(|(name, member)| take(left, name.len() + 3) && measure(member, left))
        }
        Value::Binary(bytes) => take(left, bytes.len()),
        Value::Null | Value::Boolean(_) | Value::Number(_) => take(left, 2),
    }
}

fn take(left: &mut usize, bytes: usize) -> bool {
    left.checked_sub(bytes).map(|rest| *left = rest).is_some()
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn a_too_large_response_becomes_an_error() {
        let data = value!({ "rows": [{ "text": "aaaaaaaaaa" }, { "text": "b" }] });
        let length = serde_json::to_vec(&data).unwrap().len();
        let mut response = Response::new(data.clone());
        limit(&mut response, length + 20);
        assert_eq!(response.data, data);
        limit(&mut response, length - 10);
        assert_eq!(response.data, Value::Null);
        let code = response.errors[0].extensions.as_ref().unwrap().get("code").cloned();
        assert_eq!(code, Some(Value::from("RESPONSE_TOO_LARGE")));
    }
}
