//! REST requests: the router passes every path without another route to the engine.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Response},
};
use parking_lot::Mutex;

use super::{
    HttpState,
    connection_limit::{OpenStream, keep_open, opened},
};
use crate::{
    auth::{
        Viewer, authenticate,
        origin::{Own, refuse_foreign, refuse_form},
    },
    error::Error,
    graphql::RestDocument,
    live::ConnectionKind,
    rest::FinalEvent,
    security::network::Network,
    traces,
    transport::{Caller, Refusal, RouteAccess, sse},
};

/// Runs the operation of this path.
pub(super) async fn handle(state: &HttpState, request: Request) -> Response {
    // The engine decides when to authenticate; afterwards the response may have to renew the cookie.
    let admitted = Arc::new(Mutex::new(None));
    let (shared, slot) = (state.clone(), admitted.clone());
    let admit = move |parts: &Parts, entry: RouteAccess| {
        let caller = Credentials::of(&shared, parts);
        // A foreign page could read a stream, as on GraphQL.
        let caller = Credentials { guarded: caller.guarded || entry.streams, ..caller };
        async move {
            let viewer = admit(&shared, &caller, entry.is_open_to_banned).await?;
            // Counted before execution: a running operation is not refused any more.
            let address = viewer.device.address.as_deref();
            let seat = entry.streams.then(|| shared.connection_limit.take(address)).transpose()?;
            let request = async_graphql::Request::new("").data(viewer.clone()).data(RestDocument);
            let network = address.and_then(Network::parse);
            let (signed_in, admin) = (viewer.identity.is_some(), viewer.is_admin());
            *slot.lock() = Some((viewer, seat));
            Ok(Caller { signed_in, admin, network, request })
        }
    };
    let mut response = state.engine.handle(request, admit).await;
    let Some((viewer, seat)) = admitted.lock().take() else { return response };
    renew(state, &viewer, response.headers_mut());
    if !sse::is_stream(response.headers()) {
        return response;
    }
    let id = match state.app.new_id().map_err(refused) {
        Ok(id) => id,
        Err(refusal) => return refusal.into_response(""),
    };
    let listed = state.app.open_connections.open(id, opened(ConnectionKind::RestStream, &viewer, || 1));
    let last = response.extensions().get::<FinalEvent>().map(|last| last.0.clone()).unwrap_or_default();
    keep_open(&state.app.tasks, OpenStream { seat, listed, last }, response)
}

/// The parts of a request that authenticate its sender.
pub(super) struct Credentials {
    guarded: bool,
    headers: HeaderMap,
    address: Option<String>,
    own: Own,
}

impl Credentials {
    pub(super) fn of(state: &HttpState, parts: &Parts) -> Self {
        Self {
            guarded: !matches!(parts.method, Method::GET | Method::HEAD),
            headers: parts.headers.clone(),
            address: state.proxies.client(parts).map(|address| address.to_string()),
            own: own(state, parts),
        }
    }

    /// Like `of`, for requests that open a stream. A page of another origin could read it, so the cookie
    /// counts for our own pages only.
    pub(super) fn for_stream(state: &HttpState, parts: &Parts) -> Self {
        Self { guarded: true, ..Self::of(state, parts) }
    }
}

/// Returns the origin of this request as the browser knows it. A proxy may have accepted the request over
/// HTTPS; requests to the host of `public_url` have its scheme.
fn own(state: &HttpState, parts: &Parts) -> Own {
    let host = super::host::of(parts).unwrap_or_default().to_ascii_lowercase();
    let (scheme, authority) = state.url.split_once("://").unwrap_or_default();
    let is_https = state.proxies.is_https(&parts.headers) || (scheme == "https" && authority == host);
    Own::new(if is_https { "https" } else { "http" }, &host)
}

/// Authenticates a request and checks rate limits, API keys, bans and the origin.
pub(super) async fn admit(
    state: &HttpState,
    credentials: &Credentials,
    open_to_banned: bool,
) -> Result<Viewer, Refusal> {
    state.limiter.count(credentials.address.as_deref())?;
    let viewer =
        authenticate(&state.app, &credentials.headers, credentials.address.clone()).await.map_err(refused)?;
    traces::set(&tracing::Span::current(), traces::ACCOUNT, || viewer.kind());
    viewer.refuse_banned(open_to_banned).map_err(refused)?;
    if viewer.by_cookie && credentials.guarded {
        refuse_foreign(&credentials.headers, &credentials.own, &state.origins).map_err(refused)?;
        refuse_form(&credentials.headers).map_err(refused)?;
    }
    Ok(viewer)
}

/// Sends the cookie again if the session was extended.
pub(super) fn renew(state: &HttpState, viewer: &Viewer, headers: &mut HeaderMap) {
    for cookie in viewer.renewed_cookies(&state.app, state.secure) {
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

/// Converts an error of the domain into a refusal.
pub(super) fn refused(error: Error) -> Refusal {
    error.log();
    let retry_after = error.retry_after().map(|after| after.as_secs() + 1);
    Refusal {
        code: error.code(),
        message: error.to_string(),
        field: error.field().map(Into::into),
        retry_after,
        headers: HeaderMap::new(),
    }
}

/// Returns the OpenAPI document of all routes.
pub(super) async fn openapi(State(state): State<HttpState>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, _) = request.into_parts();
    // It costs as much as an operation, because it is compressed for each reader.
    let address = state.proxies.client(&parts).map(|address| address.to_string());
    match state.limiter.count(address.as_deref()) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/json")], state.openapi.clone()).into_response(),
        Err(refusal) => refusal.into_response(&path),
    }
}
