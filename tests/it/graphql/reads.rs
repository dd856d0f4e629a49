//! Unread counts and previews, and the cost of reads: statements and query plans of both databases.

use plaza::database::Database;
use sea_orm::{ConnectionTrait, DatabaseBackend};
use serde_json::{Value, json};

use super::conversations::{chat, join, post};
use crate::{
    support::{Caller, on_both, plan},
    words::{grow, room},
};

/// Returns a user's unread count of a conversation, by GraphQL and REST.
async fn left(caller: &Caller, conversation: &str) -> (i64, Option<String>) {
    let query = "query($c: ID!) { conversation(id: $c) { unreadCount lastMessage { content } } \
                 viewer { conversations { nodes { id unreadCount lastMessage { content } } } } }";
    let answer = caller.graphql(query, json!({ "c": conversation })).await;
    let data = &answer.json["data"];
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    let read = |row: &Value| {
        (
            row["unreadCount"].as_i64().expect("a number"),
            row["lastMessage"]["content"].as_str().map(str::to_owned),
        )
    };
    let one = read(&data["conversation"]);
    let in_list = |rows: &Value| {
        let rows = rows.as_array().expect("a list");
        read(rows.iter().find(|row| row["id"] == conversation).expect("is listed"))
    };
    assert_eq!(in_list(&data["viewer"]["conversations"]["nodes"]), one);
    let rest = caller.get("/api/conversations").await;
    assert_eq!(in_list(&rest.json["conversations"]), one, "{}", rest.text);
    one
}

fn says(text: &str) -> Option<String> {
    Some(text.to_owned())
}

