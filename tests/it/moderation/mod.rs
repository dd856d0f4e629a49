//! Administration, moderation, reports and blocks.

mod admin;
mod audit;
mod blocks;
mod connections;
mod demo;
mod reports;

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Server};

/// Returns the data of an operation, which must not be refused.
async fn done(who: &Caller, operation: &str, variables: Value) -> Value {
    let answer = who.graphql(operation, variables).await;
    assert!(answer.json["errors"].is_null(), "{operation}: {}", answer.text);
    answer.json["data"].clone()
}

/// Returns the code of an operation's refusal, or `ok`.
fn code(answer: &Answer) -> &str {
    answer.json["errors"][0]["extensions"]["code"].as_str().unwrap_or("ok")
}

/// Creates a community; returns its id.
async fn community(creator: &Caller, body: Value) -> String {
    let made = creator.post("/api/communities", body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json["id"].as_str().expect("an id").to_owned()
}

async fn join(who: &Caller, community: &str) {
    let joined = who.post_empty(&format!("/api/communities/{community}/join")).await;
    assert_eq!(joined.status, 200, "{}", joined.text);
}

/// Posts a message in a community's room; returns its id.
async fn say(who: &Caller, community: &str, content: &str) -> String {
    let path = format!("/api/communities/{community}/messages");
    let said = who.post(&path, json!({ "content": content })).await;
    assert_eq!(said.status, 201, "{}", said.text);
    said.json["id"].as_str().expect("an id").to_owned()
}

async fn set_role(creator: &Caller, community: &str, who: &Caller, role: &str) {
    let operation = "mutation($c: ID!, $u: ID!, $r: MemberRole!) {
        setMemberRole(input: { communityId: $c, userId: $u, role: $r }) { membership { id } } }";
    done(creator, operation, json!({ "c": community, "u": who.id, "r": role })).await;
}

/// Returns the account of a caller.
async fn account(server: &Server, who: &Caller) -> entity::user::Model {
    use sea_orm::EntityTrait;
    let found = entity::user::Entity::find_by_id(&who.id).one(server.app.db.read()).await;
    found.expect("reads").expect("is there")
}
