//! The metrics page.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{HttpState, middleware::refusal};
use crate::{
    error::Code,
    metrics::{self, Family, Gauge, Named, metrics},
    security::secret::Secret,
};

/// Headers that a proxy adds: a request with one of them does not come from this machine, whatever its peer address is.
const PROXIED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Writes the metrics for a request with the token of the settings. Without a token in the settings, only requests
/// from this machine that no proxy forwarded may read them.
pub(super) async fn show(State(state): State<HttpState>, request: Request) -> Response {
    if !may_read(&state.metrics_token, request.headers(), is_local(&request)) {
        let message = "Metrics are available only from this machine or with the token in metrics_token";
        return refusal(Code::Forbidden, message).into_response("/metrics");
    }
    measure(&state);
    match metrics::encode() {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            refusal(Code::Internal, "Internal error").into_response("/metrics")
        }
    }
}

/// Sets the metrics whose values are known only now.
fn measure(state: &HttpState) {
    let set = |family: &Family<Named, Gauge>, name: &'static str, value: usize| {
        family.get_or_create(&Named::from(name)).set(i64::try_from(value).unwrap_or(i64::MAX));
    };
    let (app, metrics) = (&state.app, metrics());
    metrics.bus_shared.set(app.bus.is_shared().into());
    set(&metrics.hubs, "conversations", app.conversations.len());
    set(&metrics.hubs, "replies", app.replies.len());
    set(&metrics.cache_entries, "identities", app.identities.len());
    set(&metrics.cache_entries, "documents", state.documents.len());
}

fn is_local(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let is_forwarded = PROXIED.iter().any(|name| request.headers().contains_key(*name));
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback()) && !is_forwarded
}

fn may_read(token: &Secret, headers: &HeaderMap, is_local: bool) -> bool {
    if token.is_empty() {
        return is_local;
    }
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    sent.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|sent| token.is(sent))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_token_replaces_the_place() {
        let none = Secret::default();
        assert!(may_read(&none, &HeaderMap::new(), true));
        assert!(!may_read(&none, &headers("Bearer "), false));
        let token = Secret::new("s3cret");
        assert!(may_read(&token, &headers("Bearer s3cret"), false));
        for wrong in ["Bearer s3cre", "Bearer s3crets", "s3cret", "Basic s3cret", "Bearer "] {
            assert!(!may_read(&token, &headers(wrong), true), "{wrong}");
        }
        assert!(!may_read(&token, &HeaderMap::new(), true));
    }
}
