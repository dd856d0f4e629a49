//! Files among the variables.

use async_graphql::{Value, Variables};

use crate::security::random;

/// Returns the variables with each file replaced by its digest, to compare requests without the bytes.
pub fn without_files(variables: &Variables) -> Variables {
    let mut variables = variables.clone();
    variables.values_mut().for_each(digest);
    variables
}

fn digest(value: &mut Value) {
    match value {
        Value::Binary(bytes) => *value = Value::String(random::sha256_hex(bytes)),
        Value::List(items) => items.iter_mut().for_each(digest),
        Value::Object(members) => members.values_mut().for_each(digest),
        _ => {}
    }
}
