//! Examples of the OpenAPI document: exchanges with a server of the demo data, which a test records.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The recorded examples of all operations.
#[derive(Debug, Default)]
pub struct Examples(HashMap<String, OperationExample>);

/// The request of one operation and its answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OperationExample {
    /// Values of path, query and headers, by name.
    pub parameters: Map<String, Value>,
    /// The body of the request.
    pub body: Option<Value>,
    /// The body of each answer, by status.
    pub answers: Map<String, Value>,
}

impl Examples {
    /// Reads files of examples: JSON objects by operation.
    ///
    /// # Errors
    /// Fails for a file that is not such an object.
    pub fn read(files: &[(&str, &str)]) -> Result<Self> {
        let mut all = HashMap::new();
        for (name, text) in files {
            let examples: HashMap<String, OperationExample> =
                serde_json::from_str(text).with_context(|| format!("the examples in {name}"))?;
            all.extend(examples);
        }
        Ok(Self(all))
    }

    /// Returns the example of an operation; operations that an operator added have none.
    pub(super) fn of(&self, operation: &str) -> Option<&OperationExample> {
        self.0.get(operation)
    }
}
