//! No documented request to read something scans a table that grows, or sorts an unbounded number of rows.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseBackend};
use serde_json::json;

use crate::{
    support::{Caller, Server, contract::OPENAPI, on_both, plan as plan_of},
    words::{grow, room},
};

/// Rows of the large tables.
const ROWS: i64 = 20_000;
/// A sort of at least this number of rows, as PostgreSQL estimates it, is unbounded.
const UNBOUNDED: u64 = 5_000;

/// The large tables: PostgreSQL has their statistics, and plans for them as it does in production.
const LARGE: [&str; 9] = [
    "users",
    "spaces",
    "space_sessions",
    "participants",
    "communities",
    "memberships",
    "conversations",
    "messages",
    "read_marks",
];

/// Statements that count a whole table, each with the reason.
const COUNTED: [(&str, &str); 1] =
    [("COUNT(*) AS num_items FROM (SELECT \"users\".", "only administrators list accounts")];

/// Paths that stream, which would not end.
const STREAMS: [&str; 1] = ["/api/conversations/{id}/events"];

/// Fills the large tables.
async fn fill(server: &Server, owner: &str, club: &str) {
    let is_postgres = server.app.db.backend() == DatabaseBackend::Postgres;
    let club = if is_postgres { format!("'{club}'::uuid") } else { format!("X'{}'", club.replace('-', "")) };
    let numbers = if is_postgres {
        format!("generate_series(1, {ROWS}) AS g(n)")
    } else {
        format!(
            "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {ROWS}) SELECT n FROM g) AS g"
        )
    };
    let (id, time, no, json) = if is_postgres {
        ("gen_random_uuid()", "to_timestamp(1772719200 + n)", "FALSE", "'{}'::jsonb")
    } else {
        ("randomblob(16)", "strftime('%Y-%m-%dT%H:%M:%S+00:00', 1772719200 + n, 'unixepoch')", "0", "'{}'")
    };
    let list = json.replace("{}", "[]");
    for sql in [
        format!(
            "INSERT INTO users (id, email, email_fold, email_verified, name, is_admin, created_at, updated_at) \
             SELECT 'u' || n, 'u' || n || '@example.org', 'u' || n || '@example.org', {no}, 'User ' || n, {no}, {time}, {time} FROM {numbers}"
        ),
        format!(
            "INSERT INTO spaces (id, owner_id, name, name_fold, description, category, tags, definition, is_public, created_at, updated_at) \
             SELECT {id}, 'u' || n, 'Space ' || n, 'space ' || n, '', 'c' || (n % 20), {list}, {json}, n % 20 <> 0, {time}, {time} FROM {numbers}"
        ),
        format!(
            "INSERT INTO space_sessions (id, space_id, status, state, version, prize_pool, created_at, updated_at) \
             SELECT {id}, id, 'waiting', {json}, 0, 0, created_at, created_at FROM spaces"
        ),
        format!(
            "INSERT INTO participants (id, session_id, user_id, role, control_mode, is_connected, joined_at) \
             SELECT {id}, s.id, p.owner_id, 'player', 'human', TRUE, s.created_at \
             FROM space_sessions AS s JOIN spaces AS p ON p.id = s.space_id"
        ),
        format!(
            "INSERT INTO communities (id, creator_id, kind, name, description, search_fold, join_fee, monthly_fee, agent_call_fee, \
             status, member_count, category, verified, cs_mode, created_at, updated_at) \
             SELECT {id}, 'u' || n, 'club', 'Club ' || n, 'Text', 'club ' || n || ' text', 0, 0, 0, 'active', n % 50, 'c' || (n % 20), \
             {no}, 'ai_only', {time}, {time} FROM {numbers}"
        ),
        format!(
            "INSERT INTO memberships (id, community_id, user_id, role, role_rank, joined_at, is_cancelled) \
             SELECT {id}, id, creator_id, 'creator', 0, created_at, {no} FROM communities WHERE creator_id <> '{owner}'"
        ),
        format!(
            "INSERT INTO memberships (id, community_id, user_id, role, role_rank, joined_at, is_cancelled) \
             SELECT {id}, {club}, 'u' || n, 'member', 2, {time}, {no} FROM {numbers}"
        ),
        format!(
            "INSERT INTO conversations (id, kind, scope, community_id, last_seq, message_count, last_micros, created_at) \
             SELECT id, 'room', 'filled:' || name, id, 0, 0, 0, created_at FROM communities WHERE creator_id <> '{owner}'"
        ),
        "INSERT INTO read_marks (conversation_id, user_id, number, updated_at) \
             SELECT c.id, m.user_id, 0, c.created_at FROM conversations AS c JOIN memberships AS m ON m.community_id = c.community_id \
             WHERE c.scope LIKE 'filled:%'".to_owned(),
    ] {
        server.app.db.write().execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    if is_postgres {
        server.app.db.write().execute_unprepared("ANALYZE").await.expect("analyzes");
    }
}

/// Asks for everything that the documents can read, as users that have it; returns the paths.
async fn read_everything(server: &Server, owner: &Caller, club: &str, conversation: &str) -> Vec<String> {
    let (member, admin) = (server.member("Member").await, server.admin("Admin").await);
    assert_eq!(member.post_empty(&format!("/api/communities/{club}/join")).await.status, 200);
    let id = |answer: &crate::support::Answer| {
        answer.json["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    };
    let space = id(&owner.post("/api/spaces", json!({ "name": "Own", "isPublic": false })).await);
    owner.post_empty(&format!("/api/spaces/{space}/sessions")).await;
    let shop = id(&owner.post("/api/communities", json!({ "name": "Shop", "type": "official" })).await);
    let lounge = id(&owner.post("/api/lounge", json!({ "name": "Lounge" })).await);
    let shop = format!("/api/communities/{shop}");
    let chat = member.post_empty(&format!("{shop}/start-chat")).await.json["conversationId"].clone();
    let chat = chat.as_str().expect("an id");
    member.post_empty(&format!("{shop}/transfer-human")).await;
    owner.post(&format!("{shop}/verify"), json!({ "businessName": "Shop" })).await;
    owner.post("/api/creator/api-keys", json!({ "name": "robot" })).await;
    let club = format!("/api/communities/{club}");
    let conversation = format!("/api/conversations/{conversation}/messages");
    let asked = [
        (owner, "/api/auth/get-session".to_owned()),
        (owner, "/api/creator/api-keys".to_owned()),
        (owner, "/api/creator/api-keys/whoami".to_owned()),
        (&admin, "/api/admin/users".to_owned()),
        (&admin, "/api/admin/audit-events".to_owned()),
        (&admin, "/api/admin/verification-requests".to_owned()),
        (owner, format!("{club}/agents")),
        (owner, "/api/communities".to_owned()),
        (owner, "/api/communities?sort=newest&page=3".to_owned()),
        (owner, "/api/communities?category=c1&type=club".to_owned()),
        (owner, "/api/communities?category=c1&search=club+19".to_owned()),
        (owner, "/api/communities?search=club+19".to_owned()),
        (owner, "/api/communities?type=club&search=club+19".to_owned()),
        (&member, club.clone()),
        (&member, format!("{club}/members")),
        (&member, format!("{club}/members?role=moderator")),
        (owner, "/api/communities/my".to_owned()),
        (&member, "/api/communities/joined".to_owned()),
        (owner, "/api/creator/community".to_owned()),
        (&member, format!("{club}/messages")),
        (&member, format!("{club}/messages?before=2026-03-05T15:00:00Z&limit=100")),
        (&member, conversation.clone()),
        (&member, format!("{conversation}?before=2026-03-05T15:00:00Z")),
        (&member, "/api/conversations".to_owned()),
        (owner, "/api/conversations".to_owned()),
        (&member, format!("/api/conversations/{chat}/messages")),
        (&member, format!("/api/lounge/{lounge}")),
        (owner, format!("/api/lounge/{lounge}/dashboard")),
        (&member, format!("{shop}/cs-status?conversationId={chat}")),
        (owner, format!("{shop}/cs-queue")),
        (owner, "/api/spaces".to_owned()),
        (owner, "/api/spaces?page=3&category=c1".to_owned()),
        (owner, "/api/spaces?search=space+19".to_owned()),
        (owner, "/api/spaces?search=space+19&category=c1".to_owned()),
        (owner, format!("/api/spaces/{space}")),
        (owner, format!("/api/spaces/{space}/sessions")),
        (owner, "/api/creator/spaces".to_owned()),
        (owner, "/api/spaces/owned".to_owned()),
        (owner, "/api/wallet/balance".to_owned()),
        (owner, "/api/wallet/transactions".to_owned()),
    ];
    server.statements();
    let mut paths = Vec::new();
    for (caller, path) in asked {
        let answer = caller.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        paths.push(path);
    }
    paths
}

/// Returns whether a path is one of the document's path.
fn fits(template: &str, path: &str) -> bool {
    let sent: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
    let parts: Vec<&str> = template.split('/').collect();
    parts.len() == sent.len()
        && parts.iter().zip(&sent).all(|(part, sent)| part.starts_with('{') || part == sent)
}

/// Returns the lines of a plan of SQLite that scan a table: not a result within the statement, or a full-text index.
fn scans(plan: &[String], is_page: bool) -> Vec<String> {
    let within = |name: &str| {
        let made = |line: &String| {
            line.ends_with(&format!("MATERIALIZE {name}")) || line.ends_with(&format!("CO-ROUTINE {name}"))
        };
        name.starts_with('(') || name == "CONSTANT" || plan.iter().any(made)
    };
    let scan = |line: &&String| {
        let name = line.trim().strip_prefix("SCAN ").and_then(|rest| rest.split_whitespace().next());
        // A walk along an index ends with the page.
        let is_walk =
            is_page && line.contains(" USING ") && !plan.iter().any(|line| line.contains("USE TEMP B-TREE"));
        name.is_some_and(|name| !within(name)) && !line.contains("VIRTUAL TABLE INDEX") && !is_walk
    };
    plan.iter().filter(scan).cloned().collect()
}

/// Returns the lines of a plan of PostgreSQL that scan one of these tables, or sort too much.
fn faults(plan: &[String], of: impl Fn(&str) -> bool) -> Vec<String> {
    let fault = |line: &&String| {
        let table = line.split("Seq Scan on ").nth(1).and_then(|rest| rest.split_whitespace().next());
        let rows = line.split("rows=").nth(1).and_then(|rest| rest.split_whitespace().next());
        let rows: u64 = rows.and_then(|rows| rows.parse().ok()).unwrap_or_default();
        table.is_some_and(&of)
            || (line.trim_start_matches([' ', '-', '>']).starts_with("Sort ") && rows >= UNBOUNDED)
    };
    plan.iter().filter(fault).cloned().collect()
}

on_both! {
    async fn nothing_scans_or_sorts_a_growing_table(server: Server) {
        let owner = server.member("Owner").await;
        let (club, conversation) = room(&owner).await;
        grow(&server, &conversation, &owner.id, ROWS, "'the word ' || n").await;
        fill(&server, &owner.id, &club).await;
        let paths = read_everything(&server, &owner, &club, &conversation).await;
        let documented = OPENAPI["paths"].as_object().expect("paths");
        for (template, _) in documented.iter().filter(|(_, item)| item["get"].is_object()) {
            let is_asked = paths.iter().any(|path| fits(template, path)) || STREAMS.contains(&template.as_str());
            assert!(is_asked, "nothing asks for {template}");
        }
        let said: BTreeSet<String> = server.statements().into_iter().filter(|sql| !sql.starts_with("INSERT")).collect();
        assert!(said.len() > 30, "{said:#?}");
        let db = &server.app.db;
        let mut found = Vec::new();
        let is_counted = |sql: &&String| COUNTED.iter().any(|(counted, _)| sql.contains(counted));
        for sql in said.iter().filter(|sql| sql.starts_with("SELECT") && !is_counted(sql)) {
            let plan = plan_of(db, sql, "on").await;
            let mut wrong = match db.backend() {
                DatabaseBackend::Postgres => faults(&plan, |table| LARGE.contains(&table)),
                _ => scans(&plan, sql.contains(" LIMIT ")),
            };
            if db.backend() == DatabaseBackend::Postgres {
                // Small tables are scanned because they are small: an index must be able to serve them, too.
                let indexed = plan_of(db, sql, "off").await;
                wrong.extend(faults(&indexed, |_| true));
            }
            let is_index = |line: &String| line.contains("_trigrams") || line.contains("VIRTUAL TABLE INDEX");
            if sql.contains("_fold LIKE") && !plan.iter().any(is_index) {
                wrong.push("the search does not start from the index of trigrams".to_owned());
            }
            if !wrong.is_empty() {
                found.push(format!("{wrong:#?}\n{sql}\n{}", plan.join("\n")));
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n\n"));
    }
}
