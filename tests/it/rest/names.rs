//! Refusals name what the request sent, under the names and in the form of REST.

use reqwest::Method;
use serde_json::{Value, json};

use super::{NOWHERE, make_session, refused, text};
use crate::support::{Caller, on_both};

/// A request, and what its refusal must say: status, field, and a part of the message.
type Case = (Method, String, Value, u16, &'static str, &'static str);

async fn check(caller: &Caller, cases: Vec<Case>) {
    for (method, path, body, status, field, part) in cases {
        let mut request = caller.request(method.clone(), &path);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = caller.send(request).await;
        refused(&answer, status, if status == 422 { "UNPROCESSABLE" } else { "INVALID" });
        assert_eq!(answer.json["field"], field, "{method} {path} {body}: {}", answer.text);
        let message = text(&answer.json, "error");
        assert!(message.contains(part), "{method} {path} {body}: {message}");
    }
}

on_both! {
    /// A value has the name of the path, the query or the body, not that of the schema.
    async fn values_have_their_rest_names(server: Server) {
        let alice = server.member("Alice").await;
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await;
        let club = format!("/api/communities/{}", text(&club.json, "id"));
        let (_, session) = make_session(&alice, json!({ "name": "One" })).await;
        let post = |path: String, body| (Method::POST, path, body);
        let cases = [
            (post(format!("{club}/agents"), json!({ "listingId": "x" })), 400, "listingId", "listingId must be a UUID"),
            (post(format!("{club}/agents"), json!({ "agentId": "x" })), 400, "agentId", "agentId must be a UUID"),
            (post(format!("{club}/agents"), json!({ "agent_id": NOWHERE })), 400, "agent_id", "Listing not found"),
            (post(format!("{club}/agents"), json!({ "listingId": 5 })), 422, "listingId", "must be a string"),
            (post(format!("{club}/agents"), json!({ "agentId": {} })), 422, "agentId", "must be a string"),
            (post(format!("{club}/agents"), json!({ "listingId": NOWHERE, "agentId": 1 })), 422, "agentId", "must be a string"),
            (post(format!("{club}/agents"), json!({ "listingId": NOWHERE, "agent_id": "x" })), 400, "agent_id", "must be a UUID"),
            (post(format!("{club}/agents"), json!({ "listingId": NOWHERE, "agentId": null })), 400, "listingId", "Listing not found"),
            (post(format!("{club}/agents"), json!({})), 422, "listingId", "Missing"),
            (post(format!("{club}/agent-chat"), json!({ "content": "x", "agentId": NOWHERE })), 400, "agentId", "not in"),
            (post(format!("{club}/agent-chat"), json!({ "content": 1, "listingId": NOWHERE })), 422, "content", "string"),
            (post(format!("{club}/messages"), json!({ "content": "x", "replyToId": 5 })), 422, "replyToId", "string"),
            (post(format!("{club}/messages"), json!({ "content": "x", "replyToId": "x" })), 400, "replyToId", "UUID"),
            (post(format!("{club}/messages"), json!({ "content": "" })), 400, "content", "1-5000"),
            (post("/api/communities/x/join".into(), Value::Null), 400, "id", "id must be a UUID"),
            (post("/api/communities/x/messages".into(), json!({ "content": "x" })), 400, "id", "id must be a UUID"),
            (post("/api/lounge/x/start-chat".into(), Value::Null), 400, "id", "id must be a UUID"),
            (post(format!("{session}x/join"), Value::Null), 400, "session_id", "session_id must be a UUID"),
            (post(format!("{session}/join"), json!({ "controlMode": "robot" })), 422, "controlMode", "one of agent, human, copilot"),
            (post(format!("{session}/join"), json!({ "controlMode": 5 })), 422, "controlMode", "one of agent, human, copilot"),
            (post(format!("{session}/join"), json!({ "agentId": 5 })), 422, "agentId", "must be a string"),
            (post("/api/lounge".into(), json!({ "name": "n", "subscriptionPriceCents": -1 })), 400, "subscriptionPriceCents", ""),
            (post("/api/lounge".into(), json!({ "name": "n", "subscriptionPriceCents": "1" })), 422, "subscriptionPriceCents", "whole"),
            (post("/api/lounge".into(), json!({ "name": "n", "freeMinutesPerDay": 1.5 })), 422, "freeMinutesPerDay", "integer"),
            (post("/api/lounge".into(), json!({ "name": "n", "defaultAgentListingId": "x" })), 422, "defaultAgentListingId", ""),
            (post("/api/lounge".into(), json!({ "name": "n", "defaultAgentListingId": 5 })), 422, "defaultAgentListingId", ""),
            (post("/api/communities".into(), json!({ "name": "n", "agentMentions": 1 })), 422, "agentMentions", "true or false"),
            (post("/api/communities".into(), json!({ "name": "n", "language": "KLINGON" })), 422, "language", "english"),
            (post("/api/communities".into(), json!({ "name": "n", "tags": ["a", "\u{202e}b"] })), 400, "tags[1]", "direction"),
            (post("/api/communities".into(), json!({ "name": "n", "tags": ["a", 5] })), 422, "tags[1]", "must be a string"),
            ((Method::PUT, club.clone(), json!({ "csMode": "robot" })), 400, "csMode", "cs_mode"),
            ((Method::PUT, club.clone(), json!({ "joinFee": -1 })), 400, "joinFee", "negative"),
            ((Method::DELETE, format!("{club}/agents/x"), Value::Null), 400, "listing_id", "listing_id must be a UUID"),
            ((Method::DELETE, "/api/creator/api-keys/x".into(), Value::Null), 400, "id", "id must be a UUID"),
            ((Method::GET, format!("{club}/members?role=boss"), Value::Null), 400, "role", "one of creator, moderator"),
            ((Method::GET, format!("{club}/members?limit=x"), Value::Null), 400, "limit", "integer"),
            ((Method::GET, format!("{club}/messages?before=soon"), Value::Null), 400, "before", "date and time"),
        ];
        let cases = cases.into_iter().map(|((method, path, body), status, field, part)| (method, path, body, status, field, part));
        check(&alice, cases.collect()).await;
        // There is no member of this name in REST.
        let space = alice.post("/api/spaces", json!({ "name": "One" })).await;
        let nothing = alice.put(&format!("/api/spaces/{}", text(&space.json, "id")), json!({})).await;
        assert_eq!(refused(&nothing, 400, "INVALID"), "No fields to update");
        assert!(nothing.json["field"].is_null(), "{}", nothing.text);
    }

    /// The same for administrators.
    async fn values_of_administrators_have_their_rest_names(server: Server) {
        let admin = server.admin("Admin").await;
        let get = |path: &str| (Method::GET, format!("/api/admin/{path}"), Value::Null);
        let cases = [
            (get("audit-events?action=jump"), 400, "action", "one of "),
            (get("audit-events?communityId=x"), 400, "communityId", "UUID"),
            (get("audit-events?after=x"), 400, "after", "after is not a cursor of this list"),
            (get("verification-requests?status=maybe"), 400, "status", "one of pending, approved"),
            (get("users?banned=perhaps"), 400, "banned", "true or false"),
            ((Method::PUT, "/api/admin/verification-requests/x".into(), json!({ "status": "approved" })), 400, "id", "UUID"),
            ((Method::POST, "/api/admin/communities/x/suspend".into(), json!({ "reason": "r" })), 400, "id", "UUID"),
            ((Method::POST, "/api/admin/users/x/ban".into(), json!({ "reason": 5 })), 422, "reason", "string"),
        ];
        let cases = cases.into_iter().map(|((method, path, body), status, field, part)| (method, path, body, status, field, part));
        check(&admin, cases.collect()).await;
    }
}
