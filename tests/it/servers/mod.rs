//! Several processes on one database are one server to their users.
//!
//! In most tests the servers read what was not announced only once an hour, so that everything comes by the bus.

mod cluster;
mod connections;
mod crash;
mod messages;
mod outage;
mod presence;
mod rate_limits;
mod replies;
mod rights;
mod statements;

use serde_json::{Value, json};

use cluster::{BY_BUS, By, Cluster};

use crate::support::{Caller, Program, Socket};

/// Subscribes to the messages of a conversation.
const EVENTS: &str = "subscription($c: ID!, $a: String) { conversationEvents(conversationId: $c, after: $a) \
                      { __typename position ... on MessageEvent { message { id content } } } }";

/// Makes a test of each `async fn name(cluster => Cluster)`, with the servers connected by PostgreSQL and by NATS.
macro_rules! by_both {
    ($($settings:expr => async fn $name:ident($cluster:pat => Cluster) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                async fn run($cluster: Cluster) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let Some(cluster) = Cluster::start(By::Postgres, $settings).await else { return };
                    run(cluster).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn nats() {
                    let Some(cluster) = Cluster::start(By::Nats, $settings).await else { return };
                    run(cluster).await;
                }
            }
        )+
    };
}
use by_both;

/// Creates a public space with a session, and returns the ids of space, session and chat.
async fn space(owner: &Caller) -> (String, String, String) {
    let space = owner.post("/api/spaces", json!({ "name": "Storm" })).await.json["id"].clone();
    let session =
        owner.post_empty(&format!("/api/spaces/{}/sessions", text(&space))).await.json["id"].clone();
    let query = "query($s: ID!) { spaceSession(id: $s) { conversation { id } } }";
    let answer = owner.graphql(query, json!({ "s": session })).await;
    let chat = &answer.json["data"]["spaceSession"]["conversation"]["id"];
    (text(&space).to_owned(), text(&session).to_owned(), text(chat).to_owned())
}

/// Opens a subscription on a server, and returns it with its first event.
async fn listen(server: &Program, caller: &Caller, query: &str, variables: Value) -> (Socket, Value) {
    let mut socket = server.socket().by(caller).await;
    socket.subscribe("1", query, variables).await;
    let first = next(&mut socket).await;
    (socket, first)
}

/// Returns the only member of the data of the next event.
async fn next(socket: &mut Socket) -> Value {
    let frame = socket.hear().await;
    assert_eq!(frame["type"], "next", "{frame}");
    let data = frame["payload"]["data"].as_object().expect("data");
    data.values().next().expect("a member").clone()
}

/// Posts a message and returns its id.
async fn post(caller: &Caller, chat: &str, content: &str) -> String {
    let answer =
        caller.post(&format!("/api/conversations/{chat}/messages"), json!({ "content": content })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    text(&answer.json["id"]).to_owned()
}

/// Returns the position of an event.
fn position(event: &Value) -> i64 {
    text(&event["position"]).parse().expect("a number")
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}
