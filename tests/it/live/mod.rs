//! Nothing is missed, told twice or told out of order, whoever is cut off, slow, or sent away.

mod crash;
mod ear;
mod slow;
mod stop;
mod storm;

use serde_json::{Value, json};

use crate::support::Caller;

/// A session's chat with these people in it.
async fn chat(owner: &Caller, others: &[Caller]) -> String {
    let space = owner.post("/api/spaces", json!({ "name": "Storm" })).await.json["id"].clone();
    let session =
        owner.post_empty(&format!("/api/spaces/{}/sessions", text(&space))).await.json["id"].clone();
    for other in others {
        let path = format!("/api/spaces/{}/sessions/{}/join", text(&space), text(&session));
        assert_eq!(other.post_empty(&path).await.status, 201);
    }
    let query = "query($s: ID!) { spaceSession(id: $s) { conversation { id } } }";
    let answer = owner.graphql(query, json!({ "s": session })).await;
    text(&answer.json["data"]["spaceSession"]["conversation"]["id"]).to_owned()
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}
