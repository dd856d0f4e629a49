//! Errors of fetching a URL.

use std::time::Duration;

/// The reason why a file was not fetched. [`FetchError::reason`] may be shown to the user who provided the
/// URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The URL is not allowed.
    #[error("the URL is not allowed: {0}")]
    NotAllowed(&'static str),
    /// The server is unreachable.
    #[error("its server cannot be reached: {0}")]
    Unreachable(String),
    /// The server answered with a status other than 200.
    #[error("its server answered with {0}")]
    Refused(u16),
    /// The URL redirects too often.
    #[error("it redirects too often")]
    TooManyRedirects,
    /// The time limit was exceeded.
    #[error("it took longer than {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The connection ended before the file.
    #[error("its server closed the connection: {0}")]
    Broken(String),
    /// The file exceeds the limit.
    #[error("the file has more than {0} bytes")]
    TooLarge(usize),
    /// The file is of no accepted kind.
    #[error("the file type is not supported")]
    WrongKind,
}

impl FetchError {
    /// Returns the reason without details for the operator only.
    pub fn reason(&self) -> String {
        match self {
            Self::Unreachable(_) => "its server cannot be reached".to_owned(),
            Self::Broken(_) => "its server closed the connection".to_owned(),
            told => told.to_string(),
        }
    }

    /// Returns whether the same request may succeed soon.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Broken(_) | Self::Timeout(_) => true,
            Self::Refused(status) => *status >= 500 || *status == 429,
            Self::NotAllowed(_) | Self::TooManyRedirects | Self::TooLarge(_) | Self::WrongKind => false,
        }
    }
}
