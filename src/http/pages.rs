//! The pages that the binary carries: start page, chat, playground, reader of the REST documentation.

use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::Doors;

/// No page asks another host for anything, and none runs a script that is not ours.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; \
                      connect-src 'self'; font-src 'self' data:; frame-ancestors 'none'";

macro_rules! dist {
    ($file:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist/", $file))
    };
}

pub(super) fn routes() -> Router<Doors> {
    Router::new()
        .route("/", get(|| page(dist!("start.html"))))
        .route("/chat", get(|| page(dist!("chat.html"))))
        .route("/playground", get(|| page(dist!("playground.html"))))
        .route("/api/docs", get(|| page(dist!("reader.html"))))
        .route("/assets/{file}", get(asset))
        .route("/favicon.ico", get(|| asset(Path("favicon.svg".to_owned()))))
}

async fn page(html: &'static [u8]) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)], html)
        .into_response()
}

async fn asset(Path(file): Path<String>) -> Response {
    let (kind, bytes): (&str, &'static [u8]) = match file.as_str() {
        "start.css" => ("text/css", dist!("start.css")),
        "start.js" => ("text/javascript", dist!("start.js")),
        "chat.css" => ("text/css", dist!("chat.css")),
        "chat.js" => ("text/javascript", dist!("chat.js")),
        "playground.css" => ("text/css", dist!("playground.css")),
        "playground.js" => ("text/javascript", dist!("playground.js")),
        "reader.css" => ("text/css", dist!("reader.css")),
        "reader.js" => ("text/javascript", dist!("reader.js")),
        "favicon.svg" => ("image/svg+xml", dist!("favicon.svg")),
        "third-party.txt" => ("text/plain; charset=utf-8", dist!("third-party.txt")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], bytes).into_response()
}
