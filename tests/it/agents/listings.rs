//! Creating agents, and their visibility.

use serde_json::{Value, json};

use super::{code, ok, write};
use crate::support::on_both;

const ALL: &str =
    "id agentName description avatarUrl model systemPrompt welcome knowledge { title text } inputCharLimit
    ttsVoice dailySpendCap status owner { name }";

on_both! {
    /// All fields of an agent are stored; prompt and knowledge are visible to the owner only.
    async fn owners_see_all_of_it(server: Server) {
        let (owner, other) = (server.member("Owner").await, server.member("Other").await);
        let create = format!("mutation($input: CreateAgentListingInput!) {{ createAgentListing(input: $input) {{ agentListing {{ {ALL} }} }} }}");
        let input = json!({
            "agentName": " Guide ", "description": "Knows the harbour", "avatarUrl": "https://example.com/a.png",
            "systemPrompt": "Be kind.", "welcome": "Ahoy!", "knowledge": [{ "title": "Rules", "text": "No dogs." }],
            "inputCharLimit": 500, "ttsVoice": "alloy", "dailySpendCap": 1000,
        });
        let made = ok(owner.graphql(&create, json!({ "input": input })).await)["createAgentListing"]["agentListing"].clone();
        let mut wanted = input;
        wanted["id"] = made["id"].clone();
        wanted["agentName"] = json!("Guide");
        wanted["model"] = json!("embedded/extractive");
        wanted["status"] = json!("ACTIVE");
        wanted["owner"] = json!({ "name": "Owner" });
        assert_eq!(made, wanted);

        let get = format!("query($id: ID!) {{ agentListing(id: $id) {{ {ALL} }} }}");
        let id = json!({ "id": made["id"] });
        assert_eq!(ok(owner.graphql(&get, id.clone()).await)["agentListing"], wanted);
        let mut seen = wanted.clone();
        (seen["systemPrompt"], seen["knowledge"]) = (Value::Null, Value::Null);
        assert_eq!(ok(other.graphql(&get, id.clone()).await)["agentListing"], seen);
        assert_eq!(ok(server.anon().graphql(&get, id.clone()).await)["agentListing"], seen);

        let update = format!("mutation($input: UpdateAgentListingInput!) {{ updateAgentListing(input: $input) {{ agentListing {{ {ALL} }} }} }}");
        let changes = json!({ "input": { "agentListingId": made["id"], "agentName": "Pilot", "systemPrompt": null, "knowledge": [], "dailySpendCap": null } });
        assert_eq!(code(&other.graphql(&update, changes.clone()).await), "FORBIDDEN");
        let changed = ok(owner.graphql(&update, changes).await)["updateAgentListing"]["agentListing"].clone();
        wanted["agentName"] = json!("Pilot");
        wanted["systemPrompt"] = json!("");
        wanted["knowledge"] = json!([]);
        wanted["dailySpendCap"] = Value::Null;
        assert_eq!(changed, wanted);

        let archive = "mutation($id: ID!) { archiveAgentListing(input: { agentListingId: $id }) { agentListing { status } } }";
        assert_eq!(code(&other.graphql(archive, id.clone()).await), "FORBIDDEN");
        for _ in 0..2 {
            assert_eq!(ok(owner.graphql(archive, id.clone()).await)["archiveAgentListing"]["agentListing"]["status"], "ARCHIVED");
        }
        assert!(ok(other.graphql(&get, id.clone()).await)["agentListing"].is_null());
        assert_eq!(code(&other.graphql(archive, id.clone()).await), "NOT_FOUND");
        assert_eq!(ok(owner.graphql(&get, id).await)["agentListing"]["status"], "ARCHIVED");
    }

    /// Objects keep the id of an archived agent, but do not show its texts.
    async fn an_archived_agent_is_hidden_behind_its_objects(server: Server) {
        let (owner, other) = (server.member("Owner").await, server.member("Other").await);
        let id = write(&owner, json!({ "agentName": "Guide", "description": "An agent" })).await;
        let shop = json!({ "name": "Shop", "type": "official", "defaultAgentListingId": id });
        let shop = other.post("/api/communities", shop).await;
        assert_eq!(shop.status, 201, "{}", shop.text);
        let shop = json!({ "id": shop.json["id"] });
        let query = "query($id: ID!) { community(id: $id) { ... on OfficialAccount { defaultAgentListingId defaultAgentListing { description } } } }";
        let seen = ok(other.graphql(query, shop.clone()).await)["community"].clone();
        assert_eq!(seen, json!({ "defaultAgentListingId": id, "defaultAgentListing": { "description": "An agent" } }));
        let archive = "mutation($id: ID!) { archiveAgentListing(input: { agentListingId: $id }) { agentListing { id } } }";
        ok(owner.graphql(archive, json!({ "id": id })).await);
        let seen = ok(other.graphql(query, shop).await)["community"].clone();
        assert_eq!(seen, json!({ "defaultAgentListingId": id, "defaultAgentListing": null }));
    }

    /// Active agents are listed, newest first; the owner's list has all. One statement each.
    async fn agents_are_browsed(server: Server) {
        let owner = server.member("Owner").await;
        for name in ["Straßenführer", "Cook", "Gone"] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            write(&owner, json!({ "agentName": name, "description": "An agent" })).await;
        }
        let gone = ok(owner.graphql("{ viewer { agentListings(first: 1) { nodes { id agentName } } } }", json!({})).await);
        let gone = gone["viewer"]["agentListings"]["nodes"][0].clone();
        assert_eq!(gone["agentName"], "Gone");
        ok(owner.graphql("mutation($id: ID!) { archiveAgentListing(input: { agentListingId: $id }) { agentListing { id } } }", json!({ "id": gone["id"] })).await);
        let browse = "query($s: String) { agentListings(search: $s) { totalCount nodes { agentName owner { name } } } }";
        for (search, names) in [
            (Value::Null, vec!["Cook", "Straßenführer"]), (json!("STRASSEN"), vec!["Straßenführer"]),
            (json!("agent"), vec!["Cook", "Straßenführer"]), (json!("%"), vec![]),
        ] {
            let found = ok(server.anon().graphql(browse, json!({ "s": search })).await)["agentListings"].clone();
            let rows = found["nodes"].as_array().expect("rows");
            assert_eq!(rows.iter().map(|row| row["agentName"].as_str().expect("a name")).collect::<Vec<_>>(), names);
            assert_eq!(found["totalCount"], names.len());
            assert!(rows.iter().all(|row| row["owner"]["name"] == "Owner"));
        }
        server.statements();
        server.anon().graphql("{ agentListings { nodes { agentName owner { name } } } }", json!({})).await;
        assert_eq!(server.statements().len(), 1, "owners come along");
        let own = ok(owner.graphql("{ viewer { agentListings { nodes { agentName } } } }", json!({})).await);
        assert_eq!(own["viewer"]["agentListings"]["nodes"].as_array().map(Vec::len), Some(3));
    }

    /// Invalid values are refused with the reason.
    async fn agents_have_rules(server: Server) {
        let owner = server.member("Owner").await;
        let create = "mutation($input: CreateAgentListingInput!) { createAgentListing(input: $input) { agentListing { id } } }";
        for (input, field) in [
            (json!({ "agentName": " " }), "agentName"),
            (json!({ "agentName": "x".repeat(101) }), "agentName"),
            (json!({ "agentName": "x", "systemPrompt": "x".repeat(20_001) }), "systemPrompt"),
            (json!({ "agentName": "x", "avatarUrl": "javascript:alert(1)" }), "avatarUrl"),
            (json!({ "agentName": "x", "inputCharLimit": 0 }), "inputCharLimit"),
            (json!({ "agentName": "x", "inputCharLimit": 5001 }), "inputCharLimit"),
            (json!({ "agentName": "x", "dailySpendCap": -1 }), "dailySpendCap"),
            (json!({ "agentName": "x", "knowledge": [{ "title": "", "text": "x" }] }), "knowledge[0].title"),
            (json!({ "agentName": "x", "knowledge": [{ "title": "t", "text": "x".repeat(500_001) }] }), "knowledge"),
        ] {
            let answer = owner.graphql(create, json!({ "input": input })).await;
            assert_eq!(code(&answer), "INVALID");
            assert_eq!(answer.json["errors"][0]["extensions"]["field"], field);
        }
        let nobody = server.anon().graphql(create, json!({ "input": { "agentName": "x" } })).await;
        assert_eq!(code(&nobody), "UNAUTHENTICATED");
    }

    /// The agent of a session's participant must be an own agent.
    async fn sessions_take_ones_own_agent(server: Server) {
        let (owner, other) = (server.member("Owner").await, server.member("Other").await);
        let (own, foreign) = (write(&owner, json!({ "agentName": "Mine" })).await, write(&other, json!({ "agentName": "Theirs" })).await);
        let space = other.post("/api/spaces", json!({ "name": "Chess" })).await.json["id"].clone();
        let space = format!("/api/spaces/{}/sessions", space.as_str().expect("an id"));
        let session = other.post_empty(&space).await.json["id"].clone();
        let join = format!("{space}/{}/join", session.as_str().expect("an id"));
        for wrong in [foreign.as_str(), "nonsense", "019b0000-0000-7000-8000-000000000000"] {
            let refused = owner.post(&join, json!({ "agentId": wrong })).await;
            assert_eq!((refused.status, refused.json["error"].as_str()), (400, Some("Agent not found or not yours")));
        }
        assert_eq!(owner.post(&join, json!({ "agentId": own, "controlMode": "agent" })).await.status, 201);
        let query = "query($id: ID!) { spaceSession(id: $id) { participants { user { id } agentId } } }";
        let seen = ok(owner.graphql(query, json!({ "id": session })).await);
        let all = seen["spaceSession"]["participants"].as_array().expect("participants").clone();
        let mine = all.iter().find(|row| row["user"]["id"] == owner.id.as_str()).expect("takes part");
        assert_eq!(mine["agentId"], own.as_str());
    }
}
