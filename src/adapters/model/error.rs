//! Why there is no answer, or only a part of one. For the operator's log: whoever asked is told no more than that.

use std::time::Duration;

/// Why a model did not answer, or not to the end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No provider serves a model of this name.
    #[error("no provider serves the model {0:?}")]
    NoProvider(String),
    /// The provider answered with an error of HTTP.
    #[error("the provider refused with {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// What the provider said, cut to a line, without the key.
        message: String,
    },
    /// The provider reported an error inside the stream.
    #[error("the provider failed: {0}")]
    Failed(String),
    /// There is no connection to the provider.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The provider did not begin to answer in time.
    #[error("the provider sent nothing within {} s", .0.as_secs_f64())]
    FirstByteTimeout(Duration),
    /// The provider stopped in the middle and said nothing more.
    #[error("the provider fell silent for {} s", .0.as_secs_f64())]
    IdleTimeout(Duration),
    /// The connection ended before the answer did.
    #[error("the provider broke off: {0}")]
    Broken(String),
    /// What the provider sent is not the protocol.
    #[error("the provider does not speak the protocol: {0}")]
    Malformed(String),
}

impl ModelError {
    /// Whether the same request may well succeed a moment later.
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
