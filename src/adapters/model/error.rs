//! Errors of models, for the operator's log. Users receive no details.

use std::time::Duration;

/// The reason why a model did not answer, or did not complete its answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No provider serves a model of this name.
    #[error("no provider serves the model {0:?}")]
    NoProvider(String),
    /// The provider answered with an HTTP error.
    #[error("the provider refused with {status}: {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Message of the provider, one line without the key.
        message: String,
    },
    /// The provider reported an error inside the stream.
    #[error("the provider failed: {0}")]
    Failed(String),
    /// The provider is unreachable.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The provider did not begin to answer in time.
    #[error("the provider sent nothing within {} s", .0.as_secs_f64())]
    FirstByteTimeout(Duration),
    /// The provider stopped in the middle of the answer.
    #[error("the provider sent nothing for {} s", .0.as_secs_f64())]
    IdleTimeout(Duration),
    /// The connection ended before the answer.
    #[error("the provider closed the connection: {0}")]
    Broken(String),
    /// The answer does not follow the protocol.
    #[error("the provider does not speak the protocol: {0}")]
    Malformed(String),
}

impl ModelError {
    /// Returns whether the same request may succeed soon.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500,
            Self::Unreachable(_) | Self::Broken(_) => true,
            Self::NoProvider(_)
            | Self::Failed(_)
            | Self::FirstByteTimeout(_)
            | Self::IdleTimeout(_)
            | Self::Malformed(_) => false,
        }
    }
}
