//! The REST door: everything that no other route takes goes to the engine.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Response},
};
use parking_lot::Mutex;

use super::{Doors, seats::keep_open};
use crate::{
    auth::{
        Viewer, authenticate,
        origin::{Own, refuse_foreign, refuse_form},
    },
    domain::Error,
    graphql::RestDocument,
    network::Network,
    rest::{Caller, Entry, Refusal},
    sse,
};

/// Runs the operation that hangs at this path.
pub(super) async fn handle(State(doors): State<Doors>, request: Request) -> Response {
    // The engine decides when to ask who is there; afterwards the answer may have to renew their cookie.
    let admitted = Arc::new(Mutex::new(None));
    let (shared, slot) = (doors.clone(), admitted.clone());
    let admit = move |parts: &Parts, entry: Entry| {
        let caller = Knock::of(&shared, parts);
        async move {
            let viewer = admit(&shared, &caller, entry.is_open_to_banned).await?;
            // Before anything is done: what has begun is not refused any more.
            let address = viewer.device.address.as_deref();
            let seat = entry.streams.then(|| shared.seats.take(address)).transpose()?;
            let request = async_graphql::Request::new("").data(viewer.clone()).data(RestDocument);
            let network = address.and_then(Network::parse);
            let (signed_in, admin) = (viewer.identity.is_some(), viewer.is_admin());
            *slot.lock() = Some((viewer, seat));
            Ok(Caller { signed_in, admin, network, request })
        }
    };
    let mut response = doors.engine.handle(request, admit).await;
    let Some((viewer, seat)) = admitted.lock().take() else { return response };
    renew(&doors, &viewer, response.headers_mut());
    if sse::is_stream(response.headers()) { keep_open(&doors.app.tasks, seat, response) } else { response }
}

/// What of a request tells who sends it.
pub(super) struct Knock {
    guarded: bool,
    headers: HeaderMap,
    address: Option<String>,
    own: Own,
}

impl Knock {
    pub(super) fn of(doors: &Doors, parts: &Parts) -> Self {
        Self {
            guarded: !matches!(parts.method, Method::GET | Method::HEAD),
            headers: parts.headers.clone(),
            address: doors.proxies.client(parts).map(|address| address.to_string()),
            own: own(doors, parts),
        }
    }

    /// The same for what opens a stream: a foreign page could read it, so the cookie counts for our own pages only.
    pub(super) fn to_stream(doors: &Doors, parts: &Parts) -> Self {
        Self { guarded: true, ..Self::of(doors, parts) }
    }
}

/// The origin that this request was sent to, as the browser that sent it knows it. A proxy may have taken the request
/// over https; the host of `public_url` has the scheme that is said there.
fn own(doors: &Doors, parts: &Parts) -> Own {
    let host = super::host::of(parts).unwrap_or_default().to_ascii_lowercase();
    let (scheme, authority) = doors.url.split_once("://").unwrap_or_default();
    let is_https = doors.proxies.is_https(&parts.headers) || (scheme == "https" && authority == host);
    Own::new(if is_https { "https" } else { "http" }, &host)
}

/// Finds out who asks and whether they may ask at all: limits, keys, bans, foreign pages.
pub(super) async fn admit(doors: &Doors, knock: &Knock, open_to_banned: bool) -> Result<Viewer, Refusal> {
    doors.limiter.count(knock.address.as_deref())?;
    let viewer = authenticate(&doors.app, &knock.headers, knock.address.clone()).await.map_err(refused)?;
    viewer.refuse_banned(open_to_banned).map_err(refused)?;
    if viewer.by_cookie && knock.guarded {
        refuse_foreign(&knock.headers, &knock.own, &doors.origins).map_err(refused)?;
        refuse_form(&knock.headers).map_err(refused)?;
    }
    Ok(viewer)
}

/// Sends the cookie again when the session's life was extended.
pub(super) fn renew(doors: &Doors, viewer: &Viewer, headers: &mut HeaderMap) {
    for cookie in viewer.renewed_cookies(&doors.app, doors.secure) {
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

/// The domain's refusal as the edge sends it.
pub(super) fn refused(error: Error) -> Refusal {
    error.log();
    let retry_after = error.retry_after().map(|after| after.as_secs() + 1);
    Refusal {
        code: error.code(),
        message: error.to_string(),
        field: error.field().map(str::to_owned),
        retry_after,
        headers: HeaderMap::new(),
    }
}

/// The OpenAPI document of all routes.
pub(super) async fn openapi(State(doors): State<Doors>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], doors.openapi.clone()).into_response()
}
