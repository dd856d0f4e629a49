//! What can go wrong, as situations; and the one catalogue that every door takes its codes and statuses from.

use std::{fmt, sync::Arc, time::Duration};

use crate::database::{self, CommitError};

/// When a request that failed because of the database is worth another try.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// The outcome of a domain verb.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A situation in which a verb was refused or failed. What its text says is meant for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the key is unknown.
    #[error("Unauthorized")]
    Unauthenticated,
    /// E-mail and password do not belong together.
    #[error("Invalid email or password")]
    BadCredentials,
    /// The account is banned.
    #[error("Your account has been banned")]
    AccountBanned,
    /// The actor is banned from the community.
    #[error("You are banned from this community")]
    MemberBanned,
    /// The actor may not speak for now.
    #[error("You are muted in this community")]
    Muted,
    /// The actor's membership has run out.
    #[error("Membership expired")]
    MembershipExpired,
    /// The actor may not do this; the sentence says what it takes.
    #[error("{0}")]
    Forbidden(&'static str),
    /// No such thing, or none that the actor may know of.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Something is not there; the sentence says what.
    #[error("{0}")]
    Missing(&'static str),
    /// A value breaks a rule.
    #[error("{message}")]
    Invalid {
        /// The argument or member that is wrong.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// A value has not the form that its field takes.
    #[error("{message}")]
    Unfit {
        /// The argument or member that is wrong.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The thing is no longer, or not yet, in a state that allows this.
    #[error("{0}")]
    Conflict(String),
    /// The actor is a member already.
    #[error("Already a member")]
    AlreadyMember,
    /// The balance does not cover it; the sentence says what.
    #[error("{0}")]
    InsufficientBalance(&'static str),
    /// The free voice minutes of the day are used up, and no subscription covers more.
    #[error("Your free voice minutes of today are used up")]
    VoiceMinutesExhausted,
    /// The actor asked here before, and the answer is still being given.
    #[error("The agent is still answering your last question")]
    ReplyRunning,
    /// What may be spent on the agent today was spent.
    #[error("This agent has answered as much as it may today")]
    SpentForToday {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// Somebody that we depend on does not do their part; the sentence says what.
    #[error("{0}")]
    ProviderFailed(&'static str),
    /// It takes somebody whom the operator of this server has not named; the sentence says whom.
    #[error("{0}")]
    NotConfigured(&'static str),
    /// It costs something else than the caller expected.
    #[error("The price has changed: it is {actual} coins now, {expected} were expected")]
    PriceChanged {
        /// Coins that the caller expected.
        expected: i64,
        /// Coins that it costs.
        actual: i64,
    },
    /// The key came before with another request.
    #[error("This Idempotency-Key was used for another request")]
    IdempotencyMismatch,
    /// Somebody else wrote first.
    #[error("The state has changed: version {actual} is current, {expected} was expected")]
    VersionConflict {
        /// The version that the caller knew.
        expected: i64,
        /// The version that is stored.
        actual: i64,
    },
    /// Too many attempts.
    #[error("Too many attempts, try again in {} s", .retry_after.as_secs().max(1))]
    RateLimited {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// The user, or all users together, have too many different subscriptions of one kind open.
    #[error("Too many different subscriptions are open here; close some, or send the same document for each")]
    TooManyFeeds,
    /// What several parts of one request waited for failed; each of them has this.
    #[error("{0}")]
    Shared(Arc<Error>),
    /// The database or another part of the server cannot be reached or is busy: nothing was done, and the same request
    /// may succeed later. The cause is logged once and never sent.
    #[error("The service is unavailable at the moment, try again later")]
    Unavailable(#[source] anyhow::Error),
    /// The answer to a commit got lost: either everything was done, or nothing. The cause is logged once and never sent.
    #[error(
        "It is unknown whether the request was carried out; sending it again with the same Idempotency-Key finds out"
    )]
    OutcomeUnknown(#[source] anyhow::Error),
    /// A fault of ours. The cause is logged once and never sent.
    #[error("Internal error")]
    Internal(#[source] anyhow::Error),
}

impl Error {
    /// A value that breaks a rule.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// A failure that others may have too.
    pub fn shared(error: Arc<Self>) -> Self {
        Arc::try_unwrap(error).unwrap_or_else(Self::Shared)
    }

    /// The catalogue's code for this situation.
    pub fn code(&self) -> Code {
        match self {
            Self::Unauthenticated | Self::BadCredentials => Code::Unauthenticated,
            Self::AccountBanned => Code::AccountBanned,
            Self::MemberBanned => Code::MemberBanned,
            Self::Muted => Code::Muted,
            Self::MembershipExpired => Code::MembershipExpired,
            Self::Forbidden(_) => Code::Forbidden,
            Self::NotFound(_) | Self::Missing(_) => Code::NotFound,
            Self::Invalid { .. } => Code::Invalid,
            Self::Unfit { .. } => Code::Unprocessable,
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
            Self::RateLimited { .. } | Self::SpentForToday { .. } | Self::TooManyFeeds => Code::RateLimited,
            Self::Shared(error) => error.code(),
            Self::Unavailable(_) => Code::Unavailable,
            Self::OutcomeUnknown(_) => Code::OutcomeUnknown,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// When it is worth trying again, where time helps.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::SpentForToday { retry_after } => Some(*retry_after),
            Self::Shared(error) => error.retry_after(),
            Self::Unavailable(_) | Self::OutcomeUnknown(_) => Some(RETRY_AFTER),
            _ => None,
        }
    }

    /// Whether the verb failed, as opposed to having been refused: another of its callers may not be refused either.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Internal(_) | Self::Unavailable(_) | Self::OutcomeUnknown(_) => true,
            Self::Shared(error) => error.is_failure(),
            _ => false,
        }
    }

    /// Writes the cause of a failure into the log; refusals are not logged.
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

    /// The argument or member that is wrong, where one is.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Invalid { field, .. } | Self::Unfit { field, .. } => Some(field),
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

impl From<CommitError> for Error {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::RolledBack(error) => error.into(),
            CommitError::Unknown(_) => Self::OutcomeUnknown(error.into()),
        }
    }
}

macro_rules! catalogue {
    ($($(#[doc = $doc:literal])+ $variant:ident $code:literal $status:literal,)+) => {
        /// The codes a client can meet, in GraphQL `extensions.code` and REST `code`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// The code as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// What it means, one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// The code that is written so.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

catalogue! {
    /// Nobody is signed in, or the key or session is unknown.
    Unauthenticated "UNAUTHENTICATED" 401,
    /// The account is banned.
    AccountBanned "ACCOUNT_BANNED" 403,
    /// Whoever asks is banned from the community.
    MemberBanned "MEMBER_BANNED" 403,
    /// Whoever asks may not speak in the community for now.
    Muted "MUTED" 403,
    /// The membership of whoever asks has run out; joining again renews it.
    MembershipExpired "MEMBERSHIP_EXPIRED" 403,
    /// Whoever asks may not do this.
    Forbidden "FORBIDDEN" 403,
    /// There is no such thing, or none that whoever asks may know of.
    NotFound "NOT_FOUND" 404,
    /// A value breaks a rule; `field` names it.
    Invalid "INVALID" 400,
    /// A member of the body is missing or has the wrong type; `field` names it.
    Unprocessable "UNPROCESSABLE" 422,
    /// The thing is not in a state that allows this.
    Conflict "CONFLICT" 409,
    /// Whoever asks is a member already.
    AlreadyMember "ALREADY_MEMBER" 409,
    /// The agent is still answering the last question of whoever asks.
    ReplyRunning "REPLY_RUNNING" 409,
    /// It costs something else than the caller expected.
    PriceChanged "PRICE_CHANGED" 409,
    /// The balance does not cover what this costs.
    InsufficientBalance "INSUFFICIENT_BALANCE" 402,
    /// The free voice minutes of the day are used up, and no subscription covers more.
    VoiceMinutesExhausted "VOICE_MINUTES_EXHAUSTED" 402,
    /// The `Idempotency-Key` came before with another request.
    IdempotencyMismatch "IDEMPOTENCY_MISMATCH" 422,
    /// Somebody else wrote first.
    VersionConflict "VERSION_CONFLICT" 409,
    /// Too many requests; `Retry-After` says when to come back.
    RateLimited "RATE_LIMITED" 429,
    /// The body is too large.
    PayloadTooLarge "PAYLOAD_TOO_LARGE" 413,
    /// The body came too slowly.
    RequestTimeout "REQUEST_TIMEOUT" 408,
    /// The body has a type that is not read here.
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" 415,
    /// The route has no such method; `Allow` lists those it has.
    MethodNotAllowed "METHOD_NOT_ALLOWED" 405,
    /// Somebody that the server depends on, such as a model's provider, does not do their part.
    ProviderFailed "PROVIDER_FAILED" 502,
    /// It takes a provider, of a model or a voice, and none is configured on this server.
    NotConfigured "NOT_CONFIGURED" 500,
    /// The answer took too long.
    Timeout "TIMEOUT" 504,
    /// The server is starting, stopping, cut off from its database or waiting for it; `Retry-After` says when to come back.
    Unavailable "UNAVAILABLE" 503,
    /// It is unknown whether the request was carried out; sending it again with the same `Idempotency-Key` finds out.
    OutcomeUnknown "OUTCOME_UNKNOWN" 503,
    /// A fault of the server's; the log has it under the request's id.
    Internal "INTERNAL" 500,
    /// The document is not GraphQL.
    GraphqlParseFailed "GRAPHQL_PARSE_FAILED" 400,
    /// The document does not fit the schema.
    GraphqlValidationFailed "GRAPHQL_VALIDATION_FAILED" 400,
    /// The document asks for more than the limits allow.
    QueryTooComplex "QUERY_TOO_COMPLEX" 400,
    /// The answer would be larger than the server sends; ask for less.
    ResponseTooLarge "RESPONSE_TOO_LARGE" 400,
    /// The persisted query is not known here; send it in full.
    PersistedQueryNotFound "PERSISTED_QUERY_NOT_FOUND" 200,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
