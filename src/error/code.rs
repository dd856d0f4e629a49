//! The catalogue of error codes: each code with its HTTP status and meaning, one list for every transport.

use std::fmt;

macro_rules! catalogue {
    ($($(#[doc = $doc:literal])+ $variant:ident $code:literal $status:literal,)+) => {
        /// Error codes for clients, in GraphQL `extensions.code` and REST `code`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// All codes.
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// Returns the code as sent to clients.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Returns the HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// Returns the meaning, one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// Parses a code as sent to clients.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

catalogue! {
    /// The request has no credentials, or its key or session is unknown.
    Unauthenticated "UNAUTHENTICATED" 401,
    /// The account is banned.
    AccountBanned "ACCOUNT_BANNED" 403,
    /// The caller is banned from the community.
    MemberBanned "MEMBER_BANNED" 403,
    /// The caller is muted in the community.
    Muted "MUTED" 403,
    /// The caller's membership has expired; joining again renews it.
    MembershipExpired "MEMBERSHIP_EXPIRED" 403,
    /// The caller may not do this.
    Forbidden "FORBIDDEN" 403,
    /// The object does not exist, or the caller may not see it.
    NotFound "NOT_FOUND" 404,
    /// A value breaks a rule; `field` names it.
    Invalid "INVALID" 400,
    /// A member of the body is missing or has the wrong type; `field` names it.
    Unprocessable "UNPROCESSABLE" 422,
    /// The state of the object does not allow this.
    Conflict "CONFLICT" 409,
    /// The caller is already a member.
    AlreadyMember "ALREADY_MEMBER" 409,
    /// The agent is still answering the caller's last question.
    ReplyRunning "REPLY_RUNNING" 409,
    /// The price differs from the one that the caller expected.
    PriceChanged "PRICE_CHANGED" 409,
    /// The balance does not cover the price.
    InsufficientBalance "INSUFFICIENT_BALANCE" 402,
    /// The free voice minutes of the day are used up, and there is no subscription.
    VoiceMinutesExhausted "VOICE_MINUTES_EXHAUSTED" 402,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyMismatch "IDEMPOTENCY_MISMATCH" 422,
    /// The stored version differs from the expected one.
    VersionConflict "VERSION_CONFLICT" 409,
    /// Too many requests; retry after the seconds in `Retry-After`.
    RateLimited "RATE_LIMITED" 429,
    /// The body is too large.
    PayloadTooLarge "PAYLOAD_TOO_LARGE" 413,
    /// The body arrived too slowly.
    RequestTimeout "REQUEST_TIMEOUT" 408,
    /// The content type of the body is not supported.
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" 415,
    /// The route does not support the method; `Allow` lists the supported ones.
    MethodNotAllowed "METHOD_NOT_ALLOWED" 405,
    /// An external provider, such as that of a model, failed.
    ProviderFailed "PROVIDER_FAILED" 502,
    /// The required provider, such as that of a model or a voice, is not configured on this server.
    NotConfigured "NOT_CONFIGURED" 500,
    /// The execution took too long.
    Timeout "TIMEOUT" 504,
    /// The server is starting, stopping, busy or without its database; retry after the seconds in `Retry-After`.
    Unavailable "UNAVAILABLE" 503,
    /// The outcome of the request is unknown; a retry with the same `Idempotency-Key` finds out.
    OutcomeUnknown "OUTCOME_UNKNOWN" 503,
    /// An internal error; the server's log contains it under the request id.
    Internal "INTERNAL" 500,
    /// The document is not valid GraphQL.
    GraphqlParseFailed "GRAPHQL_PARSE_FAILED" 400,
    /// The document does not match the schema.
    GraphqlValidationFailed "GRAPHQL_VALIDATION_FAILED" 400,
    /// The document exceeds a limit, such as its depth or complexity.
    QueryTooComplex "QUERY_TOO_COMPLEX" 400,
    /// The response exceeds the maximum size; request less.
    ResponseTooLarge "RESPONSE_TOO_LARGE" 400,
    /// The server runs trusted documents only, and the request has another one.
    DocumentNotTrusted "DOCUMENT_NOT_TRUSTED" 400,
    /// The persisted query is unknown; send the full document.
    PersistedQueryNotFound "PERSISTED_QUERY_NOT_FOUND" 200,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
