//! Why a document is refused before it runs.

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

use super::coerce::Fault;
use crate::domain::Code;

/// Validation of a hostile document can find thousands of errors; nobody reads more than these.
const SHOWN: usize = 50;

/// A document, or its variables, refused: nothing of it ran.
#[derive(Debug)]
pub struct Failure {
    /// The catalogue's code.
    pub code: Code,
    /// What is wrong and where; each carries `extensions.code`.
    pub errors: Vec<ServerError>,
}

impl Failure {
    /// One error.
    pub fn new(code: Code, message: impl Into<String>, at: Option<Pos>) -> Self {
        Self::from_errors(code, vec![ServerError::new(message, at)])
    }

    /// Several errors, of one code.
    pub fn from_errors(code: Code, mut errors: Vec<ServerError>) -> Self {
        errors.truncate(SHOWN);
        for error in &mut errors {
            error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.as_str());
        }
        Self { code, errors }
    }

    /// Values that do not fit their types; `extensions.field` names each.
    pub fn from_faults(code: Code, faults: impl IntoIterator<Item = (Fault, Option<Pos>)>) -> Self {
        let error = |(fault, at): (Fault, Option<Pos>)| {
            let mut error = ServerError::new(fault.message, at);
            let mut extensions = ErrorExtensionValues::default();
            extensions.set("field", fault.path);
            error.extensions = Some(extensions);
            error
        };
        Self::from_errors(code, faults.into_iter().map(error).collect())
    }

    pub(super) fn invalid(message: impl Into<String>, at: Option<Pos>) -> Self {
        Self::new(Code::GraphqlValidationFailed, message, at)
    }

    pub(super) fn too_complex(message: impl Into<String>) -> Self {
        Self::new(Code::QueryTooComplex, message, None)
    }
}
