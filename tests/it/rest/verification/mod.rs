//! Verification requests and their decisions: `verify` and the admin chapter of the API reference.

mod verdicts;

use entity::{audit_event, verification_request};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::{NOWHERE, assert_keys, assert_status, refused, text};
use crate::support::{Answer, Caller, Server, on_both};

const LIST: &str = "/api/admin/verification-requests";

/// Creates an official account; returns its path.
async fn business(creator: &Caller, name: &str) -> String {
    let made = creator.post("/api/communities", json!({ "name": name, "type": "official" })).await;
    assert_status(&made, 201);
    format!("/api/communities/{}", text(&made.json, "id"))
}

/// Requests its verification; returns the request's path.
async fn ask(creator: &Caller, community: &str) -> String {
    let asked = creator.post(&format!("{community}/verify"), json!({})).await;
    assert_status(&asked, 201);
    assert_keys(&asked.json, &["requestId"]);
    format!("{LIST}/{}", text(&asked.json, "requestId"))
}

async fn listed(admin: &Caller) -> Vec<Value> {
    let list = admin.get(LIST).await;
    assert_status(&list, 200);
    assert_keys(&list.json, &["requests"]);
    list.json["requests"].as_array().expect("requests").clone()
}

async fn is_verified(server: &Server, community: &str) -> bool {
    let row = server.anon().get(community).await.json;
    let browse = server.anon().get("/api/communities?type=official").await.json;
    let listed =
        browse["communities"].as_array().expect("rows").iter().find(|found| found["id"] == row["id"]);
    let listed = listed.expect("is listed")["verified"].clone();
    assert_eq!(row["verified"], listed, "detail and browse agree");
    listed.as_bool().expect("a flag")
}

/// Requesting, listing and deciding by role: the refusal's code or the status.
const TABLE: &str = "
          nobody          stranger        member          cs_agent        moderator       creator         admin
ask       UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       201             FORBIDDEN
list      UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       200
judge     UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       200
";

