//! Why nothing was fetched.

use std::time::Duration;

/// Why a file was not fetched. What [`FetchError::reason`] says may be told to whoever gave the URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Such a URL is never fetched.
    #[error("the URL is not allowed: {0}")]
    NotAllowed(&'static str),
    /// There is no connection to its server.
    #[error("its server cannot be reached: {0}")]
    Unreachable(String),
    /// Its server answered with another status than 200.
    #[error("its server answered with {0}")]
    Refused(u16),
    /// It led from one URL to the next without an end.
    #[error("it leads to too many other URLs")]
    TooManyRedirects,
    /// It took too long.
    #[error("it took longer than {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The connection ended before the file did.
    #[error("its server broke off: {0}")]
    Broken(String),
    /// The file is larger than is taken.
    #[error("the file has more than {0} bytes")]
    TooLarge(usize),
    /// The file is of no kind that is taken.
    #[error("the file is of no kind that is taken")]
    WrongKind,
}

impl FetchError {
    /// Why, without what only an operator should read.
    pub fn reason(&self) -> String {
        match self {
            Self::Unreachable(_) => "its server cannot be reached".to_owned(),
            Self::Broken(_) => "its server broke off".to_owned(),
            told => told.to_string(),
        }
    }

    /// Whether the same URL may well be fetched a moment later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Broken(_) | Self::Timeout(_) => true,
            Self::Refused(status) => *status >= 500 || *status == 429,
            Self::NotAllowed(_) | Self::TooManyRedirects | Self::TooLarge(_) | Self::WrongKind => false,
        }
    }
}
