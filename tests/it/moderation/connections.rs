//! Administrators see the open connections and end them.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{code, done};
use crate::support::{Caller, Events, Single, on_both};

const LIST: &str = "query($n: Int, $a: String, $l: Int, $b: String) { openConnections(first: $n, after: $a, last: $l, before: $b) { \
                    totalCount silentServerIds pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } \
                    nodes { id kind address openedAt subscriptionCount serverId user { id name } } } }";
const END: &str =
    "mutation($c: ID!) { endConnection(input: { connectionId: $c }) { deletedId isConfirmed } }";
const ENTRIES: &str = "{ auditEvents(action: CONNECTION_ENDED) { totalCount } }";
const INBOX: &str = "subscription { inbox { __typename } }";
const REASON: &str = "An administrator ended this connection";

async fn list(admin: &Caller, variables: Value) -> Value {
    done(admin, LIST, variables).await["openConnections"].clone()
}

/// Returns the ids of a page.
fn ids(page: &Value) -> Vec<&str> {
    page["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].as_str().expect("an id")).collect()
}

/// Returns the only open connection.
async fn only(admin: &Caller) -> Value {
    let page = list(admin, json!({})).await;
    assert_eq!((&page["totalCount"], &page["silentServerIds"]), (&json!(1), &json!([])), "{page}");
    page["nodes"][0].clone()
}

/// Ends the only open connection, and returns it.
async fn end_only(admin: &Caller) -> Value {
    let open = only(admin).await;
    let ended = done(admin, END, json!({ "c": open["id"] })).await;
    assert_eq!(ended["endConnection"], json!({ "deletedId": open["id"], "isConfirmed": true }));
    open
}

/// A request for a stream of one operation.
fn stream(caller: &Caller) -> RequestBuilder {
    caller
        .request(Method::POST, "/graphql/stream")
        .header("accept", "text/event-stream")
        .json(&json!({ "query": INBOX }))
}

on_both! {
    async fn a_socket_is_listed_and_ended(server: Server) {
        let (admin, ann) = (server.admin("Admin").await, server.member("Ann").await);
        let mut socket = server.socket().open().await;
        socket.init(json!({})).await;
        assert_eq!(only(&admin).await["user"], Value::Null);
        socket.say(json!({ "type": "ping", "payload": { "token": ann.token } })).await;
        assert_eq!(socket.hear().await["type"], "pong");
        socket.subscribe("1", INBOX, json!({})).await;
        assert_eq!(socket.hear().await["type"], "next");
        let open = end_only(&admin).await;
        assert_eq!(open["kind"], "WEB_SOCKET");
        assert_eq!(open["user"], json!({ "id": ann.id, "name": "Ann" }));
        assert_eq!((&open["address"], &open["subscriptionCount"]), (&json!("127.0.0.1"), &json!(1)));
        assert_eq!(open["serverId"], server.app.open_connections.server().to_string());
        assert_eq!(socket.closed().await, (1008, REASON.to_owned()));
        socket.gone().await;
        assert_eq!(list(&admin, json!({})).await["totalCount"], 0);
        assert_eq!(code(&admin.graphql(END, json!({ "c": open["id"] })).await), "NOT_FOUND");
        let log = "{ auditEvents(first: 5, action: CONNECTION_ENDED) { nodes { action subjectId actor { name } user { name } details } } }";
        let entries = done(&admin, log, json!({})).await["auditEvents"]["nodes"].clone();
        let expected = json!([{ "action": "CONNECTION_ENDED", "subjectId": open["id"], "actor": { "name": "Admin" },
            "user": { "name": "Ann" }, "details": { "kind": "web_socket", "serverId": open["serverId"] } }]);
        assert_eq!(entries, expected);
    }

    /// A repeated request has one entry in the audit log, and the same answer.
    async fn an_end_is_repeatable(server: Server) {
        let admin = server.admin("Admin").await;
        let mut socket = server.socket().by(&admin).await;
        let variables = json!({ "c": only(&admin).await["id"] });
        for _ in 0..2 {
            let body = json!({ "query": END, "variables": variables });
            let request = admin.request(Method::POST, "/graphql").header("idempotency-key", "one").json(&body);
            let ended = admin.send(request).await;
            assert_eq!(ended.json["data"]["endConnection"]["isConfirmed"], true, "{}", ended.text);
        }
        assert_eq!(socket.closed().await.0, 1008);
        assert_eq!(done(&admin, ENTRIES, json!({})).await["auditEvents"]["totalCount"], 1);
    }

    async fn event_streams_are_listed_and_ended(server: Server) {
        let (admin, ann) = (server.admin("Admin").await, server.member("Ann").await);
        let mut events = Events::of(stream(&ann)).await;
        assert_eq!(events.expect().await.event, "next");
        let open = end_only(&admin).await;
        assert_eq!((&open["kind"], &open["subscriptionCount"]), (&json!("GRAPHQL_STREAM"), &json!(1)));
        assert_eq!(open["user"]["name"], "Ann");
        let last = events.expect().await;
        assert_eq!((last.event.as_str(), &last.json["errors"][0]["message"]), ("next", &json!(REASON)));
        assert_eq!(last.json["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert_eq!(events.expect().await.event, "complete");
        assert!(events.next().await.is_none());

        let mut single = Single::open(&ann).await;
        assert_eq!(single.operate("1", INBOX, json!({})).await.status, 202);
        assert_eq!(single.told().await.0, "next");
        assert_eq!(end_only(&admin).await["subscriptionCount"], 1);
        assert!(single.stream.next().await.is_none());

        let space = ann.post("/api/spaces", json!({ "name": "Storm" })).await.json["id"].clone();
        let space = space.as_str().expect("an id");
        let session = ann.post_empty(&format!("/api/spaces/{space}/sessions")).await.json["id"].clone();
        let query = "query($s: ID!) { spaceSession(id: $s) { conversation { id } } }";
        let chat = done(&ann, query, json!({ "s": session })).await["spaceSession"]["conversation"]["id"].clone();
        let path = format!("/api/conversations/{}/events", chat.as_str().expect("an id"));
        let mut events = Events::open(&ann, &path, None).await;
        events.expect().await;
        assert_eq!(end_only(&admin).await["kind"], "REST_STREAM");
        assert_eq!(events.expect().await.json, json!({ "type": "error", "message": REASON, "code": "FORBIDDEN" }));
        assert!(events.next().await.is_none());
    }

    async fn the_list_has_pages(server: Server) {
        let admin = server.admin("Admin").await;
        let mut sockets = Vec::new();
        for _ in 0..5 {
            server.app.clock.advance(Duration::from_secs(1));
            sockets.push(server.socket().by(&admin).await);
        }
        let all = list(&admin, json!({})).await;
        let newest_first = ids(&all);
        assert_eq!((newest_first.len(), &all["pageInfo"]["hasNextPage"]), (5, &json!(false)));
        assert!(newest_first.is_sorted_by(|one, next| one > next), "{newest_first:?}");
        let first = list(&admin, json!({ "n": 2 })).await;
        assert_eq!((ids(&first), &first["pageInfo"]["hasNextPage"]), (newest_first[..2].to_vec(), &json!(true)));
        assert_eq!((&first["totalCount"], &first["edges"][1]["node"]["id"]), (&json!(5), &json!(newest_first[1])));
        let second = list(&admin, json!({ "n": 2, "a": first["pageInfo"]["endCursor"] })).await;
        assert_eq!(ids(&second), newest_first[2..4]);
        let back = list(&admin, json!({ "l": 3, "b": second["pageInfo"]["endCursor"] })).await;
        assert_eq!(ids(&back), newest_first[..3]);
        assert_eq!(list(&admin, json!({ "n": 0 })).await["nodes"], json!([]));
        let foreign = admin.graphql(LIST, json!({ "a": "User:1.1" })).await;
        assert_eq!(foreign.json["errors"][0]["extensions"]["field"], "after", "{}", foreign.text);
    }
}