on_both! {
    /// Unread counts and previews leave out deleted messages and those of blocked users.
    async fn unreadable_conversations_do_not_count(server: Server) {
        let owner = server.member("Owner").await;
        let (guest, third) = (server.member("Guest").await, server.member("Third").await);
        let (session, chat) = chat(&owner).await;
        join(&guest, &session).await;
        join(&third, &session).await;
        let mut posted = Vec::new();
        for content in ["one", "two", "three"] {
            posted.push(post(&owner, &chat, content).await["id"].as_str().expect("an id").to_owned());
        }
        assert_eq!(left(&guest, &chat).await, (3, says("three")));
        let delete = "mutation($m: ID!) { deleteMessage(input: { messageId: $m }) { message { id } } }";
        owner.graphql(delete, json!({ "m": posted[1] })).await;
        assert_eq!(left(&guest, &chat).await, (2, says("three")));
        owner.graphql(delete, json!({ "m": posted[2] })).await;
        assert_eq!(left(&guest, &chat).await, (1, says("one")));
        assert_eq!(left(&owner, &chat).await, (0, says("one")));

        // A deleted message before the read mark was read, and is not subtracted again.
        let mark = "mutation($c: ID!) { markRead(input: { conversationId: $c }) { conversation { unreadCount } } }";
        assert_eq!(guest.graphql(mark, json!({ "c": chat })).await.json["data"]["markRead"]["conversation"]["unreadCount"], 0);
        post(&owner, &chat, "four").await;
        owner.graphql(delete, json!({ "m": posted[0] })).await;
        assert_eq!(left(&guest, &chat).await, (1, says("four")));

        // A blocked user; other readers are not affected.
        post(&third, &chat, "five").await;
        assert_eq!(left(&guest, &chat).await, (2, says("five")));
        let block = "mutation($u: ID!) { blockUser(input: { userId: $u }) { blockedUser { __typename } } }";
        let blocked = guest.graphql(block, json!({ "u": third.id })).await;
        assert!(blocked.json["errors"].is_null(), "{}", blocked.text);
        assert_eq!(left(&guest, &chat).await, (1, says("four")));
        assert_eq!(left(&owner, &chat).await, (1, says("five")));
        let unblock = "mutation($u: ID!) { unblockUser(input: { userId: $u }) { deletedId } }";
        let freed = guest.graphql(unblock, json!({ "u": third.id })).await;
        assert!(freed.json["errors"].is_null(), "{}", freed.text);
        assert_eq!(left(&guest, &chat).await, (2, says("five")));

        // The inbox has the same counts.
        let mut socket = server.socket().by(&guest).await;
        let query = "subscription { inbox { conversations { unreadCount lastMessage { content } } } }";
        socket.subscribe("1", query, json!({})).await;
        let first = socket.hear().await;
        let row = &first["payload"]["data"]["inbox"]["conversations"][0];
        assert_eq!(row, &json!({ "unreadCount": 2, "lastMessage": { "content": "five" } }), "{first}");
    }

    /// A list of conversations takes as many statements as one conversation.
    async fn lists_take_no_statement_a_row(server: Server) {
        let owner = server.member("Owner").await;
        let ask = async || {
            server.statements();
            let answer = owner.get("/api/conversations").await;
            // A session is confirmed again after ten seconds.
            let statements = server.statements().into_iter().filter(|sql| !sql.contains("login_sessions"));
            (answer.json["conversations"].as_array().expect("a list").len(), statements.count())
        };
        for _ in 0..2 {
            room(&owner).await;
        }
        let (few, statements) = ask().await;
        for _ in 0..5 {
            room(&owner).await;
        }
        let (many, same) = ask().await;
        assert_eq!((few, many), (2, 7));
        assert_eq!(statements, same);
    }

    /// None of these statements scans a growing table.
    async fn nothing_reads_a_whole_table(server: Server) {
        let owner = server.member("Owner").await;
        let (_, conversation) = room(&owner).await;
        grow(&server, &conversation, &owner.id, 20_000, "'the word ' || n").await;
        others(&server.app.db).await;
        server.statements();
        let query = "query($c: ID!, $a: String) { conversation(id: $c) { unreadCount lastMessage { content } \
                     search(text: \"absent word\") { id } \
                     first: messages(first: 20, after: $a) { totalCount nodes { content author { name } } pageInfo { endCursor } } \
                     last: messages(last: 20, before: $a) { nodes { content } } } }";
        let answer = owner.graphql(query, json!({ "c": conversation, "a": null })).await;
        assert!(answer.json["errors"].is_null(), "{}", answer.text);
        let cursor = answer.json["data"]["conversation"]["first"]["pageInfo"]["endCursor"].clone();
        let answer = owner.graphql(query, json!({ "c": conversation, "a": cursor })).await;
        assert!(answer.json["errors"].is_null(), "{}", answer.text);
        owner.get("/api/conversations").await;
        owner.get(&format!("/api/conversations/{conversation}/messages?before=2030-01-01T00:00:00Z")).await;
        let mut said = server.statements();
        said.retain(|sql| sql.starts_with("SELECT"));
        said.sort_unstable();
        said.dedup();
        assert!(said.len() > 8, "{said:#?}");
        for sql in said {
            let plan = plan(&server.app.db, &sql, "on").await;
            let scans = |line: &&String| {
                let line = line.trim();
                // SQLite names the alias; the search bounds the rows of the full-text index.
                let alias = line.strip_prefix("SCAN ").and_then(|rest| rest.split_whitespace().next());
                alias.is_some_and(|name| ["messages", "m", "conversations", "c", "kept"].contains(&name))
                    || line.contains("Seq Scan on messages")
                    || line.contains("Seq Scan on conversations")
            };
            assert!(plan.iter().find(scans).is_none(), "{sql}\n{}", plan.join("\n"));
        }
    }
}

/// Five thousand other conversations with a message each. SQLite plans without statistics, because the server
/// creates none.
async fn others(db: &Database) {
    let insert: &[&str] = match db.backend() {
        DatabaseBackend::Postgres => &[
            "INSERT INTO conversations (id, kind, scope, last_seq, message_count, last_micros, created_at) \
             SELECT gen_random_uuid(), 'room', 'room:' || g, 1, 1, g, now() FROM generate_series(1, 5000) AS g",
            "INSERT INTO messages (id, conversation_id, seq, number, kind, content, search_text, is_incomplete, created_at) \
             SELECT gen_random_uuid(), id, 1, 1, 'text', 'word', 'word', FALSE, now() FROM conversations \
             WHERE message_count = 1",
            "ANALYZE",
        ],
        _ => &[
            "INSERT INTO conversations (id, kind, scope, last_seq, message_count, last_micros, created_at) \
             WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 5000) \
             SELECT randomblob(16), 'room', 'room:' || n, 1, 1, n, '2026-01-01T00:00:00+00:00' FROM g",
            "INSERT INTO messages (id, conversation_id, seq, number, kind, content, search_text, is_incomplete, created_at) \
             SELECT randomblob(16), id, 1, 1, 'text', 'word', 'word', FALSE, '2026-01-01T00:00:00+00:00' \
             FROM conversations WHERE message_count = 1",
        ],
    };
    for sql in insert {
        db.write().execute_unprepared(sql).await.expect(sql);
    }
}
