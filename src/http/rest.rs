//! The REST door: everything that no other route takes goes to the engine.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Response},
};
use parking_lot::Mutex;

use super::{Doors, address, seats::keep_open};
use crate::{
    auth::{
        Viewer, authenticate,
        origin::{refuse_foreign, refuse_form},
    },
    domain::Error,
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
            let request = async_graphql::Request::new("").data(viewer.clone());
            let (signed_in, admin) = (viewer.identity.is_some(), viewer.is_admin());
            *slot.lock() = Some((viewer, seat));
            Ok(Caller { signed_in, admin, request })
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
}

impl Knock {
    pub(super) fn of(doors: &Doors, parts: &Parts) -> Self {
        Self {
            guarded: !matches!(parts.method, Method::GET | Method::HEAD),
            headers: parts.headers.clone(),
            address: address::of(parts, doors.trust_proxy),
        }
    }

    /// The same for what opens a stream: a foreign page could read it, so the cookie counts for our own pages only.
    pub(super) fn to_stream(doors: &Doors, parts: &Parts) -> Self {
        Self { guarded: true, ..Self::of(doors, parts) }
    }
}

/// Finds out who asks and whether they may ask at all: limits, keys, bans, foreign pages.
pub(super) async fn admit(doors: &Doors, knock: &Knock, open_to_banned: bool) -> Result<Viewer, Refusal> {
    doors.limiter.count(knock.address.as_deref())?;
    let viewer = authenticate(&doors.app, &knock.headers, knock.address.clone()).await.map_err(refused)?;
    viewer.refuse_banned(open_to_banned).map_err(refused)?;
    if viewer.by_cookie && knock.guarded {
        refuse_foreign(&knock.headers, &doors.origins).map_err(refused)?;
        refuse_form(&knock.headers).map_err(refused)?;
    }
    Ok(viewer)
}

/// Sends the cookie again when the session's life was extended.
pub(super) fn renew(doors: &Doors, viewer: &Viewer, headers: &mut HeaderMap) {
    let cookie = viewer.renewed_cookie(&doors.app, doors.secure);
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        headers.append(header::SET_COOKIE, cookie);
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
