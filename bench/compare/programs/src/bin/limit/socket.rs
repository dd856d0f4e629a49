//! As much of graphql-transport-ws as the comparison needs: one subscription a socket, and no rights.

use axum::{
    extract::{
        State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use serde_json::Value;
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

use crate::hub::{Event, Hub};

/// Opens a socket with small buffers: the default is 128 KiB a connection, all of it resident.
pub async fn open(State(hub): State<Hub>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(4 * 1024)
        .protocols(["graphql-transport-ws"])
        .on_upgrade(move |socket| serve(hub, socket))
}

/// A subscription to one community.
struct Subscription {
    events: Receiver<Event>,
    community: Uuid,
    prefix: String,
}

impl Subscription {
    fn new(hub: &Hub, frame: &Value) -> Self {
        let community = frame["payload"]["variables"]["communityId"].as_str();
        Self {
            events: hub.subscribe(),
            community: community.and_then(|id| id.parse().ok()).unwrap_or_default(),
            prefix: format!("{{\"id\":{},\"type\":\"next\",\"payload\":", frame["id"]),
        }
    }

    fn frame(&self, event: &Event) -> Option<Message> {
        (event.0 == self.community)
            .then(|| Message::Text([&self.prefix, event.1.as_str(), "}"].concat().into()))
    }
}

/// Waits for an event; forever without a subscription. `None` if the socket was too slow.
async fn next(subscription: &mut Option<Subscription>) -> Option<Event> {
    match subscription {
        Some(subscription) => subscription.events.recv().await.ok(),
        None => std::future::pending().await,
    }
}

async fn serve(hub: Hub, socket: WebSocket) {
    let (mut out, mut frames) = socket.split();
    let mut subscription: Option<Subscription> = None;
    loop {
        tokio::select! {
            frame = frames.next() => {
                let Some(Ok(frame)) = frame else { return };
                let Message::Text(text) = frame else { continue };
                let Ok(frame) = serde_json::from_str::<Value>(&text) else { return };
                let reply = match frame["type"].as_str() {
                    Some("connection_init") => "{\"type\":\"connection_ack\"}",
                    Some("ping") => "{\"type\":\"pong\"}",
                    Some("subscribe") => {
                        subscription = Some(Subscription::new(&hub, &frame));
                        continue;
                    }
                    _ => continue,
                };
                if out.send(Message::Text(Utf8Bytes::from_static(reply))).await.is_err() {
                    return;
                }
            }
            event = next(&mut subscription) => {
                let (Some(event), Some(subscription)) = (event, &mut subscription) else { return };
                if deliver(&mut out, subscription, event).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Sends an event and all that wait after it with one write.
async fn deliver(
    out: &mut SplitSink<WebSocket, Message>,
    subscription: &mut Subscription,
    event: Event,
) -> Result<(), axum::Error> {
    let mut next = Some(event);
    while let Some(event) = next {
        if let Some(frame) = subscription.frame(&event) {
            out.feed(frame).await?;
        }
        next = subscription.events.try_recv().ok();
    }
    out.flush().await
}
