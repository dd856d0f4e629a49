//! Administration of accounts and communities, by GraphQL and REST.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{code, community, done, join, say, set_role};
use crate::support::{Answer, Caller, Server, on_both};

const BAN: &str = "mutation($u: ID!) { banUser(input: { userId: $u, reason: \"fraud\" }) { account { id bannedAt banReason } } }";
const UNBAN: &str =
    "mutation($u: ID!) { unbanUser(input: { userId: $u }) { account { id bannedAt banReason } } }";
const SUSPEND: &str = "mutation($c: ID!) { suspendCommunity(input: { communityId: $c, reason: \"fraud\" }) { community { status } } }";
const REINSTATE: &str =
    "mutation($c: ID!) { reinstateCommunity(input: { communityId: $c }) { community { status } } }";

const ACTIONS: [(&str, &str); 9] = [
    ("users", "{ users { totalCount } }"),
    ("communities", "{ communitiesByStatus(status: SUSPENDED) { totalCount } }"),
    ("ban", BAN),
    ("unban", UNBAN),
    ("suspend", SUSPEND),
    ("reinstate", REINSTATE),
    ("sockets", "{ openConnections { totalCount } }"),
    ("end", "mutation($c: ID!) { endConnection(input: { connectionId: $c }) { deletedId } }"),
    ("audit", "{ auditEvents { totalCount } }"),
];

const TABLE: &str = "
            nobody          member          moderator       creator         admin
users       UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
communities UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
ban         UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
unban       UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
suspend     UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
reinstate   UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
sockets     UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
end         UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       NOT_FOUND
audit       UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
";

/// Returns the answer's status, which must match the code of a refusal.
fn rest(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status, answer.json["code"].as_str())
}

