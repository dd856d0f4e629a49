//! One event stream that carries several operations.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Answer, Caller, Events};

const PATH: &str = "/graphql/stream";
const TOKEN: &str = "x-graphql-event-stream-token";

/// One stream for several operations.
pub struct Single {
    /// Its token.
    pub token: String,
    /// Its events.
    pub stream: Events,
    caller: Caller,
}

impl Single {
    /// Reserves a stream and connects to it.
    pub async fn open(caller: &Caller) -> Self {
        let token = reserve(caller).await;
        let stream = Events::of(connect(caller, &token)).await;
        Self { token, stream, caller: caller.clone() }
    }

    /// Starts an operation on it.
    pub async fn operate(&self, id: &str, query: &str, variables: Value) -> Answer {
        operate(&self.caller, &self.token, id, query, variables).await
    }

    /// Returns the next event: its name, the operation, and the payload.
    pub async fn told(&mut self) -> (String, String, Value) {
        let told = self.stream.expect().await;
        (told.event, told.json["id"].as_str().expect("an id").to_owned(), told.json["payload"].clone())
    }
}

/// Returns the token of a new stream.
pub async fn reserve(caller: &Caller) -> String {
    let reserved = caller.send(caller.request(Method::PUT, PATH)).await;
    assert_eq!(reserved.status, 201, "{}", reserved.text);
    assert!(reserved.headers["content-type"].to_str().expect("text").starts_with("text/plain"));
    reserved.text
}

/// A request for the stream itself.
pub fn connect(caller: &Caller, token: &str) -> RequestBuilder {
    caller.request(Method::GET, &format!("{PATH}?token={token}")).header("accept", "text/event-stream")
}

/// Starts an operation.
pub async fn operate(caller: &Caller, token: &str, id: &str, query: &str, variables: Value) -> Answer {
    let body = json!({ "query": query, "variables": variables, "extensions": { "operationId": id } });
    caller.send(caller.request(Method::POST, PATH).header(TOKEN, token).json(&body)).await
}

/// Ends an operation.
pub async fn stop(caller: &Caller, token: &str, id: &str) -> Answer {
    let request = caller.request(Method::DELETE, &format!("{PATH}?operationId={id}"));
    caller.send(request.header(TOKEN, token)).await
}
