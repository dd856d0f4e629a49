//! The lounge chapter of the API reference.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{NOWHERE, assert_keys, assert_status, refused, text};
use crate::support::{Caller, on_both};

/// A lounge.
const DETAIL: [&str; 15] = [
    "id",
    "creatorId",
    "name",
    "description",
    "avatarUrl",
    "memberCount",
    "voiceModelId",
    "voiceModelStatus",
    "voiceSamplesUrl",
    "freeMinutesPerDay",
    "subscriptionPriceCents",
    "defaultAgentListingId",
    "createdAt",
    "creatorName",
    "creatorImage",
];

/// Creates a lounge; returns its path.
async fn make(caller: &Caller, body: Value) -> String {
    let answer = caller.post("/api/lounge", body).await;
    assert_status(&answer, 201);
    assert_keys(&answer.json, &["id"]);
    format!("/api/lounge/{}", text(&answer.json, "id"))
}

/// Returns the last segment of a path.
fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Returns the lounge's path as a community.
fn community(path: &str) -> String {
    format!("/api/communities/{}", id_of(path))
}

/// Creates an agent; returns its id.
async fn write(caller: &Caller) -> String {
    let query = "mutation { createAgentListing(input: { agentName: \"Voice\" }) { agentListing { id } } }";
    let answer = caller.graphql(query, json!({})).await;
    answer.json["data"]["createAgentListing"]["agentListing"]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{}", answer.text))
        .to_owned()
}

/// Returns the number of chats in the caller's list of conversations.
async fn talks(who: &Caller) -> usize {
    let answer = who.graphql("{ viewer { conversations { nodes { kind } } } }", json!({})).await;
    let all = answer.json["data"]["viewer"]["conversations"]["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", answer.text));
    all.iter().filter(|conversation| conversation["kind"] == "LOUNGE").count()
}