/// Returns the names of the accounts that a search finds.
async fn found(admin: &Caller, query: &str) -> Vec<String> {
    let answer = admin.get(&format!("/api/admin/users?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let rows = answer.json["users"].as_array().expect("users").clone();
    rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

/// Makes the next action later than the previous ones.
fn tick(server: &Server) {
    server.app.clock.advance(std::time::Duration::from_secs(1));
}

/// Returns the last action with affected user and reason.
async fn last(admin: &Caller) -> Value {
    let query = "{ auditEvents(first: 1) { nodes { action actor { name } user { name } community { name } details } } }";
    done(admin, query, json!({})).await["auditEvents"]["nodes"][0].clone()
}

on_both! {
    async fn only_administrators_may(server: Server) {
        let (creator, moderator) = (server.member("Creator").await, server.member("Moderator").await);
        let (member, victim) = (server.member("Member").await, server.member("Victim").await);
        let (admin, anon) = (server.admin("Admin").await, server.anon());
        let c = community(&creator, json!({ "name": "Club" })).await;
        for who in [&moderator, &member] {
            join(who, &c).await;
        }
        set_role(&creator, &c, &moderator, "MODERATOR").await;
        let callers =
            [("nobody", &anon), ("member", &member), ("moderator", &moderator), ("creator", &creator), ("admin", &admin)];
        let mut table = format!("\n{:<12}", "");
        for (name, _) in callers {
            let _ = write!(table, "{name:<16}");
        }
        table = format!("{}\n", table.trim_end());
        for (action, operation) in ACTIONS {
            let mut line = format!("{action:<12}");
            for (_, who) in callers {
                let answer = who.graphql(operation, json!({ "c": c, "u": victim.id })).await;
                let _ = write!(line, "{:<16}", code(&answer));
            }
            let _ = writeln!(table, "{}", line.trim_end());
        }
        assert_eq!(table, TABLE, "\n{table}");
    }

    /// A banned account loses all rights at once, and regains them when the ban is lifted.
    async fn accounts_are_banned(server: Server) {
        let (victim, admin) = (server.member("Victim").await, server.admin("Admin").await);
        let other = server.admin("Other").await;
        let path = format!("/api/admin/users/{}/ban", victim.id);
        assert_eq!(victim.get("/api/wallet/balance").await.status, 200);
        tick(&server);
        let banned = admin.post(&path, json!({ "reason": " fraud " })).await;
        assert_eq!((banned.status, banned.json), (200, json!({ "success": true })));
        assert_eq!(rest(&victim.get("/api/wallet/balance").await), (403, Some("ACCOUNT_BANNED")));
        let expected = json!({ "action": "ACCOUNT_BANNED", "actor": { "name": "Admin" },
            "user": { "name": "Victim" }, "community": null, "details": { "reason": "fraud" } });
        assert_eq!(last(&admin).await, expected);
        assert_eq!(found(&admin, "banned=true").await, ["Victim"]);
        let again = done(&admin, BAN, json!({ "u": victim.id })).await["banUser"]["account"].clone();
        assert_eq!(again["banReason"], "fraud");
        tick(&server);
        assert_eq!(admin.delete(&path).await.status, 200);
        assert_eq!(victim.get("/api/wallet/balance").await.status, 200);
        assert_eq!(last(&admin).await["action"], "ACCOUNT_UNBANNED");
        assert_eq!(rest(&admin.delete(&path).await), (404, Some("NOT_FOUND")));

        for (who, body, refusal) in [
            (&victim.id, json!({}), (422, Some("UNPROCESSABLE"))),
            (&victim.id, json!({ "reason": " " }), (400, Some("INVALID"))),
            (&victim.id, json!({ "reason": "r".repeat(501) }), (400, Some("INVALID"))),
            (&"nobody".to_owned(), json!({ "reason": "fraud" }), (404, Some("NOT_FOUND"))),
            (&admin.id, json!({ "reason": "fraud" }), (400, Some("INVALID"))),
            (&other.id, json!({ "reason": "fraud" }), (400, Some("INVALID"))),
        ] {
            let answer = admin.post(&format!("/api/admin/users/{who}/ban"), body.clone()).await;
            assert_eq!(rest(&answer), refusal, "{body} {}", answer.text);
            assert_eq!(victim.post(&format!("/api/admin/users/{who}/ban"), body).await.json["error"], "Admin only");
        }
    }

    /// The subscriptions of a banned account end at once.
    async fn a_ban_ends_what_is_listened_to(server: Server) {
        let (victim, admin) = (server.member("Victim").await, server.admin("Admin").await);
        let mut socket = server.socket().by(&victim).await;
        socket.subscribe("1", "subscription { inbox { __typename } }", json!({})).await;
        assert_eq!(socket.hear().await["type"], "next");
        done(&admin, BAN, json!({ "u": victim.id })).await;
        let told = socket.hear().await;
        assert_eq!((&told["type"], &told["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("ACCOUNT_BANNED")), "{told}");
    }

    /// Accounts by address and name, by page, in two statements, without deleted ones.
    async fn accounts_are_found(server: Server) {
        let admin = server.admin("Admin").await;
        for name in ["Anna", "Hanna", "50%_Off"] {
            server.member(name).await;
        }
        let zoe = server.member("Zoë").await;
        assert_eq!(found(&admin, "").await, ["Zoë", "50%_Off", "Hanna", "Anna", "Admin"]);
        assert_eq!(found(&admin, "search=anna").await, ["Hanna", "Anna"]);
        assert_eq!(found(&admin, "search=HANNA@EXAMPLE.com").await, ["Hanna"]);
        assert_eq!(found(&admin, "search=%25").await, ["50%_Off"]);
        assert_eq!(found(&admin, "search=Zo%C3%AB").await, ["Zoë"]);
        assert_eq!(found(&admin, &format!("search={}", zoe.id)).await, ["Zoë"]);
        assert_eq!(found(&admin, "admins=true").await, ["Admin"]);
        assert_eq!(found(&admin, "admins=false&limit=2&page=2").await, ["Hanna", "Anna"]);
        assert_eq!(found(&admin, "search=nobody").await, Vec::<String>::new());
        done(&zoe, "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }", json!({})).await;
        server.statements();
        let page = admin.get("/api/admin/users?limit=3").await.json;
        assert_eq!(server.statements().len(), 2, "accounts and their number");
        assert_eq!((&page["total"], &page["page"], &page["totalPages"]), (&json!(4), &json!(1), &json!(2)));
        assert_eq!(page["users"].as_array().map(Vec::len), Some(3));
    }

    /// Members of a suspended community can read it, and it is hidden from others; the counts follow.
    async fn communities_are_suspended(server: Server) {
        let (creator, member) = (server.member("Creator").await, server.member("Member").await);
        let (stranger, admin) = (server.member("Stranger").await, server.admin("Admin").await);
        let c = community(&creator, json!({ "name": "Club" })).await;
        join(&member, &c).await;
        say(&member, &c, "before").await;
        let (path, act) = (format!("/api/communities/{c}"), format!("/api/admin/communities/{c}"));
        let count = async || server.anon().get("/api/communities").await.json["total"].clone();
        assert_eq!(count().await, 1);
        tick(&server);
        let held = admin.post(&format!("{act}/suspend"), json!({ "reason": "fraud" })).await;
        assert_eq!((held.status, held.json), (200, json!({ "success": true })));
        assert_eq!(count().await, 0);
        assert_eq!(member.get(&path).await.json["status"], "suspended");
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(member.get(&format!("{path}/messages")).await.status, 200);
        let said = member.post(&format!("{path}/messages"), json!({ "content": "during" })).await;
        assert_eq!(said.json["error"], "Community is not active");
        assert_eq!(creator.put(&path, json!({ "joinFee": 1 })).await.json["error"], "Community is not active");
        assert_eq!(stranger.post_empty(&format!("{path}/join")).await.json["error"], "Community is not active");
        let query = "query($s: CommunityStatus!) { communitiesByStatus(status: $s) { totalCount nodes { id } } }";
        let listed = done(&admin, query, json!({ "s": "SUSPENDED" })).await["communitiesByStatus"].clone();
        assert_eq!(listed, json!({ "totalCount": 1, "nodes": [{ "id": c }] }));
        // Its creator reads the reason.
        let why = "query($c: ID!) { auditEvents(communityId: $c, first: 1) { nodes { action details } } }";
        let read = done(&creator, why, json!({ "c": c })).await["auditEvents"]["nodes"].clone();
        assert_eq!(read, json!([{ "action": "COMMUNITY_SUSPENDED", "details": { "reason": "fraud" } }]));

        let again = admin.post(&format!("{act}/suspend"), json!({ "reason": "fraud" })).await;
        assert_eq!(rest(&again), (409, Some("CONFLICT")));
        tick(&server);
        assert_eq!(admin.post_empty(&format!("{act}/reinstate")).await.status, 200);
        assert_eq!(rest(&admin.post_empty(&format!("{act}/reinstate")).await), (409, Some("CONFLICT")));
        assert_eq!(count().await, 1);
        assert_eq!(stranger.get(&path).await.json["status"], "active");
        say(&member, &c, "after").await;
        assert_eq!(last(&admin).await["action"], "COMMUNITY_REINSTATED");
        assert_eq!(creator.delete(&path).await.status, 200);
        for verb in ["suspend", "reinstate"] {
            let answer = admin.post(&format!("{act}/{verb}"), json!({ "reason": "fraud" })).await;
            assert_eq!(rest(&answer), (409, Some("CONFLICT")), "{verb}");
        }
        let nowhere = "/api/admin/communities/019b0000-0000-7000-8000-000000000000/suspend";
        assert_eq!(rest(&admin.post(nowhere, json!({ "reason": "fraud" })).await), (404, Some("NOT_FOUND")));
    }

    /// The log over REST, walked page by page.
    async fn the_log_is_read_over_rest(server: Server) {
        let (victim, admin) = (server.member("Victim").await, server.admin("Admin").await);
        for verb in [BAN, UNBAN, BAN] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            done(&admin, verb, json!({ "u": victim.id })).await;
        }
        let path = format!("/api/admin/audit-events?userId={}&limit=2", victim.id);
        let first = admin.get(&path).await.json;
        assert_eq!((first["events"].as_array().map(Vec::len), &first["more"]), (Some(2), &json!(true)));
        assert_eq!(first["events"][0]["action"], "account_banned");
        assert_eq!(first["events"][0]["userName"], "Victim");
        assert_eq!(first["events"][0]["actorName"], "Admin");
        assert_eq!(first["events"][0]["communityId"], Value::Null);
        let rest = admin.get(&format!("{path}&after={}", first["cursor"].as_str().expect("a cursor"))).await.json;
        assert_eq!((rest["events"].as_array().map(Vec::len), &rest["more"]), (Some(1), &json!(false)));
        let banned = admin.get("/api/admin/audit-events?action=account_banned").await.json;
        assert_eq!(banned["events"].as_array().map(Vec::len), Some(2));
        assert_eq!(victim.get("/api/admin/audit-events").await.json["code"], "ACCOUNT_BANNED");
        assert_eq!(server.anon().get("/api/admin/audit-events").await.status, 401);
    }
}
