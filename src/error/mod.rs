//! Errors of the domain. The catalogue of [`Code`]s maps each to its code and HTTP status.

mod code;

use std::{borrow::Cow, sync::Arc, time::Duration};

pub use code::Code;

use crate::database::{self, CommitError, SubmitError};

/// Delay before a retry after a failure of the database.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal or failure of an operation. The message is for the caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not signed in, or the key is unknown.
    #[error("Unauthorized")]
    Unauthenticated,
    /// The e-mail address is unknown or the password is wrong.
    #[error("Invalid email or password")]
    BadCredentials,
    /// The account is banned.
    #[error("Your account has been banned")]
    AccountBanned,
    /// The actor is banned from the community.
    #[error("You are banned from this community")]
    MemberBanned,
    /// The actor is muted in the community.
    #[error("You are muted in this community")]
    Muted,
    /// The actor's membership has expired.
    #[error("Membership expired")]
    MembershipExpired,
    /// The actor may not do this; the message names the requirement.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The object does not exist, or the actor may not see it; holds its type.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Something does not exist; holds the message.
    #[error("{0}")]
    Missing(&'static str),
    /// A value breaks a rule.
    #[error("{message}")]
    Invalid {
        /// The invalid argument or member.
        field: &'static str,
        /// The message.
        message: String,
    },
    /// A value within a list or an object breaks a rule.
    #[error("{message}")]
    InvalidPart {
        /// Path of the value, such as `hours[2].opens`.
        path: String,
        /// The message.
        message: String,
    },
    /// A value does not have the type of its field.
    #[error("{message}")]
    WrongType {
        /// The invalid argument or member.
        field: &'static str,
        /// The message.
        message: String,
    },
    /// The state of the object does not allow this.
    #[error("{0}")]
    Conflict(String),
    /// The actor is already a member.
    #[error("Already a member")]
    AlreadyMember,
    /// The balance does not cover the price; holds the message.
    #[error("{0}")]
    InsufficientBalance(&'static str),
    /// The free voice minutes of the day are used up, and there is no subscription.
    #[error("Your free voice minutes of today are used up")]
    VoiceMinutesExhausted,
    /// A reply to the actor's last question is still running.
    #[error("The agent is still answering your last question")]
    ReplyRunning,
    /// The daily cap of fees for the agent is reached.
    #[error("This agent has reached its daily limit")]
    DailyCapReached {
        /// Delay before a retry.
        retry_after: Duration,
    },
    /// An external provider failed; holds the message.
    #[error("{0}")]
    ProviderFailed(&'static str),
    /// The required provider is not configured; holds the message.
    #[error("{0}")]
    NotConfigured(&'static str),
    /// The price differs from the one that the caller expected.
    #[error("The price has changed: it is {actual} coins now, {expected} were expected")]
    PriceChanged {
        /// Price that the caller expected, in coins.
        expected: i64,
        /// Actual price, in coins.
        actual: i64,
    },
    /// The idempotency key was used for another request.
    #[error("This Idempotency-Key was used for another request")]
    IdempotencyMismatch,
    /// The stored version differs from the expected one.
    #[error("The state has changed: version {actual} is current, {expected} was expected")]
    VersionConflict {
        /// Version that the caller expected.
        expected: i64,
        /// Stored version.
        actual: i64,
    },
    /// Too many attempts.
    #[error("Too many attempts, try again in {} s", .retry_after.as_secs().max(1))]
    RateLimited {
        /// Delay before a retry.
        retry_after: Duration,
    },
    /// The account has written too many bytes within a minute.
    #[error("Too much was written within a minute, try again in {} s", .retry_after.as_secs() + 1)]
    TooMuchWritten {
        /// Delay before a retry.
        retry_after: Duration,
    },
    /// The user, or all users together, have too many different feeds of one kind open.
    #[error("Too many different subscriptions are open here; close some, or send the same document for each")]
    TooManyFeeds,
    /// A failure shared by several parts of one request, which waited for the same work.
    #[error("{0}")]
    Shared(Arc<Error>),
    /// The database or another part of the server is unreachable or busy: nothing was done, and a retry may succeed.
    /// The cause is logged once and never sent.
    #[error("The service is unavailable at the moment, try again later")]
    Unavailable(#[source] anyhow::Error),
    /// The result of a commit is unknown: everything was done, or nothing. The cause is logged once and never sent.
    #[error(
        "It is unknown whether the request was carried out; repeat it with the same Idempotency-Key to find out"
    )]
    OutcomeUnknown(#[source] anyhow::Error),
    /// An internal error. The cause is logged once and never sent.
    #[error("Internal error")]
    Internal(#[source] anyhow::Error),
}

impl Error {
    /// Creates an error for a value that breaks a rule.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// Names the part of a list or an object, such as `tags[2]`, that broke a rule.
    #[must_use]
    pub fn at(self, path: impl FnOnce() -> String) -> Self {
        match self {
            Self::Invalid { message, .. } => Self::InvalidPart { path: path(), message },
            other => other,
        }
    }

    /// Wraps a failure that other parts of the request may share.
    pub fn shared(error: Arc<Self>) -> Self {
        Arc::try_unwrap(error).unwrap_or_else(Self::Shared)
    }

    /// Returns the code of the error.
    pub fn code(&self) -> Code {
        match self {
            Self::Unauthenticated | Self::BadCredentials => Code::Unauthenticated,
            Self::AccountBanned => Code::AccountBanned,
            Self::MemberBanned => Code::MemberBanned,
            Self::Muted => Code::Muted,
            Self::MembershipExpired => Code::MembershipExpired,
            Self::Forbidden(_) => Code::Forbidden,
            Self::NotFound(_) | Self::Missing(_) => Code::NotFound,
            Self::Invalid { .. } | Self::InvalidPart { .. } => Code::Invalid,
            Self::WrongType { .. } => Code::Unprocessable,
            Self::Conflict(_) => Code::Conflict,
            Self::AlreadyMember => Code::AlreadyMember,
            Self::ReplyRunning => Code::ReplyRunning,
            Self::ProviderFailed(_) => Code::ProviderFailed,
            Self::NotConfigured(_) => Code::NotConfigured,
            Self::InsufficientBalance(_) => Code::InsufficientBalance,
            Self::VoiceMinutesExhausted => Code::VoiceMinutesExhausted,
            Self::PriceChanged { .. } => Code::PriceChanged,
            Self::IdempotencyMismatch => Code::IdempotencyMismatch,
            Self::VersionConflict { .. } => Code::VersionConflict,
            Self::RateLimited { .. }
            | Self::TooMuchWritten { .. }
            | Self::DailyCapReached { .. }
            | Self::TooManyFeeds => Code::RateLimited,
            Self::Shared(error) => error.code(),
            Self::Unavailable(_) => Code::Unavailable,
            Self::OutcomeUnknown(_) => Code::OutcomeUnknown,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// Returns the delay before a retry; `None` if a retry cannot help.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::DailyCapReached { retry_after } => Some(*retry_after),
            // A whole second later, because fractions are cut.
            Self::TooMuchWritten { retry_after } => Some(*retry_after + Duration::from_secs(1)),
            Self::Shared(error) => error.retry_after(),
            Self::Unavailable(_) | Self::OutcomeUnknown(_) => Some(RETRY_AFTER),
            _ => None,
        }
    }

    /// Returns whether the operation failed; a refusal is not a failure.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Internal(_) | Self::Unavailable(_) | Self::OutcomeUnknown(_) => true,
            Self::Shared(error) => error.is_failure(),
            _ => false,
        }
    }

    /// Logs the cause of a failure; refusals are not logged.
    pub fn log(&self) {
        match self {
            Self::Internal(cause) => tracing::error!(error = format!("{cause:#}"), "a request failed"),
            Self::Unavailable(cause) => {
                tracing::warn!(error = format!("{cause:#}"), "the database is unavailable");
            }
            Self::OutcomeUnknown(cause) => {
                tracing::warn!(error = format!("{cause:#}"), "the outcome of a request is unknown");
            }
            Self::Shared(error) => error.log(),
            _ => {}
        }
    }

    /// Returns the invalid argument or member, or its part, if any.
    pub fn field(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Invalid { field, .. } | Self::WrongType { field, .. } => Some(Cow::Borrowed(field)),
            Self::InvalidPart { path, .. } => Some(Cow::Borrowed(path)),
            Self::Shared(error) => error.field(),
            _ => None,
        }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        let unavailable = database::is_unavailable(&error);
        let cause = anyhow::Error::new(error).context("database");
        if unavailable { Self::Unavailable(cause) } else { Self::Internal(cause) }
    }
}

impl From<SubmitError> for Error {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Full => Self::Unavailable(error.into()),
            SubmitError::Lost => Self::OutcomeUnknown(error.into()),
        }
    }
}

impl From<CommitError> for Error {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::RolledBack(error) => error.into(),
            CommitError::Unknown(_) => Self::OutcomeUnknown(error.into()),
        }
    }
}