on_both! {
    async fn made_with_defaults_and_read_without_signing_in(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "  Night talk  " })).await;
        let read = server.anon().get(&path).await;
        assert_status(&read, 200);
        assert_keys(&read.json, &DETAIL);
        let wanted = json!({
            "id": id_of(&path), "creatorId": alice.id, "name": "Night talk", "description": null, "avatarUrl": null,
            "memberCount": 1, "voiceModelId": null, "voiceModelStatus": "none", "voiceSamplesUrl": null,
            "freeMinutesPerDay": 5, "subscriptionPriceCents": 0, "defaultAgentListingId": null,
            "createdAt": read.json["createdAt"], "creatorName": "Alice", "creatorImage": null,
        });
        assert_eq!(read.json, wanted);
        assert!(text(&read.json, "createdAt").ends_with('Z'));
        let again = alice.get(&path.replace("/api/", "/api/v1/")).await;
        assert_eq!(again.json, wanted);
        // It is also a community, and its creator is a member.
        let members = server.anon().get(&format!("{}/members", community(&path))).await;
        assert_eq!(members.json["members"][0]["role"], "creator");
        assert_eq!(members.json["members"][0]["userId"], alice.id.as_str());
        let seen = alice.get(&community(&path)).await;
        assert_eq!((&seen.json["type"], &seen.json["memberCount"]), (&json!("lounge"), &json!(1)));
        let listed = server.anon().get("/api/communities?type=lounge").await;
        assert_eq!(listed.json["communities"][0]["id"], id_of(&path));
    }

    async fn made_with_everything(server: Server) {
        let alice = server.member("Alice").await;
        let agent = write(&alice).await;
        let body = json!({
            "name": "L", "description": "About the night", "avatarUrl": "https://example.com/a.png",
            "voiceSamplesUrl": "https://example.com/voice.mp3", "freeMinutesPerDay": 0,
            "subscriptionPriceCents": 999, "defaultAgentListingId": agent, "unknown": true,
        });
        let path = make(&alice, body.clone()).await;
        let read = server.anon().get(&path).await.json;
        for key in ["name", "description", "avatarUrl", "voiceSamplesUrl", "freeMinutesPerDay", "subscriptionPriceCents"] {
            assert_eq!(read[key], body[key], "{key}");
        }
        assert_eq!(read["defaultAgentListingId"], agent.as_str());
        let nulls = json!({ "name": "N", "description": null, "freeMinutesPerDay": null, "voiceSamplesUrl": null });
        assert_eq!(server.anon().get(&make(&alice, nulls).await).await.json["freeMinutesPerDay"], 5);
    }

    async fn what_cannot_be_made(server: Server) {
        let alice = server.member("Alice").await;
        for name in [json!(""), json!("   "), json!("x".repeat(101))] {
            let answer = alice.post("/api/lounge", json!({ "name": name, "freeMinutesPerDay": -1 })).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "Name is required (max 100 chars)");
        }
        make(&alice, json!({ "name": "界".repeat(100) })).await;
        for (body, status, code) in [
            (json!({}), 422, "UNPROCESSABLE"),
            (json!({ "name": 5 }), 422, "UNPROCESSABLE"),
            (json!({ "name": "L", "freeMinutesPerDay": -1 }), 400, "INVALID"),
            (json!({ "name": "L", "freeMinutesPerDay": 1.5 }), 422, "UNPROCESSABLE"),
            (json!({ "name": "L", "subscriptionPriceCents": -1 }), 400, "INVALID"),
            (json!({ "name": "L", "subscriptionPriceCents": 2_147_483_648_i64 }), 422, "UNPROCESSABLE"),
            (json!({ "name": "L", "subscriptionPriceCents": "9" }), 422, "UNPROCESSABLE"),
            (json!({ "name": "L", "defaultAgentListingId": "agent" }), 422, "UNPROCESSABLE"),
            (json!({ "name": "", "defaultAgentListingId": "agent" }), 422, "UNPROCESSABLE"),
            (json!({ "name": "L", "defaultAgentListingId": NOWHERE }), 400, "INVALID"),
            (json!({ "name": "L", "avatarUrl": "javascript:alert(1)" }), 400, "INVALID"),
            (json!({ "name": "L", "voiceSamplesUrl": "http://example.com/voice.mp3" }), 400, "INVALID"),
            (json!({ "name": "L", "voiceSamplesUrl": "file:///etc/passwd" }), 400, "INVALID"),
            (json!({ "name": "L", "description": "x".repeat(5001) }), 400, "INVALID"),
        ] {
            refused(&alice.post("/api/lounge", body.clone()).await, status, code);
        }
        refused(&server.anon().post("/api/lounge", json!({ "name": 5 })).await, 401, "UNAUTHENTICATED");
        let lounges = server.anon().get("/api/communities?type=lounge").await;
        assert_eq!(lounges.json["total"], 1, "what was refused left nothing");
    }

    async fn a_community_of_another_kind_is_not_found(server: Server) {
        let alice = server.member("Alice").await;
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await;
        let club = format!("/api/lounge/{}", text(&club.json, "id"));
        let closed = make(&alice, json!({ "name": "Closed" })).await;
        assert_status(&alice.delete(&community(&closed)).await, 200);
        for path in [&club, &closed, &format!("/api/lounge/{NOWHERE}")] {
            assert_eq!(refused(&alice.get(path).await, 404, "NOT_FOUND"), "Lounge not found");
            let start = alice.post_empty(&format!("{path}/start-chat")).await;
            assert_eq!(refused(&start, 404, "NOT_FOUND"), "Lounge not found");
        }
        refused(&alice.get("/api/lounge/nowhere").await, 400, "INVALID");
        refused(&alice.post_empty("/api/lounge/nowhere/start-chat").await, 400, "INVALID");
        let anon = server.anon().post_empty("/api/lounge/nowhere/start-chat").await;
        refused(&anon, 401, "UNAUTHENTICATED");
    }

    /// Starting a chat makes a user a member, free and once; the chat stays the same.
    async fn starting_to_talk_lets_in(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "L" })).await;
        let fee = alice.put(&community(&path), json!({ "joinFee": 10 })).await;
        assert_eq!(refused(&fee, 400, "INVALID"), "A lounge has a subscription instead of a join fee");
        assert_status(&alice.put(&community(&path), json!({ "joinFee": 0 })).await, 200);
        let start = format!("{path}/start-chat");
        let first = bob.post_empty(&start).await;
        assert_status(&first, 201);
        assert_keys(&first.json, &["conversationId", "existing"]);
        assert_eq!(first.json["existing"], false);
        let again = bob.post(&start, json!({})).await;
        assert_status(&again, 200);
        assert_eq!(again.json, json!({ "conversationId": first.json["conversationId"], "existing": true }));
        assert_eq!(server.anon().get(&path).await.json["memberCount"], 2);
        let joined = bob.get("/api/communities/joined").await;
        assert_eq!(joined.json["communities"][0]["id"], id_of(&path));
        // Leaving and rejoining finds the same chat.
        let leave = format!("{}/leave", community(&path));
        assert_status(&bob.post_empty(&leave).await, 200);
        let history = format!("/api/conversations/{}/messages", text(&first.json, "conversationId"));
        refused(&bob.get(&history).await, 403, "FORBIDDEN");
        assert_eq!(talks(&bob).await, 0, "it is no longer in the list of their own");
        assert_eq!(bob.post_empty(&start).await.json, again.json);
        assert_status(&bob.get(&history).await, 200);
        assert_eq!(talks(&bob).await, 1);
        assert_eq!(server.anon().get(&path).await.json["memberCount"], 2);
        // The creator has a separate chat, and cannot read others.
        let own = alice.post_empty(&start).await;
        assert_status(&own, 201);
        refused(&alice.get(&history).await, 404, "NOT_FOUND");
        refused(&server.member("Carol").await.get(&history).await, 404, "NOT_FOUND");
    }

    async fn the_banned_do_not_get_in(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "L" })).await;
        let start = format!("{path}/start-chat");
        assert_status(&bob.post_empty(&start).await, 201);
        let ban = "mutation($input: BanMemberInput!) { banMember(input: $input) { ban { id } } }";
        let banned =
            alice.graphql(ban, json!({ "input": { "communityId": id_of(&path), "userId": bob.id } })).await;
        assert!(banned.json["errors"].is_null(), "{}", banned.text);
        refused(&bob.post_empty(&start).await, 403, "MEMBER_BANNED");
        assert_eq!(server.anon().get(&path).await.json["memberCount"], 1);
    }

    /// Twenty concurrent starts create one chat and one member.
    async fn many_starts_make_one_talk(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "L" })).await;
        let start = format!("{path}/start-chat");
        let answers = join_all((0..20).map(|_| bob.post_empty(&start))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [vec![200; 19], vec![201]].concat());
        assert!(answers.iter().all(|answer| answer.json["conversationId"] == answers[0].json["conversationId"]));
        assert_eq!(server.anon().get(&path).await.json["memberCount"], 2);
    }

    async fn the_dashboard_is_the_creators(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "L" })).await;
        assert_status(&bob.post_empty(&format!("{path}/start-chat")).await, 201);
        let read = alice.get(&format!("{path}/dashboard")).await;
        assert_status(&read, 200);
        let wanted = json!({
            "memberCount": 2, "activeSubscriptions": 0, "totalConversations": 1, "todayUsageMinutes": 0,
        });
        assert_eq!(read.json, wanted);
        let club = text(&alice.post("/api/communities", json!({ "name": "Club" })).await.json, "id").to_owned();
        for (who, path) in [
            (&bob, path.clone()),
            (&alice, format!("/api/lounge/{NOWHERE}")),
            (&alice, format!("/api/lounge/{club}")),
        ] {
            let answer = who.get(&format!("{path}/dashboard")).await;
            assert_eq!(refused(&answer, 403, "FORBIDDEN"), "Only the creator can view the dashboard");
        }
        refused(&server.anon().get(&format!("{path}/dashboard")).await, 401, "UNAUTHENTICATED");
        refused(&alice.get("/api/lounge/nowhere/dashboard").await, 400, "INVALID");
    }
}
