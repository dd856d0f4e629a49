//! Leaving and being removed: what somebody sees of a private space after that.

use serde_json::{Value, json};

use crate::{
    agents::{code, ok},
    support::{Caller, Events, on_both},
};

/// A private space of `owner` with a session that `guest`, who was invited, has joined.
async fn private(owner: &Caller, guest: &Caller) -> (String, String) {
    let made = owner.post("/api/spaces", json!({ "name": "Chess", "isPublic": false })).await;
    let space = made.json["id"].as_str().expect("an id").to_owned();
    let opened = owner.post_empty(&format!("/api/spaces/{space}/sessions")).await;
    let session = opened.json["id"].as_str().expect("an id").to_owned();
    let invite = "mutation($s: ID!, $u: ID!) { inviteToSpace(input: { spaceId: $s, userId: $u }) { id } }";
    ok(owner.graphql(invite, json!({ "s": space, "u": guest.id })).await);
    assert_eq!(guest.post_empty(&format!("/api/spaces/{space}/sessions/{session}/join")).await.status, 201);
    (space, session)
}

async fn listen(who: &Caller, session: &str) -> Events {
    let query = "subscription($s: ID!) { spaceSessionEvents(sessionId: $s) { __typename
        ... on SessionEvent { change user { name } } } }";
    let request = who.request(reqwest::Method::POST, "/graphql/stream").header("accept", "text/event-stream");
    let body = json!({ "query": query, "variables": { "s": session } });
    let mut events = Events::of(request.json(&body)).await;
    assert_eq!(
        events.expect().await.json["data"]["spaceSessionEvents"]["__typename"],
        "ConversationSnapshot"
    );
    events
}

/// What comes until the stream ends, as text.
async fn rest(mut events: Events) -> String {
    let mut heard = String::new();
    while let Some(told) = events.next().await {
        heard.push_str(&told.json.to_string());
    }
    heard
}

async fn act(who: &Caller, verb: &str, place: &str, id: &str, user: &str) -> crate::support::Answer {
    let kind = format!("{}{}Input", verb[..1].to_uppercase(), &verb[1..]);
    let query = format!("mutation($input: {kind}!) {{ {verb}(input: $input) {{ id }} }}");
    let mut input = json!({ "userId": user });
    input[place] = json!(id);
    who.graphql(&query, json!({ "input": input })).await
}

async fn sees(who: &Caller, space: &str, session: &str) -> Value {
    let query = "query($p: ID!, $s: ID!) { space(id: $p) { name } spaceSession(id: $s) { id } viewer { conversations { title } } }";
    ok(who.graphql(query, json!({ "p": space, "s": session })).await)
}

on_both! {
    /// Whoever leaves a session of a space that turns private sees it no more, nor listens; leaving again is as before.
    async fn who_left_sees_a_private_space_no_more(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let space = owner.post("/api/spaces", json!({ "name": "Chess" })).await.json["id"].as_str().expect("an id").to_owned();
        let opened = owner.post_empty(&format!("/api/spaces/{space}/sessions")).await;
        let session = opened.json["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/spaces/{space}/sessions/{session}");
        assert_eq!(guest.post_empty(&format!("{path}/join")).await.status, 201);
        let heard = listen(&guest, &session).await;
        let hide = "mutation($s: ID!) { updateSpace(input: { id: $s, isPublic: false }) { id } }";
        ok(owner.graphql(hide, json!({ "s": space })).await);
        assert_eq!(sees(&guest, &space, &session).await["space"]["name"], "Chess", "who takes part sees it");
        assert_eq!(guest.post_empty(&format!("{path}/leave")).await.status, 204);
        assert!(rest(heard).await.contains("NOT_FOUND"));
        let seen = sees(&guest, &space, &session).await;
        assert_eq!(seen, json!({ "space": null, "spaceSession": null, "viewer": { "conversations": [] } }));
        assert_eq!(guest.post_empty(&format!("{path}/leave")).await.status, 204, "again");
        assert_eq!(guest.post_empty(&format!("{path}/join")).await.status, 404);
        let say = "mutation($s: ID!) { postMessage(input: { sessionId: $s, content: \"x\" }) { id } }";
        assert_eq!(code(&guest.graphql(say, json!({ "s": session })).await), "NOT_FOUND");
    }

    /// The owner removes somebody from a session and from the space: their streams end, and it is in the audit log.
    async fn owners_remove_people(server: Server) {
        let (owner, guest, admin) = (server.member("Owner").await, server.member("Guest").await, server.admin("Admin").await);
        let (space, session) = private(&owner, &guest).await;
        for (who, refusal) in [(&guest, "FORBIDDEN"), (&admin, "NOT_FOUND")] {
            let refused = act(who, "removeFromSpace", "spaceId", &space, &owner.id).await;
            assert_eq!(code(&refused), refusal, "{}", refused.text);
            let refused = act(who, "removeFromSpaceSession", "sessionId", &session, &owner.id).await;
            assert_eq!(code(&refused), refusal, "{}", refused.text);
        }
        // Out of the session: the invitation still shows the space, and lets them come back.
        ok(act(&owner, "removeFromSpaceSession", "sessionId", &session, &guest.id).await);
        let again = act(&owner, "removeFromSpaceSession", "sessionId", &session, &guest.id).await;
        assert_eq!(code(&again), "NOT_FOUND", "{}", again.text);
        let say = "mutation($s: ID!) { postMessage(input: { sessionId: $s, content: \"x\" }) { id } }";
        assert_eq!(code(&guest.graphql(say, json!({ "s": session })).await), "FORBIDDEN");
        assert_eq!(guest.post_empty(&format!("/api/spaces/{space}/sessions/{session}/join")).await.status, 200);
        // Out of the space: nothing is left.
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let heard = listen(&guest, &session).await;
        ok(act(&owner, "removeFromSpace", "spaceId", &space, &guest.id).await);
        assert!(rest(heard).await.contains("NOT_FOUND"));
        assert_eq!(sees(&guest, &space, &session).await["space"], json!(null));
        assert_eq!(guest.post_empty(&format!("/api/spaces/{space}/sessions/{session}/join")).await.status, 404);
        assert_eq!(code(&act(&owner, "removeFromSpace", "spaceId", &space, &guest.id).await), "NOT_FOUND");
        assert_eq!(code(&act(&owner, "removeFromSpace", "spaceId", &space, &owner.id).await), "INVALID");
        let log = ok(admin.graphql("{ auditEvents { nodes { action actor { id } user { id } subjectId } } }", json!({})).await);
        let wanted = json!([
            { "action": "SPACE_GUEST_REMOVED", "actor": { "id": owner.id }, "user": { "id": guest.id }, "subjectId": space },
            { "action": "PARTICIPANT_REMOVED", "actor": { "id": owner.id }, "user": { "id": guest.id }, "subjectId": session },
        ]);
        // At the same moment as the first of them, the administrator became one: which comes first is open.
        let lines = log["auditEvents"]["nodes"].as_array().expect("lines").iter();
        let lines: Vec<_> = lines.filter(|line| line["action"] != "ACCOUNT_PROMOTED").take(2).collect();
        assert_eq!(json!(lines), wanted, "{log}");
    }
}
