//! Accounts: ending a sign-in ends everything that depends on it.

mod deletion;
mod elsewhere;
mod migrated;
mod names;
mod passwords;
mod pictures;
mod quotas;
mod races;
mod strangers;

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Server, Socket};

const EVENTS: &str = "subscription($c: ID!) { conversationEvents(conversationId: $c) { __typename } }";
const PASSWORD: &str = "a long password";

#[track_caller]
fn ok(answer: Answer) -> Value {
    assert!(answer.status < 300 && answer.json["errors"].is_null(), "{} {}", answer.status, answer.text);
    answer.json
}

/// Returns the code of a refusal, from GraphQL or REST.
#[track_caller]
fn code(answer: &Answer) -> &str {
    let code = answer.json["code"].as_str().or(answer.json["errors"][0]["extensions"]["code"].as_str());
    code.unwrap_or_else(|| panic!("a refusal, not {} {}", answer.status, answer.text))
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Answer {
    server.anon().post("/api/auth/sign-in/email", json!({ "email": email, "password": password })).await
}

/// Returns a caller with a new API key of this account.
async fn by_key(server: &Server, caller: &Caller) -> Caller {
    let made = ok(caller.post("/api/creator/api-keys", json!({ "name": "key" })).await);
    server.bearer(&text(&made["key"]))
}

/// Creates a space with a session; returns their ids and the id of the session's chat.
async fn space(owner: &Caller) -> (String, String, String) {
    let space = text(&ok(owner.post("/api/spaces", json!({ "name": "Chess" })).await)["id"]);
    let session = text(&ok(owner.post_empty(&format!("/api/spaces/{space}/sessions")).await)["id"]);
    let query = "query($s: ID!) { spaceSession(id: $s) { conversation { id } } }";
    let found = ok(owner.graphql(query, json!({ "s": session })).await);
    (space, session, text(&found["data"]["spaceSession"]["conversation"]["id"]))
}

/// Opens a socket with this subscription under the id `1` and receives its first state.
async fn listen(server: &Server, caller: &Caller, query: &str, variables: Value) -> Socket {
    let mut socket = server.socket().by(caller).await;
    socket.subscribe("1", query, variables).await;
    let first = socket.hear().await;
    assert_eq!(first["type"], "next", "{first}");
    socket
}

/// Returns the code with which the subscription ends.
async fn ended(socket: &mut Socket) -> String {
    let last = socket.hear().await;
    assert_eq!((&last["id"], &last["type"]), (&json!("1"), &json!("error")), "{last}");
    text(&last["payload"][0]["extensions"]["code"])
}
