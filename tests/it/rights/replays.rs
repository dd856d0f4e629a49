//! A repeated request with an `Idempotency-Key` needs the rights of a new request.

use chrono::TimeDelta;
use reqwest::Method;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Server, on_both};

const POST: &str =
    "mutation($c: ID!) { postMessage(input: { communityId: $c, content: \"Hello\" }) { message {
    content conversation { messages { nodes { content } } } } } }";
const SPEAK: &str =
    "mutation($s: ID!) { postMessage(input: { sessionId: $s, content: \"Hello\" }) { message {
    content conversation { messages { nodes { content } } } } } }";
const JOIN: &str =
    "mutation($s: ID!) { joinSpaceSession(input: { sessionId: $s }) { isNew participant { role } } }";

async fn keyed(caller: &Caller, key: &str, query: &str, variables: &Value) -> Answer {
    let body = json!({ "query": query, "variables": variables });
    caller.send(caller.request(Method::POST, "/graphql").header("Idempotency-Key", key).json(&body)).await
}

#[track_caller]
fn ok(answer: Answer) -> Value {
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    answer.json["data"].clone()
}

fn code(answer: &Answer) -> &str {
    answer.json["errors"][0]["extensions"]["code"].as_str().or(answer.json["code"].as_str()).unwrap_or("ok")
}

/// Creates a club of `creator` that `guest` has joined.
async fn club(creator: &Caller, guest: &Caller) -> Value {
    let made = creator.post("/api/communities", json!({ "name": "Club" })).await;
    let id = made.json["id"].as_str().expect("an id");
    assert_eq!(guest.post_empty(&format!("/api/communities/{id}/join")).await.status, 200);
    json!({ "c": id, "u": guest.id })
}

/// Lets the paid time of a membership expire.
async fn expire(server: &Server, community: &Value, user: &str) {
    let id = community.as_str().expect("an id").parse().expect("a UUID");
    let found = plaza::domain::communities::find_membership(server.app.db.read(), id, user).await;
    let mut row = found.expect("reads").expect("a member").into_active_model();
    row.paid_until = Set(Some(server.app.clock.now() - TimeDelta::days(1)));
    row.update(server.app.db.write()).await.expect("writes");
}

