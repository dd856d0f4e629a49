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
