//! A server with the part of S3 that storing files needs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::any,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A service with one bucket.
pub struct FakeBucket {
    /// Its URL.
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    files: Mutex<BTreeMap<String, Bytes>>,
    /// The credentials of each request.
    signed: Mutex<Vec<String>>,
}

impl FakeBucket {
    pub async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let router = Router::new()
            .route("/{bucket}", any(delete))
            .route("/{bucket}/{*key}", any(file))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { url, shared, task }
    }

    /// Returns the names of its files.
    pub fn names(&self) -> Vec<String> {
        self.shared.files.lock().expect("not poisoned").keys().cloned().collect()
    }

    /// Returns the credentials of the requests.
    pub fn signed(&self) -> Vec<String> {
        self.shared.signed.lock().expect("not poisoned").clone()
    }
}

impl Drop for FakeBucket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn note(&self, headers: &HeaderMap) {
        let signed = headers["authorization"].to_str().expect("text").to_owned();
        self.signed.lock().expect("not poisoned").push(signed);
    }
}

async fn file(
    State(shared): State<Arc<Shared>>,
    Path((bucket, key)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    shared.note(&headers);
    let name = format!("{bucket}/{key}");
    let mut files = shared.files.lock().expect("not poisoned");
    if method == Method::PUT {
        files.insert(name, body);
        return (StatusCode::OK, [("etag", "\"one\"")]).into_response();
    }
    let Some(file) = files.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let about = [("etag", "\"one\""), ("last-modified", "Thu, 05 Mar 2026 12:00:00 GMT")];
    let size = file.len();
    let Some(range) = headers.get("range").map(|range| range.to_str().expect("text").to_owned()) else {
        return (StatusCode::OK, about, file.clone()).into_response();
    };
    let (first, last) = range.trim_start_matches("bytes=").split_once('-').expect("a range");
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let (first, end) = match (first, last) {
        ("", count) => (size.saturating_sub(number(count)), size),
        (first, "") => (number(first), size),
        (first, last) => (number(first), (number(last) + 1).min(size)),
    };
    if first >= end {
        return (StatusCode::RANGE_NOT_SATISFIABLE, [("content-range", format!("bytes */{size}"))])
            .into_response();
    }
    let part = [("content-range", format!("bytes {first}-{}/{size}", end - 1))];
    (StatusCode::PARTIAL_CONTENT, about, part, file.slice(first..end)).into_response()
}

/// `POST /bucket?delete` with a list of names.
async fn delete(
    State(shared): State<Arc<Shared>>,
    Path(bucket): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    shared.note(&headers);
    assert_eq!(uri.query(), Some("delete"));
    let mut files = shared.files.lock().expect("not poisoned");
    let mut deleted = String::new();
    for part in body.split("<Key>").skip(1) {
        let key = part.split("</Key>").next().expect("a name");
        files.remove(&format!("{bucket}/{key}"));
        deleted.push_str(&format!("<Deleted><Key>{key}</Key></Deleted>"));
    }
    format!("<DeleteResult>{deleted}</DeleteResult>").into_response()
}
