//! Objects by their ids: unique over all types, and visible to those who may see them.

use serde_json::{Value, json};

use crate::support::{Caller, on_both};

const NODE: &str = "query($id: ID!) { node(id: $id) { id __typename ... on Space { name } } }";

async fn node(who: &Caller, id: &Value) -> Value {
    let answer = who.graphql(NODE, json!({ "id": id })).await;
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    answer.json["data"]["node"].clone()
}

on_both! {
    async fn an_object_is_found_by_those_who_may_see_it(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let space = alice.post("/api/spaces", json!({ "name": "Secret", "isPublic": false })).await.json["id"].clone();
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await.json["id"].clone();
        let posted = alice.post(&format!("/api/communities/{}/messages", club.as_str().expect("an id")), json!({ "content": "Hi" })).await;
        let wanted = json!({ "id": space, "__typename": "Space", "name": "Secret" });
        assert_eq!(node(&alice, &space).await, wanted);
        assert_eq!(node(&bob, &space).await, Value::Null);
        assert_eq!(node(&server.anon(), &space).await, Value::Null);
        assert_eq!(node(&server.anon(), &club).await["__typename"], "Club");
        assert_eq!(node(&alice, &posted.json["id"]).await["__typename"], "Message");
        assert_eq!(node(&bob, &posted.json["id"]).await, Value::Null);
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let found = alice.graphql(query, json!({ "ids": [space, "nobody", club] })).await;
        assert_eq!(found.json["data"]["nodes"], json!([{ "id": space }, null, { "id": club }]), "{}", found.text);
        let many = vec![club; 51];
        let refused = alice.graphql(query, json!({ "ids": many })).await;
        assert_eq!(refused.json["errors"][0]["extensions"]["field"], "ids", "{}", refused.text);
    }

    async fn the_viewer_the_user_and_the_wallet_have_ids_of_their_own(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let query = "{ viewer { id userId user { id } wallet { id } } }";
        let viewer = alice.graphql(query, json!({})).await.json["data"]["viewer"].clone();
        assert_eq!((&viewer["userId"], &viewer["user"]["id"]), (&json!(alice.id), &json!(alice.id)));
        for (id, kind) in [(&viewer["id"], "Viewer"), (&viewer["wallet"]["id"], "Wallet")] {
            assert_ne!(id, &viewer["userId"]);
            assert_eq!(node(&alice, id).await, json!({ "id": id, "__typename": kind }));
            assert_eq!(node(&bob, id).await, Value::Null);
        }
        // `user(id)` and `node(id)` agree.
        let wanted = json!({ "id": alice.id, "__typename": "User" });
        assert_eq!(node(&alice, &json!(alice.id)).await, wanted);
        assert_eq!(node(&bob, &json!(alice.id)).await, wanted);
        assert_eq!(node(&server.anon(), &json!(alice.id)).await, Value::Null);
    }

    /// A refusal hides one object; the others are found.
    async fn a_viewer_without_access_finds_the_other_nodes(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await.json["id"].clone();
        let path = format!("/api/communities/{}", club.as_str().expect("an id"));
        bob.post_empty(&format!("{path}/join")).await;
        let posted = bob.post(&format!("{path}/messages"), json!({ "content": "Hi" })).await.json["id"].clone();
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }";
        let banned = alice.graphql(ban, json!({ "c": club, "u": bob.id })).await;
        assert!(banned.json["errors"].is_null(), "{}", banned.text);
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let found = bob.graphql(query, json!({ "ids": [posted, club] })).await;
        assert_eq!(found.json, json!({ "data": { "nodes": [null, { "id": club }] } }), "{}", found.text);
    }

    /// An error makes a nullable field null and nothing else.
    async fn refused_fields_leave_their_object(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await.json["id"].clone();
        let query = "query($id: ID!, $text: String!) { community(id: $id) { id bans { totalCount }
          conversation { kind messages(first: -1) { nodes { id } } search(text: $text) { id } } } }";
        let answer = alice.graphql(query, json!({ "id": club, "text": "x".repeat(201) })).await;
        let conversation = json!({ "kind": "ROOM", "messages": null, "search": null });
        let wanted = json!({ "id": club, "bans": { "totalCount": 0 }, "conversation": conversation });
        assert_eq!(answer.json["data"]["community"], wanted, "{}", answer.text);
        let mut errors: Vec<_> = answer.json["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| (error["path"].to_string(), error["extensions"]["field"].clone()))
            .collect();
        errors.sort_by(|a, b| a.0.cmp(&b.0));
        let path = |field: &str| json!(["community", "conversation", field]).to_string();
        assert_eq!(errors, [(path("messages"), json!("first")), (path("search"), json!("text"))], "{}", answer.text);
        let others = bob.graphql(query, json!({ "id": club, "text": "x" })).await;
        let wanted = json!({ "id": club, "bans": null, "conversation": null });
        assert_eq!(others.json["data"]["community"], wanted, "{}", others.text);
        let refused = &others.json["errors"];
        assert_eq!(refused.as_array().map(Vec::len), Some(1), "{}", others.text);
        assert_eq!(refused[0]["path"], json!(["community", "bans"]));
        assert_eq!(refused[0]["extensions"]["code"], "FORBIDDEN");
    }

    /// An account's name is not found by its id where its owner has a display name.
    async fn display_names_hide_accounts(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bobby").await);
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await.json["id"].clone();
        bob.post_empty(&format!("/api/communities/{}/join", club.as_str().expect("an id"))).await;
        let user = "query($id: ID!) { user(id: $id) { name } }";
        let search = "query($t: String!) { searchUsers(text: $t) { id } }";
        let found = alice.graphql(user, json!({ "id": bob.id })).await;
        assert_eq!(found.json["data"]["user"]["name"], "Bobby", "{}", found.text);
        let found = alice.graphql(search, json!({ "t": "bobb" })).await;
        assert_eq!(found.json["data"]["searchUsers"], json!([{ "id": bob.id }]), "{}", found.text);
        let short = alice.graphql(search, json!({ "t": "bo" })).await;
        assert_eq!(short.json["errors"][0]["extensions"]["field"], "text");
        let stranger = server.member("Stranger").await;
        assert_eq!(stranger.graphql(search, json!({ "t": "bobb" })).await.json["data"]["searchUsers"], json!([]));
        let rename = "mutation($c: ID!) { updateMembership(input: { communityId: $c, displayName: \"Masked\" }) { membership { id } } }";
        bob.graphql(rename, json!({ "c": club })).await;
        assert_eq!(alice.graphql(user, json!({ "id": bob.id })).await.json["data"]["user"], Value::Null);
        assert_eq!(alice.graphql(search, json!({ "t": "bobb" })).await.json["data"]["searchUsers"], json!([]));
        assert_eq!(bob.graphql(user, json!({ "id": bob.id })).await.json["data"]["user"]["name"], "Bobby");
    }
}
