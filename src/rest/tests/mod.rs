//! Each directive and each refusal, with their order, on a toy schema.

mod answers;
mod arguments;
mod documents;
mod toy;

use async_graphql::Request;
use axum::{
    body::{Body, to_bytes},
    http::Request as HttpRequest,
    response::Response,
};
use toy::{ROOMS, Toy, compile};

use super::{ApiInfo, Engine};
use crate::error::Code;
use crate::transport::{Caller, Refusal};

fn engine() -> Engine<Toy> {
    compile(ROOMS).unwrap()
}

struct TestResponse {
    status: u16,
    text: String,
    headers: axum::http::HeaderMap,
}

async fn said(response: Response) -> TestResponse {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    TestResponse {
        status: parts.status.as_u16(),
        text: String::from_utf8(bytes.to_vec()).unwrap(),
        headers: parts.headers,
    }
}

async fn send(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> TestResponse {
    let mut request = HttpRequest::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.into()).unwrap();
    let response = engine()
        .handle(request, |parts, entry| {
            let role = parts.headers.get("role").map(|role| role.to_str().unwrap().to_owned());
            async move {
                match role.as_deref() {
                    Some("banned") if !entry.is_open_to_banned => {
                        Err(Refusal::new(Code::AccountBanned, "Banned"))
                    }
                    Some("limited") => {
                        let mut refusal = Refusal::new(Code::RateLimited, "Slow down");
                        refusal.retry_after = Some(3);
                        Err(refusal)
                    }
                    role => Ok(Caller {
                        signed_in: role.is_some() && role != Some("anon"),
                        admin: role == Some("admin"),
                        network: None,
                        request: Request::new("").data(42_i32),
                    }),
                }
            }
        })
        .await;
    said(response).await
}

async fn get(path: &str) -> TestResponse {
    send("GET", path, &[("role", "user")], "").await
}

async fn post(path: &str, body: &str) -> TestResponse {
    send("POST", path, &[("role", "user"), ("content-type", "application/json")], body.to_owned()).await
}

fn is(said: &TestResponse, status: u16, text: &str) {
    assert_eq!((said.status, said.text.as_str()), (status, text));
}
