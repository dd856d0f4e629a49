//! Why a document is refused before it runs.

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

use super::coerce::Fault;
use crate::domain::Code;

/// Validation of a hostile document can find thousands of errors; nobody reads more than these.
pub(super) const SHOWN: usize = 50;

/// Characters of a message. What it quotes is cut much shorter; only lists of the schema's own names come near.
const MESSAGE: usize = 1000;
/// Characters that are quoted of what a client sent.
pub(super) const QUOTED: usize = 64;

/// A name or value of a client in quotes, cut where it is long: an answer must not grow with what was sent.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", cut(text, QUOTED))
}

/// The beginning of a text that a client sent, as an answer may quote it.
pub fn cut(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => text.into(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()).into(),
    }
}

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
            if let std::borrow::Cow::Owned(short) = cut(&error.message, MESSAGE) {
                error.message = short;
            }
            error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.as_str());
        }
        Self { code, errors }
    }

    /// Values that do not fit their types; `extensions.field` names each.
    pub fn from_faults(code: Code, faults: impl IntoIterator<Item = (Fault, Option<Pos>)>) -> Self {
        let errors = faults.into_iter().map(|(fault, at)| Self::fault(fault, at));
        Self::from_errors(code, errors.collect())
    }

    /// The error of one value.
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
