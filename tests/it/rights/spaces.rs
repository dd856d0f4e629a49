//! Leaving and removal: access to a private space afterwards.

use serde_json::{Value, json};

use crate::{
    agents::{code, ok},
    support::{Caller, Events, changed, on_both},
};

/// A private space of `owner` with a session that `guest`, who was invited, has joined.
async fn private(owner: &Caller, guest: &Caller) -> (String, String) {
    let made = owner.post("/api/spaces", json!({ "name": "Chess", "isPublic": false })).await;
    let space = made.json["id"].as_str().expect("an id").to_owned();
    let opened = owner.post_empty(&format!("/api/spaces/{space}/sessions")).await;
    let session = opened.json["id"].as_str().expect("an id").to_owned();
    let invite =
        "mutation($s: ID!, $u: ID!) { inviteToSpace(input: { spaceId: $s, userId: $u }) { space { id } } }";
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

/// Returns the rest of the stream as text.
async fn rest(mut events: Events) -> String {
    let mut heard = String::new();
    while let Some(told) = events.next().await {
        heard.push_str(&told.json.to_string());
    }
    heard
}

async fn act(who: &Caller, verb: &str, place: &str, id: &str, user: &str) -> crate::support::Answer {
    let kind = format!("{}{}Input", verb[..1].to_uppercase(), &verb[1..]);
    let changed = changed(verb);
    let query = format!("mutation($input: {kind}!) {{ {verb}(input: $input) {{ {changed} {{ id }} }} }}");
    let mut input = json!({ "userId": user });
    input[place] = json!(id);
    who.graphql(&query, json!({ "input": input })).await
}

async fn sees(who: &Caller, space: &str, session: &str) -> Value {
    let query = "query($p: ID!, $s: ID!) { space(id: $p) { name } spaceSession(id: $s) { id } viewer { conversations { nodes { title } } } }";
    ok(who.graphql(query, json!({ "p": space, "s": session })).await)
}

on_both! {
    /// A user who leaves a session of a space that becomes private loses access and subscriptions; leaving
    /// again answers as before.
    async fn a_former_participant_no_longer_sees_a_private_space(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let space = owner.post("/api/spaces", json!({ "name": "Chess" })).await.json["id"].as_str().expect("an id").to_owned();
        let opened = owner.post_empty(&format!("/api/spaces/{space}/sessions")).await;
        let session = opened.json["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/spaces/{space}/sessions/{session}");
        assert_eq!(guest.post_empty(&format!("{path}/join")).await.status, 201);
        let heard = listen(&guest, &session).await;
        let hide = "mutation($s: ID!) { updateSpace(input: { spaceId: $s, isPublic: false }) { space { id } } }";
        ok(owner.graphql(hide, json!({ "s": space })).await);
        assert_eq!(sees(&guest, &space, &session).await["space"]["name"], "Chess", "who takes part sees it");
        assert_eq!(guest.post_empty(&format!("{path}/leave")).await.status, 204);
        assert!(rest(heard).await.contains("NOT_FOUND"));
        let seen = sees(&guest, &space, &session).await;
        assert_eq!(seen, json!({ "space": null, "spaceSession": null, "viewer": { "conversations": { "nodes": [] } } }));
        assert_eq!(guest.post_empty(&format!("{path}/leave")).await.status, 204, "again");
        assert_eq!(guest.post_empty(&format!("{path}/join")).await.status, 404);
        let say = "mutation($s: ID!) { postMessage(input: { sessionId: $s, content: \"x\" }) { message { id } } }";
        assert_eq!(code(&guest.graphql(say, json!({ "s": session })).await), "NOT_FOUND");
    }

    /// A guest who joins while the owner removes them is outside afterwards: the join is refused or undone.
    async fn who_is_removed_does_not_stay_by_joining(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let (space, session) = private(&owner, &guest).await;
        let join = format!("/api/spaces/{space}/sessions/{session}/join");
        let invite = "mutation($s: ID!, $u: ID!) { inviteToSpace(input: { spaceId: $s, userId: $u }) { space { id } } }";
        for round in 0..12 {
            let remove = act(&owner, "removeFromSpace", "spaceId", &space, &guest.id);
            let (joined, removed) = tokio::join!(guest.post_empty(&join), remove);
            assert!(matches!(joined.status, 200 | 404), "{}", joined.text);
            ok(removed);
            assert_eq!(sees(&guest, &space, &session).await["space"], json!(null), "round {round}");
            ok(owner.graphql(invite, json!({ "s": space, "u": guest.id })).await);
        }
    }

    /// The owner removes a user from the session and from the space: streams end, and the audit log has
    /// entries.
    async fn owners_remove_people(server: Server) {
        let (owner, guest, admin) = (server.member("Owner").await, server.member("Guest").await, server.admin("Admin").await);
        let (space, session) = private(&owner, &guest).await;
        for (who, refusal) in [(&guest, "FORBIDDEN"), (&admin, "NOT_FOUND")] {
            let refused = act(who, "removeFromSpace", "spaceId", &space, &owner.id).await;
            assert_eq!(code(&refused), refusal, "{}", refused.text);
            let refused = act(who, "removeFromSpaceSession", "sessionId", &session, &owner.id).await;
            assert_eq!(code(&refused), refusal, "{}", refused.text);
        }
        // Removed from the session: the invitation still shows the space and allows a return.
        ok(act(&owner, "removeFromSpaceSession", "sessionId", &session, &guest.id).await);
        let again = act(&owner, "removeFromSpaceSession", "sessionId", &session, &guest.id).await;
        assert_eq!(code(&again), "NOT_FOUND", "{}", again.text);
        let say = "mutation($s: ID!) { postMessage(input: { sessionId: $s, content: \"x\" }) { message { id } } }";
        assert_eq!(code(&guest.graphql(say, json!({ "s": session })).await), "FORBIDDEN");
        assert_eq!(guest.post_empty(&format!("/api/spaces/{space}/sessions/{session}/join")).await.status, 200);
        // Removed from the space: nothing is left.
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
        // The promotion of the administrator has the same time as the first entry; their order is open.
        let lines = log["auditEvents"]["nodes"].as_array().expect("lines").iter();
        let lines: Vec<_> = lines.filter(|line| line["action"] != "ACCOUNT_PROMOTED").take(2).collect();
        assert_eq!(json!(lines), wanted, "{log}");
    }
}
