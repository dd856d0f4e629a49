//! The embedded pages: start page, chat, playground and the reader of the REST documentation.

use axum::{
    Router,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
            ETAG, IF_NONE_MATCH, VARY,
        },
    },
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;

use super::{HttpState, rest};

/// Pages request no other host, not even for pictures, and run only our own scripts.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);
/// Policy of the chat, which also shows the app of a space in a sandboxed frame after the user asks for it.
const CHAT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; font-src 'self' data:; frame-src https:; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);
/// For files whose name changes with their content: browsers never request them again.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For all other files: browsers store them and revalidate them by entity tag.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of `web/dist`.
struct File {
    name: &'static str,
    content_type: &'static str,
    /// Entity tag; weak, because the response may be compressed.
    etag: &'static str,
    /// Whether the name contains a hash of the content.
    hashed: bool,
    bytes: &'static [u8],
    /// The content compressed with Brotli; `None` if the file is too small.
    brotli: Option<&'static [u8]>,
    /// The content compressed with gzip; `None` if the file is too small.
    gzip: Option<&'static [u8]>,
}

/// Embeds a file of `web/dist`: its name, media type, hash, whether the name has a hash, and whether there are
/// compressed forms of it.
macro_rules! file {
    ($name:literal, $content_type:literal, $hash:literal, $hashed:literal, $forms:ident) => {
        File {
            name: $name,
            content_type: $content_type,
            etag: concat!("W/\"", $hash, "\""),
            hashed: $hashed,
            bytes: embed!($name, ""),
            brotli: file!(@$forms $name, ".br"),
            gzip: file!(@$forms $name, ".gz"),
        }
    };
    (@compressed $name:literal, $end:literal) => {
        Some(embed!($name, $end))
    };
    (@plain $name:literal, $end:literal) => {
        None
    };
}

/// Embeds the bytes of a file of `web/dist`.
macro_rules! embed {
    ($name:literal, $end:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist/", $name, $end))
    };
}

/// All files of the build, sorted by name. The build writes this list, too.
static FILES: &[File] = include!("../../web/dist/files.rs");

/// The paths below `/api/` that are not routes of the REST engine.
const API_PAGES: [&str; 2] = ["/api/docs", "/api/openapi.json"];

pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route("/", get(|headers: HeaderMap| page("start.html", headers)))
        .route("/chat", get(chat))
        .route("/chat/demo.json", get(demo_people))
        .route("/playground", get(|headers: HeaderMap| page("playground.html", headers)))
        .route("/api/docs", get(|headers: HeaderMap| page("reader.html", headers)))
        .route("/assets/{file}", get(asset))
        .route("/favicon.ico", get(|headers: HeaderMap| async move { serve("favicon.svg", &headers) }))
}

/// A user of the demo data, whose password is public.
#[derive(Clone, Debug, Serialize)]
pub struct DemoPerson {
    /// Display name.
    pub name: &'static str,
    /// E-mail address.
    pub email: String,
    /// Role in the demo.
    pub about: &'static str,
    /// Password.
    pub password: &'static str,
}

/// Lists the users that the sign-in page of the chat offers; empty unless the server serves the demo data.
async fn demo_people(State(state): State<HttpState>) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(CACHE_CONTROL, REVALIDATED), (CONTENT_TYPE, json)], state.demo_people.clone()).into_response()
}

/// Returns whether the REST engine answers a path, whatever other routes there are.
pub(super) fn is_rest(path: &str) -> bool {
    path.starts_with("/api/") && !API_PAGES.contains(&path)
}

/// Passes a request without another route to the REST engine. A browser that opens an unknown path gets a page
/// instead of JSON.
pub(super) async fn otherwise(state: &HttpState, request: Request) -> Response {
    let opens_page = request.method() == Method::GET
        && !request.uri().path().starts_with("/api/")
        && accepts_html(request.headers());
    let headers = opens_page.then(|| request.headers().clone());
    let response = rest::handle(state, request).await;
    match headers {
        Some(mut headers) if response.status() == StatusCode::NOT_FOUND => {
            // The page is short, and a 304 would hide that the path does not exist.
            headers.remove(IF_NONE_MATCH);
            let mut page = page("not-found.html", headers).await;
            *page.status_mut() = StatusCode::NOT_FOUND;
            page
        }
        _ => response,
    }
}

/// Returns whether the client accepts HTML explicitly, as browsers do when they open a page.
fn accepts_html(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.split(',').any(|kind| kind.trim().starts_with("text/html")))
}

async fn chat(headers: HeaderMap) -> Response {
    let mut response = serve("chat.html", &headers);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, CHAT_POLICY);
    response
}

async fn page(name: &'static str, headers: HeaderMap) -> Response {
    let mut response = serve(name, &headers);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(&name, &headers)
}

