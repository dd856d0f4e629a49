//! Callers of the server.

use reqwest::{Client, Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};

use super::{contract, within};

/// Somebody who calls the server, signed in or not.
#[derive(Clone)]
pub struct Caller {
    /// User id; empty if anonymous.
    pub id: String,
    /// Token; empty if anonymous.
    pub token: String,
    client: Client,
    url: String,
    contract: &'static Value,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub text: String,
    /// Body as JSON; null if it is not JSON.
    pub json: Value,
}

impl Answer {
    /// Checks that GraphQL refused the value of this argument or field, and returns the message.
    #[track_caller]
    pub fn names_invalid(&self, field: &str) -> &str {
        let error = &self.json["errors"][0];
        let code = (&error["extensions"]["code"], &error["extensions"]["field"]);
        assert_eq!(code, (&Value::from("INVALID"), &Value::from(field)), "{}", self.text);
        let message = error["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "{}", self.text);
        message
    }
}

impl Caller {
    pub(super) fn new(
        client: Client,
        url: String,
        who: Option<(String, String)>,
        contract: &'static Value,
    ) -> Self {
        let (id, token) = who.unwrap_or_default();
        Self { id, token, client, url, contract }
    }

    /// The same caller of a server at another address.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// Returns a request, to be modified.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// Sends a request and reads the answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let (client, request) = request.build_split();
        let request = request.expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = within("an answer", client.execute(request)).await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = within("a body", response.text()).await.expect("a body");
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { status, headers, text, json };
        contract::check(self.contract, &method, &path, &answer);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a GET with a header.
    pub async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        self.send(self.request(Method::GET, path).header(name, value)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// Sends a POST without body and content type, as browsers do.
    pub async fn post_empty(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Runs a GraphQL operation.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.post("/graphql", json!({ "query": query, "variables": variables })).await
    }
}
