//! Both databases find the same messages for the same words.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement, Value as Bound};
use serde_json::{Value, json};
use terms::search_text;

use crate::support::{Caller, Server, on_both};

const TEXTS: [&str; 13] = [
    "Straßenfest in der GRÜNEN Gasse",
    "L'été, c’est l'homme qui décide: a_b@example.com",
    "Съешь ещё этих мягких булок",
    "東京都の天気はどうですか",
    "학교에서 친구를 만났다",
    "ภาษาไทยไม่เว้นวรรค",
    "हिन्दी में खोज 3.14 v1e5",
    "🎉🎉🎉",
    "Un café à İSTANBUL",
    "Hava DIŞARI çıkmak için güzel",
    "قرأتُ كِتابًا",
    "שָׁלוֹם לכולם",
    "ガイド",
];

/// A query, and the texts that match.
const SOUGHT: [(&str, &[usize]); 29] = [
    ("STRASSENFEST", &[0]),
    ("grü", &[0]),
    ("gasse straßenfest", &[0]),
    ("gasse homme", &[]),
    ("homme", &[1]),
    ("example.com", &[1]),
    ("булок съе", &[2]),
    ("天気", &[3]),
    ("都", &[3]),
    ("か", &[3]),
    ("東京の", &[]),
    ("친구", &[4]),
    ("다", &[4]),
    ("ไทย", &[5]),
    ("हिन्दी", &[6]),
    ("3.14 v1e5", &[6]),
    ("et", &[1]),
    ("homme NOT décide* OR \"", &[]),
    ("l décide a", &[1]),
    // Without optional marks.
    ("cafe", &[8]),
    ("CAFÉ istanbul", &[8]),
    ("ıstanbul", &[8]),
    ("dışarı", &[9]),
    ("disari", &[9]),
    ("كتابا", &[10]),
    ("שלום", &[11]),
    ("еще", &[2]),
    ("ｶﾞｲﾄﾞ", &[12]),
    // Marks that are parts of letters count.
    ("カイト", &[]),
];

/// Creates a room; returns its conversation.
pub async fn room(owner: &Caller) -> (String, String) {
    let club = owner.post("/api/communities", json!({ "name": "Words" })).await.json["id"].clone();
    let club = club.as_str().expect("an id").to_owned();
    let query = "query($c: ID!) { community(id: $c) { ... on Club { conversation { id } } } }";
    let answer = owner.graphql(query, json!({ "c": club })).await;
    let id = answer.json["data"]["community"]["conversation"]["id"].as_str();
    (club, id.unwrap_or_else(|| panic!("{}", answer.text)).to_owned())
}

async fn search(caller: &Caller, conversation: &str, text: &str, limit: usize) -> Vec<String> {
    let query = "query($c: ID!, $t: String!, $l: Int) { conversation(id: $c) { search(text: $t, limit: $l) { content } } }";
    let answer = caller.graphql(query, json!({ "c": conversation, "t": text, "l": limit })).await;
    let found = answer.json["data"]["conversation"]["search"].as_array();
    let found = found.unwrap_or_else(|| panic!("{text}: {}", answer.text));
    found.iter().map(|row| row["content"].as_str().expect("text").to_owned()).collect()
}

async fn execute(server: &Server, sql: &str, values: Vec<Bound>) {
    let statement = Statement::from_sql_and_values(server.app.db.backend(), sql, values);
    server.app.db.write().execute_raw(statement).await.expect(sql);
}

/// Adds messages to a conversation as if posted: `text` is SQL for the words of message `n`.
pub async fn grow(server: &Server, conversation: &str, author: &str, upto: i64, text: &str) {
    let id = uuid::Uuid::parse_str(conversation).expect("an id");
    let (numbers, new_id, time) = match server.app.db.backend() {
        DatabaseBackend::Postgres => (
            "SELECT message_count + g AS n FROM conversations, generate_series(1, $3) AS g WHERE id = $1",
            "gen_random_uuid()",
            "to_timestamp(1772719200 + n)",
        ),
        _ => (
            "SELECT message_count + value AS n FROM conversations, (WITH RECURSIVE g(value) AS (SELECT 1 UNION ALL \
             SELECT value + 1 FROM g WHERE value < $3) SELECT value FROM g) WHERE id = $1",
            "randomblob(16)",
            "strftime('%Y-%m-%dT%H:%M:%S+00:00', 1772719200 + n, 'unixepoch')",
        ),
    };
    let insert = format!(
        "INSERT INTO messages (id, conversation_id, seq, number, author_id, kind, content, search_text, is_incomplete, \
         created_at) SELECT {new_id}, $1, n, n, $2, 'text', {text}, {text}, FALSE, {time} FROM ({numbers}) AS numbers"
    );
    execute(server, &insert, vec![id.into(), author.into(), upto.into()]).await;
    let count = "UPDATE conversations SET message_count = message_count + $2, last_seq = last_seq + $2, \
                 last_micros = (1772719200 + message_count + $2) * 1000000 WHERE id = $1";
    execute(server, count, vec![id.into(), upto.into()]).await;
}