/// Returns a file, or 304 if the client already has it.
fn serve(name: &str, headers: &HeaderMap) -> Response {
    let Ok(index) = FILES.binary_search_by(|file| file.name.cmp(name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let file = &FILES[index];
    let caching = if file.hashed { FOREVER } else { REVALIDATED };
    let known = [(ETAG, HeaderValue::from_static(file.etag)), (CACHE_CONTROL, caching)];
    if is_current(headers, file.etag) {
        return (StatusCode::NOT_MODIFIED, known).into_response();
    }
    let (encoding, bytes) = encoded(file, headers);
    let mut response =
        (known, [(CONTENT_TYPE, HeaderValue::from_static(file.content_type))], bytes).into_response();
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Returns the smallest form of a file that the client accepts, and the name of its encoding.
fn encoded(file: &File, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    match (file.brotli, file.gzip) {
        (Some(bytes), _) if accepts(headers, "br") => (Some("br"), bytes),
        (_, Some(bytes)) if accepts(headers, "gzip") => (Some("gzip"), bytes),
        _ => (None, file.bytes),
    }
}

/// Returns whether the client accepts an encoding and does not refuse it by `q=0`.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let (name, parameters) = offer.split_once(';').unwrap_or((offer, ""));
            let quality =
                parameters.trim().strip_prefix("q=").and_then(|text| text.parse().ok()).unwrap_or(1.0_f32);
            name.trim().eq_ignore_ascii_case(encoding) && quality > 0.0
        })
}

/// Returns whether one of the client's entity tags equals this one by weak comparison.
fn is_current(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(name: &str, tags: &[&str]) -> Response {
        let mut headers = HeaderMap::new();
        for tag in tags {
            headers.append(IF_NONE_MATCH, tag.parse().expect("a header"));
        }
        asset(Path(name.to_owned()), headers).await
    }

    fn header(response: &Response, name: axum::http::HeaderName) -> &str {
        response.headers()[name].to_str().expect("text")
    }

    #[test]
    fn every_file_can_be_found() {
        assert!(FILES.is_sorted_by_key(|file| file.name));
        for page in
            ["start.html", "chat.html", "playground.html", "reader.html", "not-found.html", "favicon.svg"]
        {
            assert!(FILES.iter().any(|file| file.name == page), "{page}");
        }
    }

    #[test]
    fn pages_name_only_files_that_are_there() {
        for file in FILES.iter().filter(|file| file.content_type.starts_with("text/html")) {
            let html = std::str::from_utf8(file.bytes).expect("text");
            let names: Vec<_> =
                html.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(names.len() >= 3, "{}: {names:?}", file.name);
            for name in names {
                let found = FILES.iter().find(|other| other.name == name);
                let found = found.unwrap_or_else(|| panic!("{} names {name}", file.name));
                assert!(found.hashed || name == "favicon.svg" || name == "third-party.txt", "{name}");
            }
        }
    }

    #[tokio::test]
    async fn hashed_files_are_kept_and_others_asked_for_again() {
        for file in FILES {
            let response = answer(file.name, &[]).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(header(&response, CONTENT_TYPE), file.content_type);
            assert_eq!(header(&response, ETAG), file.etag);
            let caching = header(&response, CACHE_CONTROL);
            let is_hashed = [".js", ".css", ".json"].iter().any(|end| file.name.ends_with(end));
            assert_eq!(caching.contains("immutable"), is_hashed, "{}: {caching}", file.name);
        }
        assert_eq!(answer("files.rs", &[]).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(answer("chat.js", &[]).await.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn files_are_sent_in_the_smallest_form_that_the_client_accepts() {
        let file = FILES.iter().find(|file| file.brotli.is_some()).expect("a compressed file");
        for (accepted, encoding) in [
            ("gzip, deflate, br", Some("br")),
            ("BR;q=0.1", Some("br")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("gzip", Some("gzip")),
            ("identity", None),
            ("brotli", None),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            let response = asset(Path(file.name.to_owned()), headers).await;
            let sent = response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().expect("text"));
            assert_eq!(sent, encoding, "{accepted}");
            assert_eq!(header(&response, VARY), "accept-encoding");
        }
        assert!(FILES.iter().all(|file| file.brotli.is_none_or(|bytes| bytes.len() < file.bytes.len())));
    }

    #[tokio::test]
    async fn a_file_that_the_client_has_is_not_sent_again() {
        let etag = FILES[0].etag;
        let strong = etag.trim_start_matches("W/");
        for tags in [vec![etag], vec![strong], vec!["*"], vec!["\"x\", W/\"y\"", &format!("\"z\", {etag}")]] {
            let response = answer(FILES[0].name, &tags).await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{tags:?}");
            assert_eq!(header(&response, ETAG), etag);
            assert!(!response.headers().contains_key(CONTENT_TYPE));
        }
        for tags in [vec!["\"x\""], vec!["W/\"\""], vec![]] {
            assert_eq!(answer(FILES[0].name, &tags).await.status(), StatusCode::OK, "{tags:?}");
        }
    }
}
