//! The documented REST paths.

mod accounts;
mod communities;
mod contract;
mod edge;
mod examples;
mod hostile;
mod lounge;
mod names;
mod official;
mod spaces;
mod verification;
mod wallet;

use serde_json::{Value, json};

use crate::support::{Answer, Caller};

/// A valid id of no object.
const NOWHERE: &str = "019b0000-0000-7000-8000-000000000000";

/// Checks that the object has exactly these keys, in any order.
#[track_caller]
fn assert_keys(value: &Value, keys: &[&str]) {
    let mut found: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut keys = keys.to_vec();
    found.sort_unstable();
    keys.sort_unstable();
    assert_eq!(found, keys, "{value}");
}

/// Checks the status of an answer.
#[track_caller]
fn assert_status(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
}

/// Checks status, code and form of a refusal; returns its message.
#[track_caller]
fn refused<'a>(answer: &'a Answer, status: u16, code: &str) -> &'a str {
    assert_eq!((answer.status, answer.json["code"].as_str()), (status, Some(code)), "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/json");
    let sentence = answer.json["error"].as_str().expect("a sentence");
    assert!(!sentence.is_empty());
    sentence
}

/// Returns a text member.
#[track_caller]
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// Creates a space; returns its row.
async fn make_space(caller: &Caller, body: Value) -> Value {
    let answer = caller.post("/api/spaces", body).await;
    assert_status(&answer, 201);
    answer.json
}

/// Creates a space and opens a session; returns the paths of both.
async fn make_session(caller: &Caller, body: Value) -> (String, String) {
    let space = format!("/api/spaces/{}", text(&make_space(caller, body).await, "id"));
    let session = caller.post_empty(&format!("{space}/sessions")).await;
    assert_status(&session, 201);
    let session = format!("{space}/sessions/{}", text(&session.json, "id"));
    (space, session)
}

/// Returns the answer of `updateSpaceSession` to this input.
async fn update_session(caller: &Caller, session: &str, mut input: Value) -> Answer {
    input["sessionId"] = json!(session.rsplit('/').next());
    let query =
        "mutation($input: UpdateSpaceSessionInput!) { updateSpaceSession(input: $input) { spaceSession {
        id version status state currentPhase startedAt finishedAt } } }";
    caller.graphql(query, json!({ "input": input })).await
}
