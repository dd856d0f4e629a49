//! Deleting an account removes everything that its owner wrote about or for themselves.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use super::*;
use crate::support::on_both;

/// A marker word in all data that must be removed.
const MARK: &str = "zanzibar";

/// Returns every column that contains the marker, as `table.column`.
async fn marked(server: &Server) -> Vec<String> {
    let db = server.app.db.read();
    let (columns, text) = match server.app.db.backend() {
        DatabaseBackend::Postgres => (
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public'",
            "::text",
        ),
        _ => (
            "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' \
             AND m.name NOT LIKE 'message_words%'",
            "",
        ),
    };
    let rows =
        db.query_all_raw(Statement::from_string(server.app.db.backend(), columns)).await.expect("reads");
    let mut found = Vec::new();
    for row in rows {
        let (table, column): (String, String) =
            (row.try_get("", "t").expect("a table"), row.try_get("", "c").expect("a column"));
        let count =
            format!("SELECT COUNT(*) AS n FROM \"{table}\" WHERE LOWER(\"{column}\"{text}) LIKE '%{MARK}%'");
        let count = Statement::from_string(server.app.db.backend(), count);
        let count = db.query_one_raw(count).await.expect("counts").expect("a row");
        if count.try_get::<i64>("", "n").expect("a number") > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found.sort();
    found
}

async fn done(caller: &Caller, query: &str, variables: Value) -> Value {
    ok(caller.graphql(query, variables).await)["data"].clone()
}

on_both! {
    /// Neither the alias nor the label of a deleted account is left in the stored results of others.
    async fn others_results_lose_its_names(server: Server) {
        let (owner, ann) = (server.member("Owner").await, server.member("Ann").await);
        let club = text(&ok(owner.post("/api/communities", json!({ "name": "Club" })).await)["id"]);
        ok(ann.post_empty(&format!("/api/communities/{club}/join")).await);
        done(&ann, "mutation($c: ID!, $n: String!) { updateMembership(input: { communityId: $c, displayName: $n }) { membership { id } } }",
            json!({ "c": club, "n": MARK })).await;
        let said = ok(ann.post(&format!("/api/communities/{club}/messages"), json!({ "content": "hello" })).await);
        let message = said.get("id").or(said["message"].get("id")).cloned().unwrap_or_default();
        for (key, query) in [
            ("report", "mutation($m: ID!) { createReport(input: { messageId: $m, reason: SPAM }) { report { id } } }"),
            ("block", "mutation($u: ID!, $n: String!) { blockUser(input: { userId: $u, label: $n }) { blockedUser { userId } } }"),
        ] {
            let body = json!({ "query": query, "variables": { "m": message, "u": ann.id, "n": MARK } });
            ok(owner.send(owner.request(reqwest::Method::POST, "/graphql").header("idempotency-key", key).json(&body)).await);
        }
        assert!(marked(&server).await.contains(&"idempotency_keys.results".to_owned()));
        done(&ann, "mutation($p: String!) { deleteAccount(input: { password: $p }) { deletedId } }", json!({ "p": PASSWORD })).await;
        assert_eq!(marked(&server).await, Vec::<String>::new());
    }

    async fn nothing_of_its_owner_is_left(server: Server) {
        let admin = server.admin("Boss").await;
        let owner = server.member("Owner").await;
        let ann = server.member("Zanzibar").await;
        ok(sign_in(&server, "zanzibar@example.com", PASSWORD).await);
        ok(ann.post("/api/creator/api-keys", json!({ "name": MARK })).await);
        done(&ann, "mutation($n: String!, $i: String!) { updateProfile(input: { name: $n, image: $i }) { viewer { id } } }",
            json!({ "n": MARK, "i": format!("https://{MARK}.example/me.png") })).await;
        done(&ann, "mutation($i: CreateAgentListingInput!) { createAgentListing(input: $i) { agentListing { id } } }", json!({ "i": {
            "agentName": "Helper", "description": MARK, "systemPrompt": MARK, "welcome": MARK, "avatarUrl": format!("https://{MARK}.example/a.png"),
            "knowledge": [{ "title": MARK, "text": MARK }],
        } })).await;
        ok(ann.post("/api/spaces", json!({ "name": MARK, "description": MARK })).await);
        let lounge = json!({ "name": "Lounge", "voiceSamplesUrl": format!("https://{MARK}.example/voice.zip") });
        ok(ann.post("/api/lounge", lounge).await);
        // In another user's community: with a display name, as a customer, a reporter and a blocking user.
        let club = text(&ok(owner.post("/api/communities", json!({ "name": "Club" })).await)["id"]);
        ok(ann.post_empty(&format!("/api/communities/{club}/join")).await);
        done(&ann, "mutation($c: ID!, $n: String!) { updateMembership(input: { communityId: $c, displayName: $n }) { membership { id } } }",
            json!({ "c": club, "n": MARK })).await;
        let said = ok(owner.post(&format!("/api/communities/{club}/messages"), json!({ "content": "hello" })).await);
        let id = said.get("id").or(said["message"].get("id")).cloned().unwrap_or_default();
        done(&ann, "mutation($m: ID!, $n: String!) { createReport(input: { messageId: $m, reason: SPAM, note: $n }) { report { id } } }", json!({ "m": id, "n": MARK })).await;
        done(&ann, "mutation($u: ID!, $n: String!) { blockUser(input: { userId: $u, label: $n }) { blockedUser { userId } } }", json!({ "u": admin.id, "n": MARK })).await;
        let shop = text(&ok(owner.post("/api/communities", json!({ "name": "Shop", "type": "official", "csMode": "human_only" })).await)["id"]);
        let chat = text(&ok(ann.post_empty(&format!("/api/communities/{shop}/start-chat")).await)["conversationId"]);
        ok(owner.post(&format!("/api/communities/{shop}/accept-transfer"), json!({ "conversationId": chat })).await);
        ok(owner.post(&format!("/api/communities/{shop}/resolve"), json!({ "conversationId": chat })).await);
        done(&ann, "mutation($c: ID!, $t: String!) { rateSupportChat(input: { conversationId: $c, rating: 5, comment: $t }) { supportChat { id } } }",
            json!({ "c": chat, "t": MARK })).await;
        // Stored results: of the account, and of another user about the account.
        let anon = ann.request(reqwest::Method::POST, "/api/spaces").header("idempotency-key", "one").json(&json!({ "name": MARK }));
        ok(ann.send(anon).await);
        for (key, query) in [
            ("two", "mutation($u: ID!) { banUser(input: { userId: $u, reason: \"spam\" }) { account { id } } }"),
            ("three", "mutation($u: ID!) { unbanUser(input: { userId: $u }) { account { id } } }"),
        ] {
            let body = json!({ "query": query, "variables": { "u": ann.id } });
            ok(admin.send(admin.request(reqwest::Method::POST, "/graphql").header("idempotency-key", key).json(&body)).await);
        }
        let before = marked(&server).await;
        for column in [
            "agent_knowledge.text", "agent_listings.system_prompt", "api_keys.name", "blocks.label", "conversation_events.alias",
            "idempotency_keys.results", "lounges.voice_samples_url", "reports.note", "spaces.name", "support_episodes.comment", "users.email", "users.name",
        ] {
            assert!(before.contains(&column.to_owned()), "{column} is not in {before:?}");
        }
        assert!(done(&ann, "mutation($p: String!) { deleteAccount(input: { password: $p }) { deletedId } }", json!({ "p": PASSWORD })).await["deleteAccount"]["deletedId"] == ann.id);
        assert_eq!(marked(&server).await, Vec::<String>::new());
        let left = |table: &str, column: &str| format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} = '{}'", ann.id);
        for (table, column) in [("login_sessions", "user_id"), ("known_devices", "user_id"), ("api_keys", "user_id"), ("credentials", "user_id"), ("memberships", "user_id")] {
            let count = Statement::from_string(server.app.db.backend(), left(table, column));
            let row = server.app.db.read().query_one_raw(count).await.expect("counts").expect("a row");
            let count: i64 = row.try_get("", "n").expect("a number");
            // The creator of an archived community stays its creator.
            assert!(count == 0 || (table == "memberships" && count == 1), "{table}: {count}");
        }
        // Another user's repeated request returns the stored result and has no second effect.
        let body = json!({ "query": "mutation($u: ID!) { banUser(input: { userId: $u, reason: \"spam\" }) { account { id } } }", "variables": { "u": ann.id } });
        let again = admin.send(admin.request(reqwest::Method::POST, "/graphql").header("idempotency-key", "two").json(&body)).await;
        assert!(!again.text.contains(MARK), "{}", again.text);
    }

    /// Data of a request that began before the deletion is cleared shortly after it.
    async fn concurrent_writes_are_cleared_too(server: Server) {
        let ann = server.member("Ann").await;
        let found = plaza::domain::accounts::identify(&server.app, &ann.token).await.expect("answers").expect("is known");
        done(&ann, "mutation($p: String!) { deleteAccount(input: { password: $p }) { deletedId } }", json!({ "p": PASSWORD })).await;
        let bob = server.member("Bob").await;
        let late = plaza::domain::agents::NewListing {
            agent_name: "Late".to_owned(),
            system_prompt: Some(MARK.to_owned()),
            ..Default::default()
        };
        assert!(plaza::domain::agents::create(&server.app, &found.user, late).await.is_err());
        let label = Some(MARK.to_owned());
        plaza::domain::blocks::block(&server.app, &found.user, &bob.id, label).await.expect("is made");
        assert_eq!(marked(&server).await, ["blocks.label"]);
        plaza::domain::account_deletion::clear_deleted(&server.app).await.expect("clears");
        assert_eq!(marked(&server).await, Vec::<String>::new());
        server.app.clock.advance(std::time::Duration::from_secs(3600));
        server.statements();
        plaza::domain::account_deletion::clear_deleted(&server.app).await.expect("clears");
        assert_eq!(server.statements().len(), 1, "nothing is left to clear");
    }
}
