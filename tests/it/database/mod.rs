//! Database failures: acknowledged data is stored, failed data is not, and no request waits forever.

mod abandoned;
mod answers;
mod disk;
mod files;
mod locks;
mod restore;

use plaza::database::Database;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use serde_json::{Value, json};

use crate::support::{Answer, Caller};

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

async fn post(caller: &Caller, chat: &str, content: &str) -> Answer {
    caller.post(&format!("/api/conversations/{chat}/messages"), json!({ "content": content })).await
}

/// Returns the texts of all messages of a chat, oldest first.
async fn contents(caller: &Caller, chat: &str) -> Vec<String> {
    let page = caller.get(&format!("/api/conversations/{chat}/messages?limit=100")).await;
    let rows = page.json["messages"].as_array().unwrap_or_else(|| panic!("{}", page.text));
    rows.iter().map(|row| text(&row["content"]).to_owned()).collect()
}

/// Reads one number from the database, on a separate connection.
async fn number(db: &Database, sql: &str) -> i64 {
    let statement = Statement::from_string(db.backend(), sql);
    let row = db.read().query_one_raw(statement).await.expect(sql).expect("a row");
    match db.backend() {
        DatabaseBackend::Postgres => row.try_get_by_index(0).expect("a number"),
        _ => row.try_get_by_index::<i64>(0).expect("a number"),
    }
}

#[track_caller]
fn unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
    assert!(!answer.text.to_lowercase().contains("sql"), "{}", answer.text);
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}
