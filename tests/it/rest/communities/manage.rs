//! Creating, reading, updating and archiving communities.

use reqwest::Method;
use serde_json::{Value, json};

use super::{DETAIL, done, join, make, members, names, read};
use crate::{
    rest::{NOWHERE, assert_keys, assert_status, refused, text},
    support::on_both,
};

on_both! {
    /// Absent members have their documented defaults; the row has the documented keys.
    async fn creating_has_defaults(server: Server) {
        let alice = server.member("Alice").await;
        let made = alice.post("/api/communities", json!({ "name": "  Readers " })).await;
        assert_status(&made, 201);
        assert_keys(&made.json, &["id"]);
        let detail = server.anon().get(&format!("/api/communities/{}", text(&made.json, "id"))).await;
        assert_status(&detail, 200);
        assert_keys(&detail.json, &[&DETAIL[..], &["community"]].concat());
        let mut row = detail.json.clone();
        let copy = row.as_object_mut().expect("an object").remove("community").expect("a copy");
        assert_eq!(row, copy, "the copy for the clients that look there");
        let usual = json!({
            "id": made.json["id"], "creatorId": alice.id, "name": "Readers", "description": null, "type": "club",
            "joinFee": 0, "monthlyFee": 0, "agentCallFee": 0, "status": "active", "memberCount": 1,
            "avatarUrl": null, "coverImageUrl": null, "category": null, "tags": null, "verified": false,
            "csMode": "ai_only", "defaultAgentListingId": null, "createdAt": row["createdAt"],
            "updatedAt": row["createdAt"],
        });
        assert_eq!(row, usual);
        let path = format!("/api/communities/{}", text(&row, "id"));
        let first = &members(&server.anon(), &path).await[0];
        assert_eq!((&first["role"], &first["userId"]), (&json!("creator"), &json!(alice.id)));
        assert_eq!(first["subscriptionStatus"], "active");
    }

    /// All members are stored; empty values count as absent.
    async fn creating_stores_the_input(server: Server) {
        let alice = server.member("Alice").await;
        let body = json!({
            "name": "\u{6f22}".repeat(100), "description": "All of it", "type": "official", "joinFee": 10,
            "monthlyFee": 2147483647, "agentCallFee": 3.0, "category": "board_game", "tags": ["a", "b"],
            "avatarUrl": "https://example.com/a.png", "coverImageUrl": "http://example.com/c.png", "csMode": "hybrid",
            "unknown": "ignored",
        });
        let row = read(&alice, &make(&alice, body.clone()).await).await;
        for key in ["name", "description", "type", "joinFee", "monthlyFee", "category", "tags", "avatarUrl",
            "coverImageUrl", "csMode"]
        {
            assert_eq!(row[key], body[key], "{key}");
        }
        assert_eq!(row["agentCallFee"], 3);
        let nulls = json!({ "name": "Nulls", "description": null, "type": null, "joinFee": null, "csMode": null,
            "category": null, "avatarUrl": null, "defaultAgentListingId": null });
        let nulls = read(&alice, &make(&alice, nulls).await).await;
        assert_eq!((&nulls["type"], &nulls["csMode"], &nulls["joinFee"]), (&json!("club"), &json!("ai_only"), &json!(0)));
        let empty = json!({ "name": "Empty", "description": "" });
        assert_eq!(read(&alice, &make(&alice, empty).await).await["description"], Value::Null);
    }

    /// The documented messages in the documented order: name, type, mode.
    async fn creating_is_refused(server: Server) {
        let alice = server.member("Alice").await;
        let name = "Name must be 1-100 characters";
        let kind = "Type must be 'official' or 'club'";
        let mode = "cs_mode must be 'ai_only', 'human_only', or 'hybrid'";
        for (body, sentence) in [
            (json!({ "name": "", "type": "guild", "csMode": "robot" }), name),
            (json!({ "name": "   " }), name),
            (json!({ "name": "n".repeat(101) }), name),
            (json!({ "name": "n", "type": "guild", "csMode": "robot" }), kind),
            (json!({ "name": "n", "type": "lounge" }), kind),
            (json!({ "name": "n", "type": "" }), kind),
            (json!({ "name": "n", "type": 7 }), kind),
            (json!({ "name": "n", "csMode": "robot" }), mode),
            (json!({ "name": "n", "csMode": [] }), mode),
            (json!({ "name": "n", "defaultAgentListingId": NOWHERE }), "Agent listing not found"),
        ] {
            let answer = alice.post("/api/communities", body.clone()).await;
            assert_eq!(refused(&answer, 400, "INVALID"), sentence, "{body}");
            let field = match sentence {
                _ if sentence == name => "name",
                _ if sentence == kind => "type",
                _ if sentence == mode => "csMode",
                _ => "defaultAgentListingId",
            };
            assert_eq!(answer.json["field"], field, "{}", answer.text);
        }
        for (field, value) in [
            ("category", json!("Board Game")),
            ("description", json!("d".repeat(5001))),
            ("tags", json!(vec!["t"; 21])),
            ("avatarUrl", json!("javascript:alert(1)")),
            ("avatarUrl", json!("data:image/png;base64,AA")),
            ("coverImageUrl", json!("file:///etc/passwd")),
        ] {
            let answer = alice.post("/api/communities", json!({ "name": "n", (field): value })).await;
            refused(&answer, 400, "INVALID");
            assert_eq!(answer.json["field"], field, "{}", answer.text);
        }
        for (field, value) in [
            ("name", json!(5)),
            ("joinFee", json!(1.5)),
            ("monthlyFee", json!("10")),
            ("agentCallFee", json!(2147483648_u64)),
            ("description", json!({})),
        ] {
            let mut body = json!({ "name": "n" });
            body[field] = value;
            let answer = alice.post("/api/communities", body).await;
            refused(&answer, 422, "UNPROCESSABLE");
            assert!(text(&answer.json, "field").ends_with(field), "{}", answer.text);
        }
        refused(&alice.post("/api/communities", json!({})).await, 422, "UNPROCESSABLE");
        assert!(names(&alice.get("/api/communities/my").await).is_empty(), "nothing was made");
        refused(&server.anon().post("/api/communities", json!({ "name": 5 })).await, 401, "UNAUTHENTICATED");
    }

    /// Newer names of a club, other cases, a listing that is no UUID, negative fees.
    async fn creating_is_lenient(server: Server) {
        let alice = server.member("Alice").await;
        for (word, kind) in [("community", "club"), ("hub", "club"), ("Club", "club"), ("OFFICIAL", "official")] {
            let path = make(&alice, json!({ "name": word, "type": word })).await;
            assert_eq!(read(&alice, &path).await["type"], kind, "{word}");
        }
        let body = json!({ "name": "n", "joinFee": -5, "monthlyFee": -1, "agentCallFee": -99999999999_i64,
            "csMode": "HUMAN_ONLY", "defaultAgentListingId": "not a uuid" });
        let row = read(&alice, &make(&alice, body).await).await;
        assert_eq!((&row["joinFee"], &row["monthlyFee"], &row["agentCallFee"]), (&json!(0), &json!(0), &json!(0)));
        assert_eq!((&row["csMode"], &row["defaultAgentListingId"]), (&json!("human_only"), &Value::Null));
        // Only a text can be malformed: a number has the wrong type.
        let answer = alice.post("/api/communities", json!({ "name": "n", "defaultAgentListingId": 7 })).await;
        refused(&answer, 422, "UNPROCESSABLE");
    }

    /// Absent or null members stay unchanged; the answer is short; the type never changes.
    async fn changing_keeps_the_rest(server: Server) {
        let alice = server.member("Alice").await;
        let path = make(&alice, json!({ "name": "Old", "description": "Kept", "joinFee": 3, "category": "rpg" })).await;
        let old = read(&alice, &path).await;
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let body = json!({ "name": "New", "description": null, "type": "official", "monthlyFee": 5,
            "coverImageUrl": "https://example.com/c.png", "csMode": "hybrid" });
        let put = alice.put(&path, body).await;
        assert_status(&put, 200);
        assert_eq!(put.json, done());
        let new = read(&alice, &path).await;
        assert_eq!((&new["name"], &new["description"], &new["type"]), (&json!("New"), &json!("Kept"), &json!("club")));
        assert_eq!((&new["joinFee"], &new["monthlyFee"], &new["csMode"]), (&json!(3), &json!(5), &json!("hybrid")));
        assert_eq!(new["coverImageUrl"], "https://example.com/c.png");
        assert_eq!(new["createdAt"], old["createdAt"]);
        assert_ne!(new["updatedAt"], old["updatedAt"]);
        let patch = alice.send(alice.request(Method::PATCH, &path).json(&json!({ "tags": ["x"] }))).await;
        assert_status(&patch, 200);
        assert_eq!(read(&alice, &path).await["tags"], json!(["x"]));
        let nothing = alice.put(&path, json!({})).await;
        assert_eq!((nothing.status, nothing.json), (200, done()));
        let found = server.anon().get("/api/communities?search=old").await;
        assert!(names(&found).is_empty(), "what a search looks at changed too");
    }

    /// 404, then 403, then the values: name, fees, mode.
    async fn changing_is_refused_in_order(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club" })).await;
        let bad = json!({ "name": "", "joinFee": -1, "csMode": "robot" });
        let missing = alice.put(&format!("/api/communities/{NOWHERE}"), bad.clone()).await;
        assert_eq!(refused(&missing, 404, "NOT_FOUND"), "Community not found");
        let stranger = bob.put(&path, bad.clone()).await;
        let only = "Only the creator can update this community";
        assert_eq!(refused(&stranger, 403, "FORBIDDEN"), only);
        assert_status(&join(&bob, &path).await, 200);
        assert_eq!(refused(&bob.put(&path, bad.clone()).await, 403, "FORBIDDEN"), only);
        refused(&server.anon().put(&path, bad.clone()).await, 401, "UNAUTHENTICATED");
        for (body, sentence) in [
            (bad, "Name must be 1-100 characters"),
            (json!({ "joinFee": -1, "monthlyFee": -1, "csMode": "robot" }), "Join fee cannot be negative"),
            (json!({ "monthlyFee": -1, "agentCallFee": -1, "csMode": "robot" }), "Monthly fee cannot be negative"),
            (json!({ "agentCallFee": -1, "csMode": "robot" }), "Agent call fee cannot be negative"),
            (json!({ "csMode": "robot" }), "cs_mode must be 'ai_only', 'human_only', or 'hybrid'"),
            (json!({ "defaultAgentListingId": NOWHERE }), "Agent listing not found"),
        ] {
            let answer = alice.put(&path, body.clone()).await;
            assert_eq!(refused(&answer, 400, "INVALID"), sentence, "{body}");
        }
        for body in [json!({ "joinFee": 1.5 }), json!({ "joinFee": 2147483648_u64 }), json!({ "name": 5 })] {
            refused(&alice.put(&path, body).await, 422, "UNPROCESSABLE");
        }
        let row = read(&alice, &path).await;
        assert_eq!((&row["name"], &row["joinFee"], &row["csMode"]), (&json!("Club"), &json!(0), &json!("ai_only")));
    }

    /// Archived once, by its creator; all else is the same 404. It leaves browse and joined and stays in my.
    async fn archiving(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let path = make(&alice, json!({ "name": "Club", "category": "rpg" })).await;
        assert_status(&join(&bob, &path).await, 200);
        let sentence = "Community not found or not authorized";
        for (who, path) in [(&bob, path.clone()), (&alice, format!("/api/communities/{NOWHERE}"))] {
            assert_eq!(refused(&who.delete(&path).await, 404, "NOT_FOUND"), sentence);
        }
        refused(&server.anon().delete(&path).await, 401, "UNAUTHENTICATED");
        let gone = alice.delete(&path).await;
        assert_eq!((gone.status, gone.json), (200, done()));
        assert_eq!(refused(&alice.delete(&path).await, 404, "NOT_FOUND"), sentence);

        let browse = server.anon().get("/api/communities").await;
        assert_eq!(browse.json, json!({ "communities": [], "total": 0 }));
        assert_eq!(server.anon().get("/api/communities?type=club&category=rpg").await.json["total"], 0);
        assert!(names(&alice.get("/api/communities/joined").await).is_empty());
        let my = alice.get("/api/communities/my").await;
        assert_eq!(names(&my), ["Club"]);
        assert_eq!(my.json["communities"][0]["status"], "archived");
    }

    /// Its members can read an archived community; it is hidden from others. It cannot be changed.
    async fn an_archived_community_is_read_only(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (eve, anon) = (server.member("Eve").await, server.anon());
        let path = make(&alice, json!({ "name": "Club" })).await;
        assert_status(&join(&bob, &path).await, 200);
        assert_status(&alice.delete(&path).await, 200);
        for who in [&alice, &bob] {
            let row = read(who, &path).await;
            assert_eq!((&row["status"], &row["memberCount"]), (&json!("archived"), &json!(2)));
            assert_eq!(members(who, &path).await.len(), 2);
        }
        for who in [&eve, &anon] {
            assert_eq!(refused(&who.get(&path).await, 404, "NOT_FOUND"), "Community not found");
            assert_eq!(who.get(&format!("{path}/members")).await.json, json!({ "members": [] }));
        }
        assert_eq!(refused(&eve.put(&path, json!({ "name": "n" })).await, 404, "NOT_FOUND"), "Community not found");
        refused(&bob.put(&path, json!({ "name": "n" })).await, 403, "FORBIDDEN");
        assert_eq!(
            refused(&alice.put(&path, json!({ "name": "n" })).await, 400, "INVALID"),
            "Community is not active"
        );
        assert_eq!(refused(&eve.post_empty(&format!("{path}/join")).await, 400, "INVALID"), "Community is not active");
        assert_status(&bob.post_empty(&format!("{path}/leave")).await, 200);
        refused(&bob.get(&path).await, 404, "NOT_FOUND");
    }

    /// An invalid id is refused as such on every route of the chapter.
    async fn a_bad_id_is_a_bad_request(server: Server) {
        let alice = server.member("Alice").await;
        let path = "/api/communities/nonsense";
        for answer in [
            alice.get(path).await,
            alice.put(path, json!({ "name": "n" })).await,
            alice.delete(path).await,
            alice.post_empty(&format!("{path}/join")).await,
            alice.post_empty(&format!("{path}/leave")).await,
            alice.get(&format!("{path}/members")).await,
        ] {
            refused(&answer, 400, "INVALID");
        }
        for path in ["my", "joined", "nonsense/leave", "nonsense/join"] {
            let anon = server.anon();
            let path = format!("/api/communities/{path}");
            let answer = if path.contains("nonsense") { anon.post_empty(&path).await } else { anon.get(&path).await };
            assert_eq!(refused(&answer, 401, "UNAUTHENTICATED"), "Unauthorized");
        }
        let missing = server.anon().get(&format!("/api/communities/{NOWHERE}")).await;
        assert_eq!(refused(&missing, 404, "NOT_FOUND"), "Community not found");
    }

    /// The caller's communities, newest first, with all keys.
    async fn own_communities_are_listed(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        for name in ["First", "Second", "Third"] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            make(&alice, json!({ "name": name })).await;
        }
        make(&bob, json!({ "name": "Bob's" })).await;
        let my = alice.get("/api/communities/my").await;
        assert_eq!(names(&my), ["Third", "Second", "First"]);
        assert_keys(&my.json, &["communities"]);
        assert_keys(&my.json["communities"][0], &DETAIL);
    }
}
