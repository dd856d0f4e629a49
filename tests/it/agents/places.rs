//! `/api/communities/{id}/agents`: add, list, remove.

use entity::{agent_listing, community_agent};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ok, write};
use crate::support::on_both;

const NOWHERE: &str = "019b0000-0000-7000-8000-000000000000";

on_both! {
    /// Every documented answer and refusal.
    async fn agents_come_and_go(server: Server) {
        let (creator, other) = (server.member("Creator").await, server.member("Other").await);
        let community = creator.post("/api/communities", json!({ "name": "Harbour" })).await.json["id"].clone();
        let path = format!("/api/communities/{}/agents", community.as_str().expect("an id"));
        let nowhere = format!("/api/communities/{NOWHERE}/agents");
        let first = write(&other, json!({ "agentName": "Guide", "description": "Knows", "model": "gpt-4o" })).await;
        let second = write(&creator, json!({ "agentName": "Cook" })).await;
        let third = write(&creator, json!({ "agentName": "Pilot" })).await;
        let refused = |status: u16, error: &str, code: &str| (status, json!({ "error": error, "code": code }));

        let body = json!({ "listingId": first });
        let answer = server.anon().post(&path, body.clone()).await;
        assert_eq!((answer.status, answer.json), refused(401, "Unauthorized", "UNAUTHENTICATED"));
        for (who, path) in [(&other, &path), (&creator, &nowhere)] {
            let answer = who.post(path, json!({ "listingId": NOWHERE })).await;
            assert_eq!((answer.status, answer.json), refused(403, "Only the creator can add agents", "FORBIDDEN"));
        }
        let answer = creator.post(&path, json!({ "listingId": NOWHERE })).await;
        assert_eq!((answer.status, answer.json["error"].as_str()), (400, Some("Listing not found or not active")));
        let answer = creator.post(&path, json!({})).await;
        assert_eq!((answer.status, answer.json["code"].as_str()), (422, Some("UNPROCESSABLE")));

        for body in [body.clone(), json!({ "agentId": second }), json!({ "agent_id": third }), body] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            let answer = creator.post(&path, body).await;
            assert_eq!((answer.status, answer.text.as_str()), (201, "{\"success\":true}"));
        }
        let listed = server.anon().get(&path).await;
        assert_eq!(listed.status, 200);
        let rows = listed.json["agents"].as_array().expect("agents").clone();
        let names: Vec<_> = rows.iter().map(|row| row["agentName"].as_str().expect("a name")).collect();
        assert_eq!(names, ["Guide", "Cook", "Pilot"], "as they were added, each once");
        let row = json!({
            "id": rows[0]["id"], "listingId": first, "agentName": "Guide", "avatarUrl": null, "description": "Knows",
            "model": "gpt-4o", "status": "active", "addedAt": rows[0]["addedAt"],
        });
        assert_eq!(rows[0], row);
        assert_eq!(server.anon().get(&nowhere).await.text, "{\"agents\":[]}");
        let query = "query($id: ID!) { community(id: $id) { agents { agentListing { agentName systemPrompt } } } }";
        let seen = ok(other.graphql(query, json!({ "id": community })).await)["community"]["agents"].clone();
        assert_eq!(seen[0]["agentListing"], json!({ "agentName": "Guide", "systemPrompt": "" }), "other wrote it");
        assert_eq!(seen[1]["agentListing"], json!({ "agentName": "Cook", "systemPrompt": null }));

        for (who, path) in [(&other, &path), (&creator, &nowhere)] {
            let answer = who.delete(&format!("{path}/{first}")).await;
            assert_eq!((answer.status, answer.json), refused(403, "Only the creator can remove agents", "FORBIDDEN"));
        }
        let answer = creator.delete(&format!("{path}/{first}")).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "{\"success\":true}"));
        for gone in [first.as_str(), NOWHERE] {
            let answer = creator.delete(&format!("{path}/{gone}")).await;
            assert_eq!((answer.status, answer.json), refused(404, "Agent not found in this community", "NOT_FOUND"));
        }
        assert_eq!(server.anon().get(&path).await.json["agents"].as_array().map(Vec::len), Some(2));
    }

    /// Only members see the agents of an archived community.
    async fn closed_communities_keep_theirs_to_themselves(server: Server) {
        let creator = server.member("Creator").await;
        let agent = write(&creator, json!({ "agentName": "Guide" })).await;
        let community = creator.post("/api/communities", json!({ "name": "Harbour" })).await.json["id"].clone();
        let path = format!("/api/communities/{}", community.as_str().expect("an id"));
        creator.post(&format!("{path}/agents"), json!({ "listingId": agent })).await;
        creator.delete(&path).await;
        let count = |answer: Value| answer["agents"].as_array().map(Vec::len);
        assert_eq!(count(server.anon().get(&format!("{path}/agents")).await.json), Some(0));
        assert_eq!(count(creator.get(&format!("{path}/agents")).await.json), Some(1));
        let answer = creator.post(&format!("{path}/agents"), json!({ "listingId": agent })).await;
        assert_eq!((answer.status, answer.json["error"].as_str()), (400, Some("Community is not active")));
    }

    /// The agent that answers customers first must exist.
    async fn the_default_agent_exists(server: Server) {
        let creator = server.member("Creator").await;
        let agent = write(&creator, json!({ "agentName": "Guide" })).await;
        let make = |id: &str| json!({ "name": "Shop", "type": "official", "defaultAgentListingId": id });
        let answer = creator.post("/api/communities", make(NOWHERE)).await;
        assert_eq!((answer.status, answer.json["error"].as_str()), (400, Some("Agent listing not found")));
        for (id, kept) in [(agent.as_str(), json!(agent)), ("nonsense", Value::Null)] {
            let answer = creator.post("/api/communities", make(id)).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            let path = format!("/api/communities/{}", answer.json["id"].as_str().expect("an id"));
            assert_eq!(creator.get(&path).await.json["defaultAgentListingId"], kept);
        }
    }

    /// A community can have at most 100 agents.
    async fn there_is_an_end_of_agents(server: Server) {
        let creator = server.member("Creator").await;
        let community = creator.post("/api/communities", json!({ "name": "Harbour" })).await.json["id"].clone();
        let community = community.as_str().expect("an id");
        let path = format!("/api/communities/{community}/agents");
        let last = write(&creator, json!({ "agentName": "Guide" })).await;
        let db = server.app.db.write();
        let model = agent_listing::Entity::find().one(db).await.expect("reads").expect("a listing");
        let mut others = Vec::new();
        let mut places = Vec::new();
        for number in 1..=100 {
            let id = Uuid::from_u128(number);
            others.push(agent_listing::ActiveModel { id: Set(id), ..model.clone().into_active_model().reset_all() });
            places.push(community_agent::ActiveModel {
                id: Set(id),
                community_id: Set(community.parse().expect("an id")),
                listing_id: Set(id),
                added_at: Set(server.app.clock.now()),
            });
        }
        agent_listing::Entity::insert_many(others).exec(db).await.expect("writes");
        community_agent::Entity::insert_many(places).exec(db).await.expect("writes");
        let answer = creator.post(&path, json!({ "listingId": last })).await;
        let refusal = json!({ "error": "A community can have at most 100 agents", "code": "CONFLICT" });
        assert_eq!((answer.status, answer.json), (409, refusal));
        let first = Uuid::from_u128(1);
        assert_eq!(creator.post(&path, json!({ "listingId": first })).await.status, 201, "again changes nothing");
        assert_eq!(creator.delete(&format!("{path}/{first}")).await.status, 200);
        assert_eq!(creator.post(&path, json!({ "listingId": last })).await.status, 201);
    }
}
