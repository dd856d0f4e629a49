//! The communities chapter of the API reference.

mod browse;
mod lifecycle;
mod manage;
mod members;
mod messages;
mod money;
mod races;

use serde_json::{Value, json};

use super::{assert_status, text};
use crate::support::{Answer, Caller, changed};

/// A row of the browse list.
const ROW: [&str; 16] = [
    "id",
    "creatorId",
    "name",
    "description",
    "type",
    "joinFee",
    "monthlyFee",
    "agentCallFee",
    "memberCount",
    "avatarUrl",
    "category",
    "tags",
    "verified",
    "csMode",
    "createdAt",
    "creatorName",
];

/// A row with all members.
const DETAIL: [&str; 19] = [
    "id",
    "creatorId",
    "name",
    "description",
    "type",
    "joinFee",
    "monthlyFee",
    "agentCallFee",
    "status",
    "memberCount",
    "avatarUrl",
    "coverImageUrl",
    "category",
    "tags",
    "verified",
    "csMode",
    "defaultAgentListingId",
    "createdAt",
    "updatedAt",
];

/// Creates a community; returns its path.
async fn make(caller: &Caller, body: Value) -> String {
    let answer = caller.post("/api/communities", body).await;
    assert_status(&answer, 201);
    format!("/api/communities/{}", text(&answer.json, "id"))
}

/// Returns the community as its creator sees it.
async fn read(caller: &Caller, path: &str) -> Value {
    let answer = caller.get(path).await;
    assert_status(&answer, 200);
    answer.json
}

/// Returns the last segment of a path.
fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Returns the names in a list of communities.
#[track_caller]
fn names(answer: &Answer) -> Vec<&str> {
    assert_status(answer, 200);
    answer.json["communities"].as_array().expect("communities").iter().map(|row| text(row, "name")).collect()
}

/// Joins; returns the answer.
async fn join(caller: &Caller, path: &str) -> Answer {
    caller.post_empty(&format!("{path}/join")).await
}

/// Returns the rows of the list of members.
async fn members(caller: &Caller, path: &str) -> Vec<Value> {
    let answer = caller.get(&format!("{path}/members")).await;
    assert_status(&answer, 200);
    answer.json["members"].as_array().expect("members").clone()
}

/// The answer to a successful action.
fn done() -> Value {
    json!({ "success": true })
}

/// Runs a mutation on the community at this path; returns the code of a refusal.
async fn act(caller: &Caller, path: &str, verb: &str, input: &str, members: Value) -> Result<Value, String> {
    let mut variables = json!({ "communityId": id_of(path) });
    variables.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
    let changed = changed(verb);
    let query = format!("mutation($input: {input}!) {{ {verb}(input: $input) {{ {changed} {{ id }} }} }}");
    let answer = caller.graphql(&query, json!({ "input": variables })).await;
    match answer.json["errors"][0]["extensions"]["code"].as_str() {
        None => Ok(answer.json["data"][verb][changed].clone()),
        Some(code) => Err(code.to_owned()),
    }
}
