//! A stream of server-sent events, read one by one.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use super::{Caller, within};

/// An open stream.
pub struct Events {
    response: Response,
    rest: Vec<u8>,
}

/// One event.
#[derive(Debug)]
pub struct Told {
    /// Its `id:`; empty if it has none.
    pub id: String,
    /// Its `event:`; empty if it has none.
    pub event: String,
    /// Its data.
    pub json: Value,
}

impl Events {
    /// Opens a stream, after an event if given.
    pub async fn open(caller: &Caller, path: &str, after: Option<&str>) -> Self {
        let mut request = caller.request(Method::GET, path).header("accept", "text/event-stream");
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        Self::of(request).await
    }

    /// Opens the stream of a request.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = within("an answer", request.send()).await.expect("an answer");
        assert_eq!(response.status(), 200, "{:?}", response.text().await);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, rest: Vec::new() }
    }

    /// Returns the next event, or `None` at the end. Comments are skipped.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.rest.drain(..end + 2).collect();
                let block = String::from_utf8(block).expect("UTF-8");
                let mut told = Told { id: String::new(), event: String::new(), json: Value::Null };
                for line in block.lines() {
                    match line.split_once(": ") {
                        Some(("id", id)) => told.id = id.to_owned(),
                        Some(("event", event)) => told.event = event.to_owned(),
                        Some(("data", "")) => {}
                        Some(("data", data)) => told.json = serde_json::from_str(data).expect("JSON"),
                        _ => {}
                    }
                }
                if block.starts_with(':') {
                    continue;
                }
                return Some(told);
            }
            let more = within("an event", self.response.chunk()).await;
            self.rest.extend_from_slice(&more.ok()??);
        }
    }

    /// Returns the next event, which must arrive.
    pub async fn expect(&mut self) -> Told {
        self.next().await.expect("another event")
    }
}
