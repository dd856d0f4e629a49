//! Errors of documents that are refused before execution.

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

use super::{fault::Fault, quotation::cut};
use crate::error::Code;

/// Maximum number of errors per response. Validation of a hostile document can find thousands.
pub(super) const SHOWN: usize = 50;

/// Maximum number of characters per message. Quotations are much shorter; only lists of the schema's names
/// come near.
const MESSAGE: usize = 1000;

/// A refusal of a document or its variables; no field was executed.
#[derive(Debug)]
pub struct Failure {
    /// Code of the catalogue.
    pub code: Code,
    /// The errors with positions; each has `extensions.code`.
    pub errors: Vec<ServerError>,
}

impl Failure {
    /// Creates a failure with one error.
    pub fn new(code: Code, message: impl Into<String>, at: Option<Pos>) -> Self {
        Self::from_errors(code, vec![ServerError::new(message, at)])
    }

    /// Creates a failure with several errors of one code.
    pub fn from_errors(code: Code, mut errors: Vec<ServerError>) -> Self {
        errors.truncate(SHOWN);
        for error in &mut errors {
            if let std::borrow::Cow::Owned(short) = cut(&error.message, MESSAGE) {
                error.message = short;
            }
            error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.as_str());
        }
        Self { code, errors }
    }

    /// Creates a failure from faults of values; `extensions.field` names each value.
    pub fn from_faults(code: Code, faults: impl IntoIterator<Item = (Fault, Option<Pos>)>) -> Self {
        let errors = faults.into_iter().map(|(fault, at)| Self::fault(fault, at));
        Self::from_errors(code, errors.collect())
    }

    /// Returns the error for a fault.
    pub(super) fn fault(fault: Fault, at: Option<Pos>) -> ServerError {
        let mut error = ServerError::new(fault.message, at);
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("field", fault.path);
        error.extensions = Some(extensions);
        error
    }

    pub(super) fn invalid(message: impl Into<String>, at: Option<Pos>) -> Self {
        Self::new(Code::GraphqlValidationFailed, message, at)
    }

    pub(super) fn too_complex(message: impl Into<String>) -> Self {
        Self::new(Code::QueryTooComplex, message, None)
    }
}
