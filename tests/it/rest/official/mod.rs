//! The customer service chapter of the API reference.

mod chats;
mod conversations;
mod invite;
mod over;
mod queue;
mod races;
mod rights;

use serde_json::{Value, json};

use super::{assert_status, text};
use crate::support::{Answer, Caller, Server};

/// An official account and its users.
struct Desk {
    creator: Caller,
    moderator: Caller,
    agent: Caller,
    other: Caller,
    customer: Caller,
    /// Path of the community.
    path: String,
    community: String,
}

impl Desk {
    /// Creates an account in this mode, with a moderator and two CS agents.
    async fn open(server: &Server, mode: &str) -> Self {
        let creator = server.member("Creator").await;
        let (moderator, agent) = (server.member("Moderator").await, server.member("Agent").await);
        let (other, customer) = (server.member("Other").await, server.member("Customer").await);
        let body = json!({ "name": "Harbour", "type": "official", "csMode": mode });
        let made = creator.post("/api/communities", body).await;
        assert_status(&made, 201);
        let community = text(&made.json, "id").to_owned();
        let path = format!("/api/communities/{community}");
        let desk = Self { creator, moderator, agent, other, customer, path, community };
        for who in [&desk.agent, &desk.other] {
            assert_status(&desk.invite(&desk.creator, json!({ "userId": who.id })).await, 200);
        }
        assert_status(&desk.moderator.post_empty(&format!("{}/join", desk.path)).await, 200);
        let query = "mutation($c: ID!, $u: ID!) {
            setMemberRole(input: { communityId: $c, userId: $u, role: MODERATOR }) { membership { id } } }";
        let promoted = json!({ "c": desk.community, "u": desk.moderator.id });
        let promoted = desk.creator.graphql(query, promoted).await;
        assert!(promoted.json["errors"].is_null(), "{}", promoted.text);
        desk
    }

    async fn invite(&self, who: &Caller, body: Value) -> Answer {
        who.post(&format!("{}/invite-cs", self.path), body).await
    }

    async fn start(&self, who: &Caller) -> Answer {
        who.post_empty(&format!("{}/start-chat", self.path)).await
    }

    /// Starts a chat; returns its conversation.
    async fn begin(&self, who: &Caller) -> String {
        let started = self.start(who).await;
        assert!(matches!(started.status, 200 | 201), "{}", started.text);
        text(&started.json, "conversationId").to_owned()
    }

    async fn transfer(&self, who: &Caller) -> Answer {
        who.post_empty(&format!("{}/transfer-human", self.path)).await
    }

    async fn accept(&self, who: &Caller, conversation: &str) -> Answer {
        self.about(who, "accept-transfer", conversation).await
    }

    async fn resolve(&self, who: &Caller, conversation: &str) -> Answer {
        self.about(who, "resolve", conversation).await
    }

    async fn about(&self, who: &Caller, verb: &str, conversation: &str) -> Answer {
        let body = json!({ "conversationId": conversation });
        who.post(&format!("{}/{verb}", self.path), body).await
    }

    /// Returns the status that a caller sees.
    async fn status(&self, who: &Caller, conversation: &str) -> String {
        let answer = who.get(&format!("{}/cs-status?conversationId={conversation}", self.path)).await;
        assert_status(&answer, 200);
        text(&answer.json, "status").to_owned()
    }

    async fn queue(&self, who: &Caller) -> Vec<Value> {
        let answer = who.get(&format!("{}/cs-queue", self.path)).await;
        assert_status(&answer, 200);
        answer.json["queue"].as_array().expect("a queue").clone()
    }

    async fn say(&self, who: &Caller, conversation: &str, content: &str) -> Answer {
        who.post(&format!("/api/conversations/{conversation}/messages"), json!({ "content": content })).await
    }

    /// Returns the messages of a chat, oldest first: author and text.
    async fn history(&self, who: &Caller, conversation: &str) -> Vec<(String, String)> {
        let answer = who.get(&format!("/api/conversations/{conversation}/messages")).await;
        assert_status(&answer, 200);
        let rows = answer.json["messages"].as_array().expect("messages").iter().map(|row| {
            let who = row["userName"].as_str().or(row["agentName"].as_str()).unwrap_or("-");
            (who.to_owned(), text(row, "content").to_owned())
        });
        rows.collect()
    }
}

/// The answer with the status of a chat.
fn status_answer(status: &str) -> Value {
    json!({ "status": status })
}