on_both! {
    /// A repetition returns the first answer with the current rights to read. When the sender may no longer
    /// post, it is refused like a new message, and no later message is shown.
    async fn a_message_sent_again_needs_the_right_to_speak(server: Server) {
        let (creator, guest) = (server.member("Creator").await, server.member("Guest").await);
        let endings = [
            ("mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { community { id } } }", "FORBIDDEN"),
            ("mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }", "FORBIDDEN"),
            ("mutation($c: ID!, $u: ID!) { muteMember(input: { communityId: $c, userId: $u }) { membership { id } } }", "MUTED"),
            ("", "MEMBERSHIP_EXPIRED"),
        ];
        for (number, (ending, refusal)) in endings.into_iter().enumerate() {
            let place = club(&creator, &guest).await;
            let key = number.to_string();
            let first = ok(keyed(&guest, &key, POST, &place).await);
            let path = format!("/api/communities/{}/messages", place["c"].as_str().expect("an id"));
            let rest = || guest.send(guest.request(Method::POST, &path)
                .header("Idempotency-Key", format!("rest-{key}")).json(&json!({ "content": "Again" })));
            assert_eq!(rest().await.status, 201);
            creator.post(&path, json!({ "content": "A word since" })).await;
            let again = ok(keyed(&guest, &key, POST, &place).await);
            assert_eq!(again["postMessage"]["message"]["content"], first["postMessage"]["message"]["content"]);
            assert!(again.to_string().contains("A word since"), "a member reads on: {again}");
            if ending.is_empty() {
                expire(&server, &place["c"], &guest.id).await;
            } else {
                ok(creator.graphql(ending, place.clone()).await);
            }
            let refused = keyed(&guest, &key, POST, &place).await;
            assert_eq!(code(&refused), refusal, "{}", refused.text);
            assert!(!refused.text.contains("A word since"), "{}", refused.text);
            let refused = rest().await;
            assert_eq!((refused.status, code(&refused)), (403, refusal), "{}", refused.text);
        }
    }

    /// A request on a space that is hidden by now answers as if it did not exist.
    async fn what_was_done_in_a_space_needs_to_see_it(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let space = owner.post("/api/spaces", json!({ "name": "Chess" })).await.json["id"].clone();
        let open = "mutation($s: ID!) { openSpaceSession(input: { spaceId: $s }) { spaceSession { id space { name } } } }";
        let opened = ok(keyed(&guest, "open", open, &json!({ "s": space })).await);
        let session = json!({ "s": opened["openSpaceSession"]["spaceSession"]["id"] });
        ok(keyed(&guest, "join", JOIN, &session).await);
        ok(keyed(&guest, "speak", SPEAK, &session).await);
        let leave = "mutation($s: ID!) { leaveSpaceSession(input: { sessionId: $s }) { participant { isConnected } } }";
        ok(keyed(&guest, "leave", leave, &session).await);
        let hide = "mutation($s: ID!) { updateSpace(input: { spaceId: $s, isPublic: false }) { space { id } } }";
        ok(owner.graphql(hide, json!({ "s": space })).await);
        for (key, query, variables) in
            [("open", open, &json!({ "s": space })), ("join", JOIN, &session), ("speak", SPEAK, &session)]
        {
            let refused = keyed(&guest, key, query, variables).await;
            assert_eq!(code(&refused), "NOT_FOUND", "{key}: {}", refused.text);
        }
        // Leaving is also allowed for a former participant.
        ok(keyed(&guest, "leave", leave, &session).await);
    }

    /// Leaving and transferring end the right with which they were sent: sent again, they do not show a community
    /// that is hidden by now.
    async fn a_hidden_community_is_not_shown_again(server: Server) {
        let (admin, creator) = (server.admin("Admin").await, server.member("Creator").await);
        let (guest, other) = (server.member("Guest").await, server.member("Other").await);
        let place = club(&creator, &guest).await;
        let leave = "mutation($c: ID!) { leaveCommunity(input: { communityId: $c }) { community { name } } }";
        ok(keyed(&guest, "leave", leave, &place).await);
        ok(keyed(&guest, "leave", leave, &place).await);
        let path = format!("/api/communities/{}", place["c"].as_str().expect("an id"));
        assert_eq!(other.post_empty(&format!("{path}/join")).await.status, 200);
        let transfer = "mutation($c: ID!, $u: ID!) { transferOwnership(input: { communityId: $c, userId: $u }) { community { name } } }";
        let to_other = json!({ "c": place["c"], "u": other.id });
        ok(keyed(&creator, "transfer", transfer, &to_other).await);
        ok(keyed(&creator, "transfer", transfer, &to_other).await);
        let remove = "mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { deletedId } }";
        ok(other.graphql(remove, json!({ "c": place["c"], "u": creator.id })).await);
        let suspend = "mutation($c: ID!) { suspendCommunity(input: { communityId: $c, reason: \"Spam\" }) { community { id } } }";
        ok(admin.graphql(suspend, json!({ "c": place["c"] })).await);
        for (who, key, query, variables) in
            [(&guest, "leave", leave, &place), (&creator, "transfer", transfer, &to_other)]
        {
            let refused = keyed(who, key, query, variables).await;
            assert_eq!(code(&refused), "NOT_FOUND", "{key}: {}", refused.text);
        }
    }

    /// A banned account, a revoked key and a lost role repeat nothing.
    async fn accounts_keys_and_roles_count_too(server: Server) {
        let (admin, creator) = (server.admin("Admin").await, server.member("Creator").await);
        let guest = server.member("Guest").await;
        let place = club(&creator, &guest).await;
        let made = ok(guest.graphql("mutation { createApiKey(input: { name: \"k\" }) { key apiKey { id } } }", json!({})).await);
        let by_key = server.bearer(made["createApiKey"]["key"].as_str().expect("a key"));
        ok(keyed(&by_key, "one", POST, &place).await);
        let revoke = "mutation($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { deletedId } }";
        ok(guest.graphql(revoke, json!({ "id": made["createApiKey"]["apiKey"]["id"] })).await);
        assert_eq!(code(&keyed(&by_key, "one", POST, &place).await), "UNAUTHENTICATED");
        // The account is the same sender by its session.
        ok(keyed(&guest, "one", POST, &place).await);

        let promote = "mutation($c: ID!, $u: ID!) { setMemberRole(input: { communityId: $c, userId: $u, role: MODERATOR }) { membership { id } } }";
        ok(creator.graphql(promote, place.clone()).await);
        let other = server.member("Other").await;
        let ban = json!({ "c": place["c"], "u": other.id });
        let ban_other = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { user { name } } } }";
        ok(keyed(&guest, "ban", ban_other, &ban).await);
        ok(keyed(&guest, "ban", ban_other, &ban).await);
        ok(creator.graphql(&promote.replace("MODERATOR", "MEMBER"), place.clone()).await);
        assert_eq!(code(&keyed(&guest, "ban", ban_other, &ban).await), "FORBIDDEN");

        let ban = "mutation($u: ID!) { banUser(input: { userId: $u, reason: \"x\" }) { account { id } } }";
        ok(admin.graphql(ban, json!({ "u": guest.id })).await);
        assert_eq!(code(&keyed(&guest, "one", POST, &place).await), "ACCOUNT_BANNED");
    }
}
