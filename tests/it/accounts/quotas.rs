//! The maximum numbers of what an account owns.

use std::time::Duration;

use super::*;
use crate::support::on_both;

/// Sends twenty of a creating operation in one document, and returns the answer.
async fn twenty(who: &Caller, operation: &str) -> Answer {
    let fields: String = (0..20).map(|number| format!("f{number}: {operation} ")).collect();
    who.graphql(&format!("mutation {{ {fields} }}"), json!({})).await
}

#[track_caller]
fn is_full(answer: &Answer, message: &str) {
    let error = &answer.json["errors"][0];
    assert_eq!(error["extensions"]["code"], "CONFLICT", "{}", answer.text);
    assert_eq!(error["message"], message);
}

on_both! {
    async fn spaces_communities_and_agents_are_limited(server: Server) {
        let owner = server.member("Owner").await;
        for (operation, most, message) in [
            ("createSpace(input: { name: \"S\" }) { space { id } }", 200, "An account can have 200 spaces; delete one first"),
            ("createCommunity(input: { name: \"C\" }) { community { id } }", 100, "An account can create at most 100 communities"),
            ("createAgentListing(input: { agentName: \"A\" }) { agentListing { id } }", 100, "An account can create at most 100 agents"),
        ] {
            for _ in 0..most / 20 {
                let made = twenty(&owner, operation).await;
                assert!(made.json["errors"].is_null(), "{}", made.text);
            }
            let one = format!("mutation {{ {operation} }}");
            is_full(&owner.graphql(&one, json!({})).await, message);
            let other = server.member(&format!("Other{most}{}", operation.len())).await;
            assert!(other.graphql(&one, json!({})).await.json["errors"].is_null());
        }
        let refused = owner.post("/api/spaces", json!({ "name": "S" })).await;
        assert_eq!((refused.status, refused.json["code"].as_str()), (409, Some("CONFLICT")), "{}", refused.text);
        let spaces = owner.get("/api/spaces/owned?limit=1").await;
        let path = format!("/api/spaces/{}", spaces.json["spaces"][0]["id"].as_str().expect("an id"));
        assert_eq!(owner.delete(&path).await.status, 204);
        assert_eq!(owner.post("/api/spaces", json!({ "name": "S" })).await.status, 201);
    }

    async fn knowledge_is_limited(server: Server) {
        let owner = server.member("Owner").await;
        let create = "mutation($k: [AgentKnowledgeInput!]) { createAgentListing(input: { agentName: \"A\", knowledge: $k }) { agentListing { id } } }";
        let knowledge = json!([{ "title": "T", "text": "\u{6f22}".repeat(499_000) }]);
        let mut last = json!(null);
        for _ in 0..14 {
            let made = owner.graphql(create, json!({ "k": knowledge })).await;
            assert!(made.json["errors"].is_null(), "{}", made.text);
            last = made.json["data"]["createAgentListing"]["agentListing"]["id"].clone();
            // The account may write 16 MiB within a minute.
            server.app.clock.advance(Duration::from_secs(60));
        }
        let full = "The agents of an account can have at most 20 MiB of knowledge in total";
        is_full(&owner.graphql(create, json!({ "k": knowledge })).await, full);
        let made = owner.graphql(create, json!({ "k": [] })).await;
        let empty = made.json["data"]["createAgentListing"]["agentListing"]["id"].clone();
        let update = "mutation($id: ID!, $k: [AgentKnowledgeInput!]) { updateAgentListing(input: { agentListingId: $id, knowledge: $k }) { agentListing { id } } }";
        is_full(&owner.graphql(update, json!({ "id": empty, "k": knowledge })).await, full);
        // The knowledge that it replaces does not count.
        let replaced = owner.graphql(update, json!({ "id": last, "k": knowledge })).await;
        assert!(replaced.json["errors"].is_null(), "{}", replaced.text);
    }
}
