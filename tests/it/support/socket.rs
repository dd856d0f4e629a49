//! A WebSocket of a caller.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        handshake::client::Response,
        http::{HeaderName, HeaderValue},
    },
};

use super::{Caller, Server, within};

/// An open WebSocket.
pub struct Socket {
    /// The subprotocol of the server's answer.
    pub protocol: Option<String>,
    stream: WebSocketStream<TcpStream>,
}

/// How a socket is opened.
pub struct Opening {
    url: String,
    path: &'static str,
    headers: Vec<(&'static str, String)>,
}

impl Server {
    /// A socket for `/graphql/ws` with the right subprotocol, not yet opened.
    pub fn socket(&self) -> Opening {
        Opening::of(&self.url)
    }
}

impl Opening {
    /// Connects to this address.
    pub fn of(url: &str) -> Self {
        let headers = vec![("sec-websocket-protocol", "graphql-transport-ws".to_owned())];
        Self { url: url.to_owned(), path: "/graphql/ws", headers }
    }

    /// Uses another path.
    pub fn at(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    /// Adds a header; an empty value removes it.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        if !value.is_empty() {
            self.headers.push((name, value.to_owned()));
        }
        self
    }

    /// Opens it.
    pub async fn open(self) -> Socket {
        self.try_open().await.unwrap_or_else(|refused| panic!("the socket opens, not {refused:?}"))
    }

    /// Opens it, expecting a refusal; returns status and body.
    pub async fn try_open(self) -> Result<Socket, (u16, Value)> {
        let host = self.url.strip_prefix("http://").expect("an address").to_owned();
        let mut request = format!("ws://{host}{}", self.path).into_client_request().expect("a request");
        for (name, value) in self.headers {
            let value = HeaderValue::from_str(&value).expect("a value");
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let wire = TcpStream::connect(host).await.expect("the server listens");
        match client_async(request, wire).await {
            Ok((stream, response)) => Ok(Socket { protocol: protocol(&response), stream }),
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                Err((response.status().as_u16(), serde_json::from_slice(&body).unwrap_or(Value::Null)))
            }
            // The client requires the protocol that it named; otherwise the server's close frame follows.
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens it and sends `connection_init` with this caller's token.
    pub async fn by(self, caller: &Caller) -> Socket {
        let mut socket = self.open().await;
        socket.init(json!({ "token": caller.token })).await;
        socket
    }
}

fn protocol(response: &Response) -> Option<String> {
    Some(response.headers().get("sec-websocket-protocol")?.to_str().ok()?.to_owned())
}

impl Socket {
    /// Sends `connection_init` and waits until it is acknowledged.
    pub async fn init(&mut self, payload: Value) {
        self.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(self.hear().await, json!({ "type": "connection_ack" }));
    }

    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends `subscribe`.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// Sends a frame of any kind.
    pub async fn send(&mut self, message: Message) {
        self.stream.send(message).await.expect("sends");
    }

    /// Sends bytes that need not be a frame.
    pub async fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).await.expect("sends");
    }

    /// Returns the next message and answers pings.
    pub async fn hear(&mut self) -> Value {
        match self.frame().await {
            Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("a message, not {other:?}"),
        }
    }

    /// Returns the next frame except pings and pongs.
    pub async fn frame(&mut self) -> Message {
        loop {
            match self.any_frame().await {
                Message::Ping(_) | Message::Pong(_) => {}
                frame => return frame,
            }
        }
    }

    /// Returns the next frame of any kind.
    pub async fn any_frame(&mut self) -> Message {
        within("a frame", self.stream.next()).await.expect("a frame").expect("a frame")
    }

    /// Waits until the connection is closed.
    pub async fn gone(&mut self) {
        within("the end of the connection", async {
            while self.stream.next().await.is_some_and(|frame| frame.is_ok()) {}
        })
        .await;
    }

    /// Returns the payload of an operation's `next` or `error`, and the type.
    pub async fn ask(&mut self, id: &str, query: &str, variables: Value) -> (String, Value) {
        self.subscribe(id, query, variables).await;
        let answer = self.hear().await;
        assert_eq!(answer["id"], id, "{answer}");
        let kind = answer["type"].as_str().expect("a type").to_owned();
        if kind == "next" {
            assert_eq!(self.hear().await, json!({ "id": id, "type": "complete" }));
        }
        (kind, answer["payload"].clone())
    }

    /// Returns the code and reason with which the server closes.
    pub async fn closed(&mut self) -> (u16, String) {
        match self.frame().await {
            Message::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
            other => panic!("a close frame, not {other:?}"),
        }
    }
}
