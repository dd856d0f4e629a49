//! Somebody who calls the server.

use reqwest::{Client, Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};

/// Somebody who calls the server, signed in or not.
#[derive(Clone)]
pub struct Caller {
    /// Their user id; empty when nobody is signed in.
    pub id: String,
    /// Their token; empty when nobody is signed in.
    pub token: String,
    client: Client,
    url: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl Caller {
    pub(super) fn new(client: Client, url: String, who: Option<(String, String)>) -> Self {
        let (id, token) = who.unwrap_or_default();
        Self { id, token, client, url }
    }

    /// A request to be shaped further.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// Sends a request and reads the answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.expect("a body");
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, text, json }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// A GET with a header.
    pub async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        self.send(self.request(Method::GET, path).header(name, value)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// A POST without body and content type, as browsers send it.
    pub async fn post_empty(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A GraphQL operation.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.post("/graphql", json!({ "query": query, "variables": variables })).await
    }
}
