//! What an account leaves behind when it ends: nothing that its owner wrote about themselves or for themselves.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use super::*;
use crate::support::on_both;

/// A word that is in everything that has to go.
const MARK: &str = "zanzibar";

/// Every column that has the mark in it, as `table.column`.
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
    async fn nothing_of_its_owner_is_left(server: Server) {
        let admin = server.admin("Boss").await;
        let owner = server.member("Owner").await;
        let ann = server.member("Zanzibar").await;
        ok(sign_in(&server, "zanzibar@example.com", PASSWORD).await);
        ok(ann.post("/api/creator/api-keys", json!({ "name": MARK })).await);
        done(&ann, "mutation($n: String!, $i: String!) { updateProfile(input: { name: $n, image: $i }) { id } }",
            json!({ "n": MARK, "i": format!("https://{MARK}.example/me.png") })).await;
        done(&ann, "mutation($i: CreateAgentListingInput!) { createAgentListing(input: $i) { id } }", json!({ "i": {
            "agentName": "Helper", "description": MARK, "systemPrompt": MARK, "welcome": MARK, "avatarUrl": format!("https://{MARK}.example/a.png"),
            "knowledge": [{ "title": MARK, "text": MARK }],
        } })).await;
        ok(ann.post("/api/spaces", json!({ "name": MARK, "description": MARK })).await);
        let lounge = json!({ "name": "Lounge", "voiceSamplesUrl": format!("https://{MARK}.example/voice.zip") });
        ok(ann.post("/api/lounge", lounge).await);
        // In a community of another: under a name of their own, as a customer, and as one who reports and blocks.
        let club = text(&ok(owner.post("/api/communities", json!({ "name": "Club" })).await)["id"]);
        ok(ann.post_empty(&format!("/api/communities/{club}/join")).await);
        done(&ann, "mutation($c: ID!, $n: String!) { updateMembership(input: { communityId: $c, displayName: $n }) { id } }",
            json!({ "c": club, "n": MARK })).await;
        let said = ok(owner.post(&format!("/api/communities/{club}/messages"), json!({ "content": "hello" })).await);
        let id = said.get("id").or(said["message"].get("id")).cloned().unwrap_or_default();
        done(&ann, "mutation($m: ID!, $n: String!) { createReport(input: { messageId: $m, reason: SPAM, note: $n }) { id } }", json!({ "m": id, "n": MARK })).await;
        done(&ann, "mutation($u: ID!, $n: String!) { blockUser(input: { userId: $u, label: $n }) { userId } }", json!({ "u": admin.id, "n": MARK })).await;
        let shop = text(&ok(owner.post("/api/communities", json!({ "name": "Shop", "type": "official", "csMode": "human_only" })).await)["id"]);
        let chat = text(&ok(ann.post_empty(&format!("/api/communities/{shop}/start-chat")).await)["conversationId"]);
        ok(owner.post(&format!("/api/communities/{shop}/accept-transfer"), json!({ "conversationId": chat })).await);
        ok(owner.post(&format!("/api/communities/{shop}/resolve"), json!({ "conversationId": chat })).await);
        done(&ann, "mutation($c: ID!, $t: String!) { rateSupportChat(input: { conversationId: $c, rating: 5, comment: $t }) { id } }",
            json!({ "c": chat, "t": MARK })).await;
        // What requests came to: their own, and that of another about them.
        let anon = ann.request(reqwest::Method::POST, "/api/spaces").header("idempotency-key", "one").json(&json!({ "name": MARK }));
        ok(ann.send(anon).await);
        for (key, query) in [
            ("two", "mutation($u: ID!) { banUser(input: { userId: $u, reason: \"spam\" }) { id } }"),
            ("three", "mutation($u: ID!) { unbanUser(input: { userId: $u }) { id } }"),
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
        assert!(done(&ann, "mutation($p: String!) { deleteAccount(input: { password: $p }) }", json!({ "p": PASSWORD })).await["deleteAccount"] == true);
        assert_eq!(marked(&server).await, Vec::<String>::new());
        let left = |table: &str, column: &str| format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} = '{}'", ann.id);
        for (table, column) in [("login_sessions", "user_id"), ("known_devices", "user_id"), ("api_keys", "user_id"), ("credentials", "user_id"), ("memberships", "user_id")] {
            let count = Statement::from_string(server.app.db.backend(), left(table, column));
            let row = server.app.db.read().query_one_raw(count).await.expect("counts").expect("a row");
            let count: i64 = row.try_get("", "n").expect("a number");
            // Who created a community stays its creator, closed as it is.
            assert!(count == 0 || (table == "memberships" && count == 1), "{table}: {count}");
        }
        // What another asked for is found again, and not done twice.
        let body = json!({ "query": "mutation($u: ID!) { banUser(input: { userId: $u, reason: \"spam\" }) { id } }", "variables": { "u": ann.id } });
        let again = admin.send(admin.request(reqwest::Method::POST, "/graphql").header("idempotency-key", "two").json(&body)).await;
        assert!(!again.text.contains(MARK), "{}", again.text);
    }

    /// What a request wrote that had begun before the account ended is cleared a moment later.
    async fn what_was_on_its_way_is_cleared_too(server: Server) {
        let ann = server.member("Ann").await;
        let found = plaza::domain::accounts::identify(&server.app, &ann.token).await.expect("answers").expect("is known");
        done(&ann, "mutation($p: String!) { deleteAccount(input: { password: $p }) }", json!({ "p": PASSWORD })).await;
        let late = plaza::domain::agents::NewListing {
            agent_name: "Late".to_owned(),
            system_prompt: Some(MARK.to_owned()),
            ..Default::default()
        };
        plaza::domain::agents::create(&server.app, &found.user, late).await.expect("is made");
        assert_eq!(marked(&server).await, ["agent_listings.system_prompt"]);
        plaza::domain::accounts::clear_deleted(&server.app).await.expect("clears");
        assert_eq!(marked(&server).await, Vec::<String>::new());
        server.app.clock.advance(std::time::Duration::from_secs(3600));
        server.statements();
        plaza::domain::accounts::clear_deleted(&server.app).await.expect("clears");
        assert_eq!(server.statements().len(), 1, "nothing is left to clear");
    }
}
