//! Numbers and cursors of pages: what makes no sense is refused, and the refusal names the argument.

use serde_json::{Value, json};

use crate::support::{Answer, on_both};

#[track_caller]
fn is_refused(answer: &Answer, field: &str) {
    assert!(answer.names_invalid(field).contains(field), "{}", answer.text);
}

on_both! {
    async fn numbers_that_are_too_small_are_refused(server: Server) {
        let alice = server.member("Alice").await;
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await.json["id"].clone();
        for (list, field) in [
            ("spaces(first: -1) { nodes { id } }", "first"),
            ("spaces(last: -1) { nodes { id } }", "last"),
            ("spaces(page: 0) { nodes { id } }", "page"),
            ("communities(limit: 0) { nodes { id } }", "limit"),
            ("communities(page: -3, limit: 5) { nodes { id } }", "page"),
            ("agentListings(first: -2147483648) { nodes { id } }", "first"),
            ("viewer { spaces(first: -1) { nodes { id } } }", "first"),
            ("viewer { memberships(last: -5) { nodes { id } } }", "last"),
            ("viewer { wallet { entries(first: -1) { nodes { id } } } }", "first"),
            ("messages(communityId: $id, limit: 0) { id }", "limit"),
            ("communityMembers(communityId: $id, limit: -1) { id }", "limit"),
            ("communityMembers(communityId: $id, offset: -1) { id }", "offset"),
            ("supportQueue(communityId: $id, limit: -1) { id }", "limit"),
            ("community(id: $id) { members(first: -1) { nodes { id } } }", "first"),
        ] {
            let query = if list.contains("$id") { format!("query($id: ID!) {{ {list} }}") } else { format!("{{ {list} }}") };
            is_refused(&alice.graphql(&query, json!({ "id": club })).await, field);
        }
        let none = alice.graphql("{ spaces(first: 0) { nodes { id } } }", json!({})).await;
        assert_eq!(none.json["data"]["spaces"]["nodes"], json!([]), "{}", none.text);
    }

    /// A cursor belongs to the lists of one kind of rows.
    async fn cursors_of_other_lists_are_refused(server: Server) {
        let alice = server.member("Alice").await;
        for name in ["One", "Two"] {
            alice.post("/api/spaces", json!({ "name": name })).await;
            alice.post("/api/communities", json!({ "name": name })).await;
        }
        let cursor = |answer: &Answer, list: &str| answer.json["data"][list]["pageInfo"]["endCursor"].clone();
        let ask = |list: &str| format!("query($c: String) {{ {list}(first: 1, after: $c) {{ nodes {{ name }} pageInfo {{ endCursor }} }} }}");
        let first = alice.graphql(&ask("spaces"), json!({ "c": null })).await;
        let of_spaces = cursor(&first, "spaces");
        let next = alice.graphql(&ask("spaces"), json!({ "c": of_spaces })).await;
        // Spaces of the same second have any order.
        let both = [first, next].map(|page| page.json["data"]["spaces"]["nodes"].clone());
        let (one, two) = (json!([{ "name": "One" }]), json!([{ "name": "Two" }]));
        assert!(both == [two.clone(), one.clone()] || both == [one, two], "{both:?}");
        let of_communities = cursor(&alice.graphql(&ask("communities"), json!({ "c": null })).await, "communities");
        let agents = "query($c: String) { agentListings(first: 1, after: $c) { nodes { id } } }".to_owned();
        for (query, foreign) in [
            (ask("communities"), &of_spaces),
            (ask("spaces"), &of_communities),
            (agents, &of_spaces),
            (ask("spaces"), &json!("")),
            (ask("spaces"), &json!("Space:x")),
        ] {
            is_refused(&alice.graphql(&query, json!({ "c": foreign })).await, "after");
        }
        let before = "query($c: String) { communities(last: 1, before: $c) { nodes { id } } }";
        is_refused(&alice.graphql(before, json!({ "c": of_spaces })).await, "before");
        assert_ne!(of_spaces, Value::Null);
    }
}
