//! Many subscriptions to one conversation: one user cannot exhaust the feeds for others.

use serde_json::{Value, json};

use super::conversations::{chat, post};
use crate::support::on_both;

const EVENTS: &str = "subscription($c: ID!) { conversationEvents(conversationId: $c) \
                      { __typename ... on MessageEvent { message { content } } } }";

/// Returns a document that differs from others by an alias.
fn distinct(number: usize) -> String {
    EVENTS.replacen("__typename", &format!("a{number}: __typename"), 1)
}

fn code(message: &Value) -> &str {
    message["payload"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

on_both! {
    /// A hundred subscriptions that are sent at once all start, and all receive the next message.
    async fn a_hundred_subscriptions_start_at_once(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut socket = server.socket().by(&owner).await;
        for id in 0..100 {
            socket.subscribe(&id.to_string(), EVENTS, json!({ "c": chat })).await;
        }
        for _ in 0..100 {
            let message = socket.hear().await;
            assert_eq!(message["type"], "next", "{message}");
        }
        post(&owner, &chat, "to all").await;
        let mut received = Vec::new();
        for _ in 0..100 {
            let message = socket.hear().await;
            assert_eq!(message["payload"]["data"]["conversationEvents"]["message"]["content"], "to all");
            received.push(message["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(usize::MAX));
        }
        received.sort_unstable();
        assert_eq!(received, (0..100).collect::<Vec<_>>());
    }

    /// A user has at most 20 different feeds of a conversation; others, and further subscribers of a feed, are not affected.
    async fn different_feeds_of_one_user_are_limited(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut socket = server.socket().by(&owner).await;
        for number in 0..20 {
            socket.subscribe(&number.to_string(), &distinct(number), json!({ "c": chat })).await;
            assert_eq!(socket.hear().await["type"], "next");
        }
        // Feeds of another connection count, too.
        let mut other = server.socket().by(&owner).await;
        other.subscribe("more", &distinct(20), json!({ "c": chat })).await;
        let refused = other.hear().await;
        assert_eq!((refused["type"].as_str(), code(&refused)), (Some("error"), "RATE_LIMITED"), "{refused}");
        other.subscribe("same", &distinct(0), json!({ "c": chat })).await;
        assert_eq!(other.hear().await["type"], "next");
        // A closed feed frees its slot.
        socket.say(json!({ "id": "7", "type": "complete" })).await;
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await["type"], "pong");
        other.subscribe("room", &distinct(21), json!({ "c": chat })).await;
        assert_eq!(other.hear().await["type"], "next");
        post(&owner, &chat, "to all").await;
        for _ in 0..19 {
            let message = socket.hear().await;
            assert_eq!(message["payload"]["data"]["conversationEvents"]["message"]["content"], "to all");
        }
    }
}
