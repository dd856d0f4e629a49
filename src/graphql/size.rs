//! The bytes of an answer.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};

use crate::domain::Code;

/// Puts an error in the place of an answer that would have more bytes.
pub(super) fn limit(response: &mut Response, limit: usize) {
    let mut left = limit;
    let errors = response.errors.iter().all(|error| take(&mut left, error.message.len() + BESIDE));
    if errors && fits(&response.data, &mut left) {
        return;
    }
    let mut error = ServerError::new(too_large(limit), None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", Code::ResponseTooLarge.as_str());
    error.extensions = Some(extensions);
    response.data = Value::Null;
    response.errors = vec![error];
}

/// Says that an answer has more bytes than this.
pub fn too_large(limit: usize) -> String {
    format!("The answer is larger than {limit} bytes: ask for less at once")
}

/// Bytes of an error beside its message.
const BESIDE: usize = 64;

/// Whether the JSON of a value has no more bytes than are left; escapes in texts are not counted.
fn fits(value: &Value, left: &mut usize) -> bool {
    match value {
        Value::String(text) => take(left, text.len() + 3),
        Value::Enum(name) => take(left, name.len() + 3),
        Value::List(items) => take(left, 3) && items.iter().all(|item| fits(item, left)),
        Value::Object(members) => {
            take(left, 3)
                && members.iter().all(|(name, member)| take(left, name.len() + 3) && fits(member, left))
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
    fn what_is_too_large_becomes_an_error() {
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