on_both! {
    /// Deciding requires the admin flag only, requesting the creator's role.
    async fn roles_and_actions(server: Server) {
        let (creator, admin, anon) = (server.member("Creator").await, server.admin("Admin").await, server.anon());
        let names = ["stranger", "member", "cs_agent", "moderator"];
        let mut people = Vec::new();
        for name in names {
            people.push(server.member(name).await);
        }
        let path = business(&creator, "Shop").await;
        let role = "mutation($c: ID!, $u: ID!, $r: MemberRole!) {
            setMemberRole(input: { communityId: $c, userId: $u, role: $r }) { membership { id } } }";
        for (who, name) in people.iter().zip(names).skip(1) {
            assert_status(&who.post_empty(&format!("{path}/join")).await, 200);
            let variables = json!({ "c": path.rsplit('/').next(), "u": who.id, "r": name.to_uppercase() });
            assert!(creator.graphql(role, variables).await.json["errors"].is_null());
        }
        let callers: Vec<_> = std::iter::once(("nobody", &anon))
            .chain(names.into_iter().zip(&people))
            .chain([("creator", &creator), ("admin", &admin)])
            .collect();
        let pending = ask(&creator, &business(&creator, "Other").await).await;
        let mut table = format!("\n{:<10}", "");
        for (name, _) in &callers {
            table += &format!("{name:<16}");
        }
        table = format!("{}\n", table.trim_end());
        for action in ["ask", "list", "judge"] {
            let mut line = format!("{action:<10}");
            for (_, who) in &callers {
                let answer = match action {
                    "ask" => who.post(&format!("{path}/verify"), json!({})).await,
                    "list" => who.get(LIST).await,
                    _ => who.put(&pending, json!({ "status": "approved" })).await,
                };
                let status = answer.status.to_string();
                line += &format!("{:<16}", answer.json["code"].as_str().unwrap_or(&status));
            }
            table += &format!("{}\n", line.trim_end());
        }
        assert_eq!(table, TABLE, "\n{table}");
    }

    /// The request as an administrator sees it.
    async fn a_business_asks(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let path = business(&alice, "Acme Official").await;
        let body = json!({ "businessName": " Acme Inc ", "businessRegistration": "12345", "extra": 1,
            "documentsUrl": "https://acme.example/papers.pdf" });
        let asked = alice.post(&format!("{path}/verify"), body).await;
        assert_status(&asked, 201);
        let rows = listed(&admin).await;
        assert_eq!(rows.len(), 1);
        assert_keys(
            &rows[0],
            &[
                "id", "communityId", "requesterId", "businessName", "businessRegistration", "documentsUrl", "status",
                "reviewerNotes", "communityName", "createdAt", "reviewedAt",
            ],
        );
        let mut row = rows[0].clone();
        let created = row["createdAt"].take();
        assert_eq!(created.as_str().map(str::len), Some("2026-03-05T12:00:00.123456Z".len()), "{created}");
        assert_eq!(
            row,
            json!({ "id": asked.json["requestId"], "communityId": path.rsplit('/').next(),
                "requesterId": alice.id, "businessName": "Acme Inc", "businessRegistration": "12345",
                "documentsUrl": "https://acme.example/papers.pdf", "status": "pending", "reviewerNotes": null,
                "communityName": "Acme Official", "createdAt": null, "reviewedAt": null })
        );
        assert!(!is_verified(&server, &path).await, "asking alone verifies nobody");
    }

    /// The body is optional, and null counts as absent.
    async fn nothing_need_be_said(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let nulls = json!({ "businessName": null, "businessRegistration": null, "documentsUrl": null });
        for body in [json!({}), nulls, json!({ "businessName": "  " })] {
            let path = business(&alice, "Shop").await;
            assert_status(&alice.post(&format!("{path}/verify"), body).await, 201);
        }
        let path = business(&alice, "Shop").await.replace("/api/", "/api/v1/");
        assert_status(&alice.post_empty(&format!("{path}/verify")).await, 201);
        for row in listed(&admin).await {
            let said = (&row["businessName"], &row["businessRegistration"], &row["documentsUrl"]);
            assert_eq!(said, (&Value::Null, &Value::Null, &Value::Null));
        }
    }

    /// Every refusal of a request, in order.
    async fn asking_is_refused(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (mod_, admin) = (server.member("Moderator").await, server.admin("Admin").await);
        let path = business(&alice, "Shop").await;
        let club = alice.post("/api/communities", json!({ "name": "Club" })).await;
        let club = format!("/api/communities/{}", text(&club.json, "id"));
        let bad = json!({ "documentsUrl": "javascript:alert(1)" });
        let verify = async |who: &Caller, path: &str, body: Value| who.post(&format!("{path}/verify"), body).await;

        refused(&verify(&server.anon(), "/api/communities/nonsense", json!({ "businessName": 1 })).await, 401, "UNAUTHENTICATED");
        refused(&verify(&alice, "/api/communities/nonsense", json!({})).await, 400, "INVALID");
        refused(&verify(&alice, &path, json!({ "businessName": 1 })).await, 422, "UNPROCESSABLE");
        let form = alice.request(reqwest::Method::POST, &format!("{path}/verify")).body("businessName=Shop")
            .header("content-type", "application/x-www-form-urlencoded");
        refused(&alice.send(form).await, 415, "UNSUPPORTED_MEDIA_TYPE");

        assert_status(&mod_.post_empty(&format!("{path}/join")).await, 200);
        let promote = "mutation($c: ID!, $u: ID!) {
            setMemberRole(input: { communityId: $c, userId: $u, role: MODERATOR }) { membership { id } } }";
        let variables = json!({ "c": path.rsplit('/').next(), "u": mod_.id });
        assert!(alice.graphql(promote, variables).await.json["errors"].is_null());
        let only = "Only the creator can request verification";
        let nowhere = format!("/api/communities/{NOWHERE}");
        for (who, path) in [(&bob, &path), (&mod_, &path), (&admin, &path), (&alice, &nowhere), (&bob, &club)] {
            assert_eq!(refused(&verify(who, path, bad.clone()).await, 403, "FORBIDDEN"), only);
        }
        let official = refused(&verify(&alice, &club, bad).await, 400, "INVALID").to_owned();
        assert_eq!(official, "Only official accounts can be verified");
        for url in ["javascript:alert(1)", "data:text/plain,x", "file:///etc/passwd", "papers", "https://", "ftp://a.b/c"] {
            let answer = verify(&alice, &path, json!({ "documentsUrl": url })).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "documentsUrl must be an http or https URL", "{url}");
        }
        for (field, most) in [("businessName", 200), ("businessRegistration", 100)] {
            let answer = verify(&alice, &path, json!({ field: "é".repeat(most + 1) })).await;
            refused(&answer, 400, "INVALID");
        }
        assert_status(&verify(&alice, &path, json!({ "businessName": "é".repeat(200) })).await, 201);
        let again = verify(&alice, &path, json!({})).await;
        assert_eq!(refused(&again, 409, "CONFLICT"), "A verification request is already pending");
        assert_status(&alice.delete(&path).await, 200);
        assert_eq!(refused(&verify(&alice, &path, json!({})).await, 400, "INVALID"), "Community is not active");
        assert_eq!(listed(&admin).await.len(), 1);
    }

    /// Of many concurrent requests of one business, one is accepted, which the index alone would ensure.
    async fn many_ask_at_once(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let path = format!("{}/verify", business(&alice, "Shop").await);
        let answers = join_all((0..8).map(|_| alice.post(&path, json!({})))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(201), count(409)), (1, 7));
        let rows = listed(&admin).await;
        assert_eq!(rows.len(), 1);
        let row = verification_request::Entity::find().one(server.app.db.read()).await.expect("reads").expect("one");
        let second = verification_request::Model { id: uuid::Uuid::from_u128(7), ..row };
        let second = second.into_active_model().reset_all().insert(server.app.db.write()).await;
        second.expect_err("one waits");
    }

    /// A repeated request with a key is one request.
    async fn a_retry_asks_once(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let path = format!("{}/verify", business(&alice, "Shop").await);
        let mut ids = Vec::new();
        for _ in 0..2 {
            let request = alice.request(reqwest::Method::POST, &path).header("idempotency-key", "k").json(&json!({}));
            let answer = alice.send(request).await;
            assert_status(&answer, 201);
            ids.push(answer.json["requestId"].clone());
        }
        assert_eq!((ids[0] == ids[1], listed(&admin).await.len()), (true, 1));
    }

    /// Archiving a community withdraws its request, and deleting an account removes its documents.
    async fn requests_of_archived_communities_are_rejected(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let (closed, kept) = (business(&alice, "Closed").await, business(&alice, "Kept").await);
        for path in [&closed, &kept] {
            let documents = json!({ "businessName": "Alice & Co", "documentsUrl": "https://a.example/papers" });
            assert_status(&alice.post(&format!("{path}/verify"), documents).await, 201);
        }
        assert_status(&alice.delete(&closed).await, 200);
        let stand = async || {
            let rows = listed(&admin).await;
            let stand = |row: &Value| json!([row["communityName"], row["status"], row["reviewerNotes"], row["businessName"]]);
            rows.iter().map(stand).collect::<Vec<_>>()
        };
        let gone = "The community was archived";
        let one = json!(["Closed", "rejected", gone, "Alice & Co"]);
        assert_eq!(stand().await, [json!(["Kept", "pending", null, "Alice & Co"]), one]);
        let end = "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }";
        assert!(alice.graphql(end, json!({})).await.json["errors"].is_null());
        let mut left = stand().await;
        left.sort_by_key(Value::to_string);
        assert_eq!(left, [json!(["Closed", "rejected", gone, null]), json!(["Kept", "rejected", gone, null])]);
    }

    /// The creator and administrators see the status of a request and its reason; other users do not.
    async fn visibility_of_the_verification_status(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let admin = server.admin("Admin").await;
        let path = business(&alice, "Shop").await;
        let id = path.rsplit('/').next().expect("an id");
        let query = "query($c: ID!) { community(id: $c) { ... on OfficialAccount {
            verification { status reviewerNotes reviewer { name } } } } }";
        let verification_of = async |who: &Caller| {
            let answer = who.graphql(query, json!({ "c": id })).await;
            assert!(answer.json["errors"].is_null(), "{}", answer.text);
            answer.json["data"]["community"]["verification"].clone()
        };
        assert!(verification_of(&alice).await.is_null());
        ask(&alice, &path).await;
        server.app.clock.advance(std::time::Duration::from_secs(60));
        let first = listed(&admin).await[0]["id"].clone();
        let body = json!({ "status": "rejected", "reviewerNotes": "Unreadable" });
        assert_status(&admin.put(&format!("{LIST}/{}", first.as_str().expect("an id")), body).await, 200);
        let seen = json!({ "status": "REJECTED", "reviewerNotes": "Unreadable", "reviewer": { "name": "Admin" } });
        assert_eq!(verification_of(&alice).await, seen);
        assert_eq!(verification_of(&admin).await, seen);
        ask(&alice, &path).await;
        assert_eq!(verification_of(&alice).await["status"], "PENDING", "the last one counts");
        assert!(verification_of(&bob).await.is_null());
        assert!(verification_of(&server.anon()).await.is_null());
    }

    /// A new creator is not verified, does not see the former creator's documents, and requests separately;
    /// so does a renamed account.
    async fn another_owner_or_name_is_not_verified(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let admin = server.admin("Admin").await;
        let path = business(&alice, "Shop").await;
        let id = path.rsplit('/').next().expect("an id");
        assert_status(&bob.post_empty(&format!("{path}/join")).await, 200);
        let approve = async || {
            let first = listed(&admin).await[0]["id"].as_str().expect("an id").to_owned();
            assert_status(&admin.put(&format!("{LIST}/{first}"), json!({ "status": "approved" })).await, 200);
            assert!(is_verified(&server, &path).await);
        };
        ask(&alice, &path).await;
        approve().await;
        assert_status(&alice.put(&path, json!({ "name": "Shop", "description": "Ours" })).await, 200);
        assert!(is_verified(&server, &path).await);
        assert_status(&alice.put(&path, json!({ "name": "Bank" })).await, 200);
        assert!(!is_verified(&server, &path).await);
        // The newest comes first.
        server.app.clock.advance(std::time::Duration::from_secs(60));
        ask(&alice, &path).await;
        let hand = "mutation($c: ID!, $u: ID!) { transferOwnership(input: { communityId: $c, userId: $u }) { community { id } } }";
        let handed = alice.graphql(hand, json!({ "c": id, "u": bob.id })).await;
        assert!(handed.json["errors"].is_null(), "{}", handed.text);
        let row = listed(&admin).await[0].clone();
        assert_eq!((&row["status"], &row["reviewerNotes"]), (&json!("rejected"), &json!("The community has another creator now")));
        let query = "query($c: ID!) { community(id: $c) { ... on OfficialAccount { verification { id } } } }";
        let seen = bob.graphql(query, json!({ "c": id })).await;
        assert_eq!(seen.json["data"]["community"]["verification"], json!(null), "{}", seen.text);
        server.app.clock.advance(std::time::Duration::from_secs(60));
        ask(&bob, &path).await;
        approve().await;
    }
}
