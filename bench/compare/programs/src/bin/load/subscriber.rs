//! One socket with one subscription.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderValue, header},
        protocol::WebSocketConfig,
    },
};

use crate::deliveries::Deliveries;

/// A server and a subscription.
#[derive(Deserialize)]
pub struct Plan {
    pub address: String,
    /// Path of the socket.
    pub path: String,
    /// Path that takes posts.
    pub posts: String,
    pub cookie: String,
    pub query: String,
    pub variables: Value,
}

/// Opens a socket and subscribes.
///
/// # Errors
/// If the server refuses.
pub async fn subscribe(plan: &Plan, address: SocketAddr) -> Result<WebSocketStream<TcpStream>, Error> {
    let mut request = format!("ws://{address}{}", plan.path).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("graphql-transport-ws"));
    headers.insert(header::COOKIE, plan.cookie.parse().expect("a cookie"));
    // The default is 128 KiB a socket.
    let small = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = client_async_with_config(request, stream, Some(small)).await?;
    socket.send(Message::text(json!({ "type": "connection_init" }).to_string())).await?;
    let acknowledged = socket.next().await.ok_or(Error::ConnectionClosed)??;
    if !acknowledged.to_text()?.contains("connection_ack") {
        return Err(Error::ConnectionClosed);
    }
    let payload = json!({ "query": plan.query, "variables": plan.variables });
    let frame = json!({ "id": "1", "type": "subscribe", "payload": payload });
    socket.send(Message::text(frame.to_string())).await?;
    Ok(socket)
}

/// Reads a socket until it ends.
pub async fn listen(mut socket: WebSocketStream<TcpStream>, deliveries: Arc<Deliveries>) {
    let mut newest = None;
    while let Some(Ok(frame)) = socket.next().await {
        let Message::Text(text) = frame else { continue };
        if let Some((number, sent)) = deliveries.read(&text) {
            if newest.is_none() {
                deliveries.ready.fetch_add(1, Relaxed);
            }
            if newest.is_some_and(|newest| number <= newest) {
                deliveries.disordered.fetch_add(1, Relaxed);
            } else {
                newest = Some(number);
                deliveries.count(number, sent);
            }
        } else if text.contains("\"ping\"") {
            let _ = socket.send(Message::text("{\"type\":\"pong\"}")).await;
        } else if text.contains("\"errors\"") || text.contains("\"error\"") {
            deliveries.fail(&text);
        }
    }
    deliveries.fail("the socket ended");
}