on_both! {
    async fn both_databases_find_alike(server: Server) {
        let owner = server.member("Owner").await;
        let (club, conversation) = room(&owner).await;
        for text in TEXTS {
            let posted = owner.post(&format!("/api/communities/{club}/messages"), json!({ "content": text })).await;
            assert_eq!(posted.status, 201, "{}", posted.text);
        }
        for (sought, wanted) in SOUGHT {
            let wanted: Vec<&str> = wanted.iter().map(|at| TEXTS[*at]).collect();
            assert_eq!(search(&owner, &conversation, sought, 20).await, wanted, "{sought}");
        }
    }

    /// A search in a long conversation returns the newest first, near and far, in few reads.
    async fn long_conversations_are_searched_in_parts(server: Server) {
        let owner = server.member("Owner").await;
        let (club, conversation) = room(&owner).await;
        let (other_club, _) = room(&owner).await;
        let post = async |club: &str, content: &str| {
            let posted = owner.post(&format!("/api/communities/{club}/messages"), json!({ "content": content })).await;
            assert_eq!(posted.status, 201, "{}", posted.text);
            posted.json["id"].as_str().expect("an id").to_owned()
        };
        let first = post(&club, "Needle in the first block").await;
        post(&other_club, "needle in the other room").await;
        grow(&server, &conversation, &owner.id, 20_000, "'the word ' || n").await;
        let last = post(&club, "The needle in the last").await;
        assert_eq!(search(&owner, &conversation, "needle", 20).await, ["The needle in the last", "Needle in the first block"]);
        assert_eq!(search(&owner, &conversation, "need", 1).await, ["The needle in the last"]);
        assert_eq!(search(&owner, &conversation, "word 77", 20).await.len(), 20);
        assert_eq!(search(&owner, &conversation, "the 777", 20).await[0], "the word 7779");
        server.statements();
        assert_eq!(search(&owner, &conversation, "the", 3).await, ["The needle in the last", "the word 20001", "the word 20000"]);
        let searches = |said: Vec<String>| said.into_iter().filter(|sql| sql.contains("IS TRUE")).count();
        assert_eq!(searches(server.statements()), 1, "a frequent word is in the newest messages");
        assert_eq!(search(&owner, &conversation, "absent", 20).await, [""; 0]);
        assert_eq!(searches(server.statements()), 2, "twenty thousand messages are two blocks");

        // An edited message is found by its new words at its old position; a deleted one is not found.
        let edit = "mutation($m: ID!) { editMessage(input: { messageId: $m, content: \"A pin of the first\" }) { message { id } } }";
        assert_eq!(owner.graphql(edit, json!({ "m": first })).await.json["errors"], Value::Null);
        assert_eq!(search(&owner, &conversation, "needle", 20).await, ["The needle in the last"]);
        assert_eq!(search(&owner, &conversation, "pin", 20).await, ["A pin of the first"]);
        let newest = search(&owner, &conversation, "first", 20).await;
        assert_eq!(newest, ["A pin of the first"]);
        let delete = "mutation($m: ID!) { deleteMessage(input: { messageId: $m }) { message { id } } }";
        assert_eq!(owner.graphql(delete, json!({ "m": last })).await.json["errors"], Value::Null);
        assert_eq!(search(&owner, &conversation, "needle", 20).await, [""; 0]);

        // The total is the conversation's stored count.
        server.statements();
        let total = "query($c: ID!) { conversation(id: $c) { messages(last: 2) { totalCount nodes { number } } } }";
        let answer = owner.graphql(total, json!({ "c": conversation })).await;
        let messages = &answer.json["data"]["conversation"]["messages"];
        assert_eq!(messages, &json!({ "totalCount": 20002, "nodes": [{ "number": 20001 }, { "number": 20002 }] }));
        assert!(!server.statements().iter().any(|sql| sql.to_lowercase().contains("count(")), "nothing is counted");
    }

    /// Words that an earlier version folded are folded anew, and duplicates do not stop the migration.
    async fn what_is_stored_is_folded_anew(server: Server) {
        let owner = server.member("Owner").await;
        let (club, conversation) = room(&owner).await;
        for number in 0..3 {
            let content = format!("Crème brûlée {number}");
            let posted = owner.post(&format!("/api/communities/{club}/messages"), json!({ "content": content })).await;
            assert_eq!(posted.status, 201, "{}", posted.text);
        }
        owner.post("/api/spaces", json!({ "name": "Café" })).await;
        execute(&server, "UPDATE messages SET search_text = 'crème brûlée'", Vec::new()).await;
        execute(&server, "UPDATE spaces SET name_fold = 'café'", Vec::new()).await;
        execute(&server, "UPDATE communities SET search_fold = 'WORDS'", Vec::new()).await;
        let club_id = uuid::Uuid::parse_str(&club).expect("an id");
        for (id, title, fold) in [(1_u128, "Résumé", "résumé"), (2, "Resume", "resume"), (3, "Été", "été")] {
            let canned = "INSERT INTO canned_answers (id, community_id, title, title_fold, text, created_at, updated_at) \
                          SELECT $1, $2, $3, $4, 'text', created_at, created_at FROM communities WHERE id = $2";
            let values = vec![uuid::Uuid::from_u128(id).into(), club_id.into(), title.into(), fold.into()];
            execute(&server, canned, values).await;
        }
        assert_eq!(search(&owner, &conversation, "creme", 20).await, [""; 0]);
        execute(&server, "DELETE FROM seaql_migrations WHERE version LIKE '%search_fold' OR version LIKE '%\\_folds' ESCAPE '\\'", Vec::new()).await;
        server.app.db.migrate().await.expect("the migration runs again");
        assert_eq!(search(&owner, &conversation, "creme BRULEE 2", 20).await, ["Crème brûlée 2"]);
        let found = owner.get("/api/spaces?search=CAFE").await;
        assert_eq!(found.json["spaces"][0]["name"], "Café", "{}", found.text);
        let sql = "SELECT title_fold FROM canned_answers ORDER BY id";
        let rows = server.app.db.read().query_all_raw(Statement::from_string(server.app.db.backend(), sql)).await;
        let folds: Vec<String> =
            rows.expect("reads").iter().map(|row| row.try_get("", "title_fold").expect("text")).collect();
        assert_eq!(folds, ["résumé", "resume", "ete"]);
        assert_eq!(search_text("Crème"), "creme");
    }

    /// Names are found as people type them: spaces, communities, accounts.
    async fn names_are_found_as_they_are_typed(server: Server) {
        let admin = server.admin("Admin").await;
        let rename = "mutation($n: String!) { updateProfile(input: { name: $n }) { viewer { name } } }";
        let names = [
            ("Liam O\u{2019}Neill", "o'neill"),
            ("Anne\u{2011}Marie", "anne-marie"),
            ("Guðmundur Þór", "gudmundur thor"),
            ("مدرسة إقرأ ٢٠٢٦", "مدرسه اقرا 2026"),
            ("さくらカフェ", "サクラｶﾌｪ"),
            ("שָׁלוֹם", "שלום"),
        ];
        for (number, (name, typed)) in names.into_iter().enumerate() {
            let owner = server.member(&format!("Owner{number}")).await;
            assert_eq!(owner.post("/api/spaces", json!({ "name": name })).await.status, 201);
            assert_eq!(owner.post("/api/communities", json!({ "name": name })).await.status, 201);
            let renamed = owner.graphql(rename, json!({ "n": name })).await;
            assert_eq!(renamed.json["data"]["updateProfile"]["viewer"]["name"], name, "{}", renamed.text);
            for (path, list) in [("/api/spaces", "spaces"), ("/api/communities", "communities"), ("/api/admin/users", "users")] {
                let search: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
                let found = admin.get(&format!("{path}?search={search}")).await;
                assert_eq!(found.json[list][0]["name"], name, "{path} {typed}: {}", found.text);
                assert_eq!(found.json["total"], 1, "{path} {typed}: {}", found.text);
            }
        }
    }
}
