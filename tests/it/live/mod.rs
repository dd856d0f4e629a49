//! No event is lost, duplicated or out of order, with interrupted, slow or removed subscribers.

mod batch;
mod crash;
mod restart;
mod shared_reads;
mod slow;
mod stop;
mod storm;
mod subscriber;

use serde_json::{Value, json};

use crate::support::Caller;

/// Creates a session's chat with these participants.
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
