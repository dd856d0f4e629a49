//! Answers in memory: large ones count until the peer has taken them, so that peers that do not read cannot fill the
//! memory.

use std::net::SocketAddr;

use axum::{
    body::{self, Body},
    extract::{ConnectInfo, Request},
    http::Method,
    response::Response,
};
use bytes::Bytes;
use http_body::Body as _;

use super::{HttpState, middleware::refusal};
use crate::{
    config::Settings,
    error::Code,
    security::{Budget, network::Network},
    transport::Refusal,
};

/// Bytes of an answer that does not count: sockets buffer as much.
const SMALL: usize = 64 * 1024;
/// Seconds after which a refused client may try again.
const RETRY_AFTER_SECONDS: u64 = 2;

/// The memory of large answers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Answers(Budget<Network>);

impl Answers {
    pub(super) fn new(settings: &Settings) -> Self {
        let most = settings.answer_memory_bytes;
        Self(Budget::new(most, (most / 4).max(settings.response_bytes)))
    }

    /// Refuses work for a network whose unread answers fill its share.
    pub(super) fn admit(&self, network: Option<Network>) -> Result<(), Refusal> {
        if !self.0.is_exceeded(network.as_ref(), 1) {
            return Ok(());
        }
        let message = "Too many large responses are waiting to be read; try again later";
        Err(Refusal { retry_after: Some(RETRY_AFTER_SECONDS), ..refusal(Code::Unavailable, message) })
    }

    /// Counts an answer until its last copy is gone.
    pub(super) fn hold(&self, network: Option<Network>, answer: impl Into<Bytes>) -> Bytes {
        let answer = answer.into();
        if answer.len() <= SMALL { answer } else { self.0.hold(network, answer) }
    }
}

/// Counts the answers of the API. A request is refused before it runs if unread answers fill the memory; a read also
/// after it ran, because its answer can be given up.
pub(super) async fn count(
    state: &HttpState,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let path = request.uri().path().to_owned();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let network = state.proxies.client(&parts).or(peer).map(Network::of);
    if let Err(refusal) = state.answers.admit(network) {
        return refusal.into_response(&path);
    }
    let response = next(Request::from_parts(parts, body)).await;
    let is_small = response.body().size_hint().exact().is_none_or(|length| length <= SMALL as u64);
    if is_small {
        return response;
    }
    if is_read && let Err(refusal) = state.answers.admit(network) {
        return refusal.into_response(&path);
    }
    let (parts, body) = response.into_parts();
    match body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(state.answers.hold(network, bytes))),
        Err(error) => {
            tracing::error!(%error, "an answer in memory could not be read");
            refusal(Code::Internal, "Internal error").into_response(&path)
        }
    }
}
