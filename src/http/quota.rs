//! The `RateLimit` headers of answers: how many requests the caller's network has left.

use std::cell::Cell;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use crate::rest::ResponseHeader;

/// The unused part of the quota, in the form of the IETF draft.
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The quota.
pub(super) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Window of the quota, in seconds.
const WINDOW: u64 = 60;

/// The quota of a network and its unused part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RemainingQuota {
    /// Requests a minute.
    pub(super) limit: u32,
    /// Requests that are allowed at once.
    pub(super) remaining: u32,
}

tokio::task_local! {
    static REMAINING: Cell<Option<RemainingQuota>>;
}

/// Runs a request and returns the caller's remaining quota if the request was counted.
pub(super) async fn observe<F: Future>(request: F) -> (F::Output, Option<RemainingQuota>) {
    let observed = async {
        let output = request.await;
        (output, REMAINING.with(Cell::get))
    };
    REMAINING.scope(Cell::new(None), observed).await
}

/// Notes what the caller of the running request has left. Operations of a socket have no answer with headers.
pub(super) fn note(quota: RemainingQuota) {
    _ = REMAINING.try_with(|noted| noted.set(Some(quota)));
}

/// Describes the headers for the OpenAPI document.
pub(super) fn documented() -> [ResponseHeader; 2] {
    [
        ResponseHeader {
            name: "RateLimit-Policy",
            description: "Quota of the caller's network, which GraphQL and REST share: `q` requests within `w` seconds. Absent from answers to requests that are not counted.",
            schema: json!({"type": "string", "pattern": "^\"requests\";q=[0-9]+;w=[0-9]+$"}),
            example: "\"requests\";q=1200;w=60".into(),
            required: false,
        },
        ResponseHeader {
            name: "RateLimit",
            description: "Unused part of the quota: `r` requests are left, and after `t` seconds the quota is full again. Absent from answers to requests that are not counted.",
            schema: json!({"type": "string", "pattern": "^\"requests\";r=[0-9]+;t=[0-9]+$"}),
            example: "\"requests\";r=1199;t=1".into(),
            required: false,
        },
    ]
}

/// Writes the headers.
pub(super) fn write(quota: RemainingQuota, headers: &mut HeaderMap) {
    let RemainingQuota { limit, remaining } = quota;
    // The quota fills evenly: this is when it is full again.
    let full = (u64::from(limit - remaining.min(limit)) * WINDOW).div_ceil(u64::from(limit.max(1)));
    let policy = format!("\"requests\";q={limit};w={WINDOW}");
    let rest = format!("\"requests\";r={remaining};t={full}");
    for (name, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, rest)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
}
