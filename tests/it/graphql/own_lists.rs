//! The viewer's own lists: pages by cursor in both directions, one statement a page, and no scan of a growing table.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseBackend};
use serde_json::{Value, json};

use super::conversations::{chat, post};
use crate::support::{Caller, Server, on_both, plan};

/// Returns the rows of a page and its information.
async fn page(who: &Caller, list: &str, arguments: Value) -> (Vec<Value>, Value) {
    let query = format!(
        "query($first: Int, $after: String, $last: Int, $before: String) {{ viewer {{
            {list}(first: $first, after: $after, last: $last, before: $before) {{
                totalCount nodes {{ id }} edges {{ cursor node {{ id }} }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
    );
    let answer = who.graphql(&query, arguments).await;
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    let found = answer.json["data"]["viewer"][list].clone();
    let rows: Vec<Value> =
        found["nodes"].as_array().expect("rows").iter().map(|row| row["id"].clone()).collect();
    let edges: Vec<Value> =
        found["edges"].as_array().expect("edges").iter().map(|edge| edge["node"]["id"].clone()).collect();
    assert_eq!(rows, edges);
    let mut info = found["pageInfo"].clone();
    info["totalCount"] = found["totalCount"].clone();
    (rows, info)
}

/// Reads a list by pages of two, forward and backward, and returns its rows.
async fn walk(who: &Caller, list: &str, total: usize) -> Vec<Value> {
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let (rows, info) = page(who, list, json!({ "first": 2, "after": after })).await;
        assert_eq!((rows.len() <= 2, &info["totalCount"]), (true, &json!(total)));
        assert_eq!(info["hasPreviousPage"], !forward.is_empty());
        forward.extend(rows);
        after = info["endCursor"].clone();
        if info["hasNextPage"] == false {
            break;
        }
    }
    let (mut backward, mut before) = (Vec::new(), Value::Null);
    loop {
        let (rows, info) = page(who, list, json!({ "last": 2, "before": before })).await;
        backward.splice(..0, rows);
        before = info["startCursor"].clone();
        if info["hasPreviousPage"] == false {
            break;
        }
    }
    assert_eq!(forward, backward, "{list} is the same from both ends");
    assert_eq!(forward.len(), total);
    forward
}

/// Signs the user in once more, one second later.
async fn sign_in(server: &Server, address: &str) -> Caller {
    server.app.clock.advance(Duration::from_secs(3));
    let body = json!({ "email": address, "password": "a long password" });
    let answer = server.anon().post("/api/auth/sign-in/email", body).await;
    server.bearer(answer.json["token"].as_str().expect("a token"))
}

/// Fills the account with sessions, as an account has that signs in by a program.
async fn sign_in_often(server: &Server, user: &str) {
    let sql = match server.app.db.backend() {
        DatabaseBackend::Postgres => format!(
            "INSERT INTO login_sessions (id, user_id, token_hash, created_at, updated_at, expires_at) \
             SELECT gen_random_uuid(), '{user}', 'h' || n, to_timestamp(1772719200 + n), now(), '2030-01-01' \
             FROM generate_series(1, 20000) AS g(n)"
        ),
        _ => format!(
            "INSERT INTO login_sessions (id, user_id, token_hash, created_at, updated_at, expires_at) \
             WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 20000) \
             SELECT randomblob(16), '{user}', 'h' || n, strftime('%Y-%m-%dT%H:%M:%S+00:00', 1772719200 - n, 'unixepoch'), \
             '2026-01-01T00:00:00+00:00', '2030-01-01T00:00:00+00:00' FROM g"
        ),
    };
    server.app.db.write().execute_unprepared(&sql).await.expect(&sql);
    if server.app.db.backend() == DatabaseBackend::Postgres {
        server.app.db.write().execute_unprepared("ANALYZE login_sessions").await.expect("analyzes");
    }
}

on_both! {
    /// The newest session is first, and only the viewer's own are listed.
    async fn sessions_have_pages(server: Server) {
        let alice = server.member("Alice").await;
        server.member("Bob").await;
        let mut newest = alice.clone();
        for _ in 0..4 {
            newest = sign_in(&server, "alice@example.com").await;
        }
        let rows = walk(&newest, "sessions", 5).await;
        let current = "{ viewer { sessions(first: 1) { nodes { id isCurrent token } } } }";
        let first = newest.graphql(current, json!({})).await.json["data"]["viewer"]["sessions"]["nodes"][0].clone();
        assert_eq!((&first["id"], &first["isCurrent"]), (&rows[0], &json!(true)), "{first}");
        let other = alice.graphql(current, json!({})).await.json["data"]["viewer"]["sessions"]["nodes"][0].clone();
        assert_eq!((&other["isCurrent"], &other["token"]), (&json!(false), &Value::Null), "{other}");
        let found = alice.graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": rows[0] })).await;
        assert_eq!(found.json["data"]["node"]["id"], rows[0], "{}", found.text);
        let end = "mutation($id: ID!) { revokeSession(input: { loginSessionId: $id }) { viewer { id } } }";
        let ended = newest.graphql(end, json!({ "id": rows[4] })).await;
        assert!(ended.json["errors"].is_null(), "{}", ended.text);
        assert_eq!(walk(&newest, "sessions", 4).await, rows[..4]);
    }

    /// The conversation that changed last is first; an older one comes to the front with a message.
    async fn conversations_have_pages(server: Server) {
        let owner = server.member("Owner").await;
        let mut chats = Vec::new();
        for _ in 0..5 {
            server.app.clock.advance(Duration::from_secs(60));
            chats.push(Value::from(chat(&owner).await.1));
        }
        let newest_first: Vec<Value> = chats.iter().rev().cloned().collect();
        assert_eq!(walk(&owner, "conversations", 5).await, newest_first);
        server.app.clock.advance(Duration::from_secs(60));
        post(&owner, chats[1].as_str().expect("an id"), "Still there?").await;
        let rows = walk(&owner, "conversations", 5).await;
        assert_eq!(rows[..2], [chats[1].clone(), chats[4].clone()]);
        let by_rest = owner.get("/api/conversations").await.json;
        let by_rest = by_rest["conversations"].as_array().expect("rows").iter().map(|row| row["id"].clone());
        assert_eq!(by_rest.collect::<Vec<_>>(), rows, "REST has the same order");
    }

    /// A cursor of other rows is refused, as are numbers that make no sense.
    async fn foreign_cursors_are_refused(server: Server) {
        let owner = server.member("Owner").await;
        chat(&owner).await;
        let cursor = async |list: &str| page(&owner, list, json!({ "first": 1 })).await.1["endCursor"].clone();
        let (of_sessions, of_conversations) = (cursor("sessions").await, cursor("conversations").await);
        assert!(of_sessions.as_str().is_some_and(|cursor| cursor.starts_with("LoginSession:")), "{of_sessions}");
        // Without its rank, a cursor of conversations has no place.
        let text = of_conversations.as_str().expect("a cursor");
        let (name, place) = text.split_once(':').expect("a name");
        let unranked = json!(format!("{name}:{}", place.split_once('.').expect("a rank").1));
        for (list, foreign) in [
            ("sessions", &of_conversations), ("conversations", &of_sessions), ("conversations", &unranked), ("sessions", &json!("x")),
        ] {
            for argument in ["after", "before"] {
                let query = format!("query($c: String) {{ viewer {{ {list}({argument}: $c) {{ nodes {{ id }} }} }} }}");
                owner.graphql(&query, json!({ "c": foreign })).await.names_invalid(argument);
            }
        }
        let negative = owner.graphql("{ viewer { sessions(first: -1) { nodes { id } } } }", json!({})).await;
        negative.names_invalid("first");
    }

    /// A page is one statement, however long the list is, and reads its rows along an index.
    async fn a_page_reads_its_own_rows(server: Server) {
        let owner = server.member("Owner").await;
        sign_in_often(&server, &owner.id).await;
        for _ in 0..3 {
            chat(&owner).await;
        }
        // PostgreSQL scans small tables because they are small: an index must be able to serve them, too.
        for (list, table, scans) in [("sessions", "login_sessions", "on"), ("conversations", "conversations", "off")] {
            for arguments in ["first: 3", "last: 3"] {
                let query = format!("{{ viewer {{ {list}({arguments}) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }} }}");
                // The viewer is known by now, and the next statements are those of the list.
                owner.graphql("{ viewer { id } }", json!({})).await;
                server.statements();
                let answer = owner.graphql(&query, json!({})).await;
                assert_eq!(answer.json["data"]["viewer"][list]["nodes"].as_array().map(Vec::len), Some(3), "{}", answer.text);
                let mut said = server.statements();
                said.retain(|sql| sql.contains(&format!("FROM \"{table}\"")) && sql.contains("LIMIT"));
                assert_eq!(said.len(), 1, "{said:#?}");
                let plan = plan(&server.app.db, &said[0], scans).await.join("\n");
                assert!(!plan.contains(&format!("SCAN {table}")) && !plan.contains(&format!("Seq Scan on {table}")), "{plan}");
                if list == "sessions" {
                    assert!(plan.contains("ix_login_sessions_listed"), "{plan}");
                    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");
                }
            }
        }
    }
}

/// Complete lists of REST are no fields of GraphQL clients.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn complete_lists_are_for_rest() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    for list in ["allConversations", "allCreatedCommunities", "allJoinedCommunities"] {
        let answer = alice.graphql(&format!("{{ viewer {{ {list} {{ id }} }} }}"), json!({})).await;
        assert_eq!(
            answer.json["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED",
            "{}",
            answer.text
        );
    }
}
