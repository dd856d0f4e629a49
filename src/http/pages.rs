//! The pages that the binary carries: start page, chat, playground, reader of the REST documentation.

use axum::{
    Router,
    extract::Path,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
    routing::get,
};

use super::Doors;

/// No page asks another host for anything, and none runs a script that is not ours.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; \
     connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);
/// For files whose name changes with their content: they are never asked for again.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For all others: they are kept, and asked for again by their entity tag.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of `web/dist`.
struct File {
    name: &'static str,
    content_type: &'static str,
    /// The entity tag. It is weak, because the answer may be compressed.
    etag: &'static str,
    /// Whether the name contains a hash of the content.
    hashed: bool,
    bytes: &'static [u8],
}

/// Every file that the build has written, sorted by name. The build writes this list, too.
static FILES: &[File] = include!("../../web/dist/files.rs");

pub(super) fn routes() -> Router<Doors> {
    Router::new()
        .route("/", get(|headers: HeaderMap| page("start.html", headers)))
        .route("/chat", get(|headers: HeaderMap| page("chat.html", headers)))
        .route("/playground", get(|headers: HeaderMap| page("playground.html", headers)))
        .route("/api/docs", get(|headers: HeaderMap| page("reader.html", headers)))
        .route("/assets/{file}", get(asset))
        .route("/favicon.ico", get(|headers: HeaderMap| async move { serve("favicon.svg", &headers) }))
}

async fn page(name: &'static str, headers: HeaderMap) -> Response {
    let mut response = serve(name, &headers);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(&name, &headers)
}

/// Answers with a file, or with 304 where the client has it.
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
    (known, [(CONTENT_TYPE, HeaderValue::from_static(file.content_type))], file.bytes).into_response()
}

/// Whether one of the entity tags that a client sends is this one, compared as weak ones.
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
        for page in ["start.html", "chat.html", "playground.html", "reader.html", "favicon.svg"] {
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
            let is_hashed = file.name.ends_with(".js") || file.name.ends_with(".css");
            assert_eq!(caching.contains("immutable"), is_hashed, "{}: {caching}", file.name);
        }
        assert_eq!(answer("files.rs", &[]).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(answer("chat.js", &[]).await.status(), StatusCode::NOT_FOUND);
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
