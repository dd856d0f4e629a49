//! The spaces chapter of the API reference.

mod browse;
mod sessions;

use reqwest::Method;
use serde_json::{Value, json};

use super::{NOWHERE, assert_keys, assert_status, make_session, make_space, refused, text, update_session};
use crate::support::{Answer, Caller, on_both};

const SPACE: [&str; 10] = [
    "id",
    "ownerId",
    "name",
    "description",
    "category",
    "tags",
    "definition",
    "isPublic",
    "createdAt",
    "updatedAt",
];
const SESSION: [&str; 11] = [
    "id",
    "playgroundId",
    "status",
    "state",
    "version",
    "currentPhase",
    "prizePool",
    "startedAt",
    "finishedAt",
    "createdAt",
    "participantCount",
];

#[track_caller]
fn assert_time(value: &Value) {
    let time = value.as_str().expect("a time");
    assert!(time.len() == "2026-03-05T13:25:57.123456Z".len() && time.ends_with('Z'), "{time}");
    assert_eq!((&time[10..11], &time[19..20]), ("T", "."), "{time}");
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.json["spaces"].as_array().expect("spaces").iter().map(|space| text(space, "name")).collect()
}

async fn browse(caller: &Caller, query: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let answer = caller.get(&format!("/api/spaces?{query}")).await;
    assert_status(&answer, 200);
    answer
}

/// All requests on a space and its session.
async fn touch(caller: &Caller, space: &str, session: &str) -> Vec<(&'static str, Answer)> {
    vec![
        ("get", caller.get(space).await),
        ("sessions", caller.get(&format!("{space}/sessions")).await),
        ("put", caller.put(space, json!({ "name": "Mine" })).await),
        ("delete", caller.delete(space).await),
        ("open", caller.post_empty(&format!("{space}/sessions")).await),
        ("join", caller.post_empty(&format!("{session}/join")).await),
        ("leave", caller.post_empty(&format!("{session}/leave")).await),
    ]
}

on_both! {
    /// Absent members have their documented defaults; the row has the documented keys.
    async fn creating_answers_the_row(server: Server) {
        let alice = server.member("Alice").await;
        let row = make_space(&alice, json!({ "name": "  My Space " })).await;
        assert_keys(&row, &SPACE);
        assert_eq!(row["ownerId"], alice.id);
        assert_eq!(row["name"], "My Space");
        assert_eq!(row["description"], "");
        assert_eq!(row["category"], "other");
        assert_eq!((&row["tags"], &row["definition"], &row["isPublic"]), (&json!([]), &json!({}), &json!(true)));
        assert_time(&row["createdAt"]);
        assert_eq!(row["createdAt"], row["updatedAt"]);

        let body = json!({
            "name": "All", "description": "All of it", "category": "gaming", "tags": ["fun", "multiplayer"],
            "definition": { "iframeUrl": "https://example.com/app", "empty": null, "deep": [1, { "a": 1.5 }] },
            "isPublic": false, "unknown": "ignored",
        });
        let all = make_space(&alice, body.clone()).await;
        for key in ["name", "description", "category", "tags", "definition", "isPublic"] {
            assert_eq!(all[key], body[key], "{key}");
        }
        let nulls = json!({ "name": "Nulls", "description": null, "category": null, "tags": null,
            "definition": null, "isPublic": null });
        let nulls = make_space(&alice, nulls).await;
        assert_eq!((&nulls["category"], &nulls["isPublic"]), (&json!("other"), &json!(true)));
    }

    /// Limits count characters, not bytes; both ends of each are tested.
    async fn creating_holds_to_the_rules(server: Server) {
        let alice = server.member("Alice").await;
        let tags = |count: usize| vec!["tag"; count];
        for body in [
            json!({ "name": "\u{6f22}".repeat(100) }),
            json!({ "name": "n", "tags": tags(20) }),
            json!({ "name": "n", "tags": ["\u{e4}".repeat(50)] }),
            json!({ "name": "n", "category": "a_b-9".repeat(10) }),
        ] {
            assert_status(&alice.post("/api/spaces", body).await, 201);
        }
        for name in [String::new(), "   ".to_owned(), "n".repeat(101)] {
            let answer = alice.post("/api/spaces", json!({ "name": name })).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "Name must be 1-100 characters");
            assert_eq!(answer.json["field"], "name");
        }
        for (field, value) in [
            ("tags", json!(tags(21))),
            ("tags[0]", json!(["t".repeat(51)])),
            ("tags[1]", json!(["t", ""])),
            ("category", json!("Board Game")),
            ("category", json!("")),
            ("category", json!("c".repeat(51))),
            ("description", json!("d".repeat(5001))),
            ("definition", json!([])),
            ("definition", json!("text")),
            ("definition", json!({ "big": "b".repeat(64 * 1024) })),
        ] {
            let member = field.split('[').next().expect("a name");
            let answer = alice.post("/api/spaces", json!({ "name": "n", (member): value })).await;
            refused(&answer, 400, "INVALID");
            assert_eq!(answer.json["field"], field, "{}", answer.text);
        }
        let missing = alice.post("/api/spaces", json!({})).await;
        refused(&missing, 422, "UNPROCESSABLE");
        assert_eq!(missing.json["field"], "name");
    }

    /// The two documented messages, on both methods that accept a definition.
    async fn an_iframe_url_must_be_https(server: Server) {
        let alice = server.member("Alice").await;
        let space = make_space(&alice, json!({ "name": "App" })).await;
        let path = format!("/api/spaces/{}", text(&space, "id"));
        for (url, sentence) in [
            (json!("http://example.com"), "iframeUrl must use https://"),
            (json!("javascript:alert(1)"), "iframeUrl must use https://"),
            (json!("data:text/html,x"), "iframeUrl must use https://"),
            (json!("file:///etc/passwd"), "iframeUrl must use https://"),
            (json!(""), "iframeUrl must use https://"),
            (json!("https://"), "iframeUrl is not a valid URL"),
            (json!("https://exa mple.com"), "iframeUrl is not a valid URL"),
        ] {
            let definition = json!({ "iframeUrl": url });
            let made = alice.post("/api/spaces", json!({ "name": "App", "definition": definition })).await;
            assert_eq!(refused(&made, 400, "INVALID"), sentence, "{url}");
            let put = alice.put(&path, json!({ "definition": definition })).await;
            assert_eq!(refused(&put, 400, "INVALID"), sentence, "{url}");
        }
        for url in [json!(1), json!(null), json!({}), json!(true)] {
            let definition = json!({ "iframeUrl": url });
            let made = alice.post("/api/spaces", json!({ "name": "App", "definition": definition })).await;
            refused(&made, 400, "INVALID");
            refused(&alice.put(&path, json!({ "definition": definition })).await, 400, "INVALID");
        }
        assert_eq!(alice.get(&path).await.json["definition"], json!({}), "nothing was kept");
        let good = json!({ "definition": { "iframeUrl": "https://example.com/a?b=c#d" } });
        assert_status(&alice.put(&path, good.clone()).await, 200);
        assert_eq!(alice.get(&path).await.json["definition"], good["definition"]);
    }

    /// The row, its owner and its sessions, newest first.
    async fn a_space_comes_with_owner_and_sessions(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let row = make_space(&alice, json!({ "name": "Chess", "tags": ["a", "b"] })).await;
        let path = format!("/api/spaces/{}", text(&row, "id"));
        let sessions = format!("{path}/sessions");
        assert_eq!(bob.get(&sessions).await.json, json!([]));

        let first = alice.post_empty(&sessions).await;
        assert_status(&first, 201);
        assert_keys(&first.json, &["id", "playgroundId", "status", "participantCount"]);
        assert_eq!((&first.json["playgroundId"], &first.json["status"]), (&row["id"], &json!("waiting")));
        assert_eq!(first.json["participantCount"], 1);
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let second = bob.post(&sessions, json!({})).await;
        assert_status(&second, 201);

        let detail = bob.get(&path).await;
        assert_status(&detail, 200);
        assert_keys(&detail.json, &[&SPACE[..], &["owner", "sessions"]].concat());
        assert_eq!(detail.json["owner"], json!({ "id": alice.id, "name": "Alice", "image": null }));
        for key in SPACE {
            assert_eq!(detail.json[key], row[key], "{key}");
        }
        let list = bob.get(&sessions).await;
        assert_status(&list, 200);
        assert_eq!(list.json, detail.json["sessions"]);
        assert_eq!((&list.json[0]["id"], &list.json[1]["id"]), (&second.json["id"], &first.json["id"]));
        let session = &list.json[1];
        assert_keys(session, &SESSION);
        let usual = json!({ "id": first.json["id"], "playgroundId": row["id"], "status": "waiting", "state": {},
            "version": 0, "currentPhase": null, "prizePool": 0, "startedAt": null, "finishedAt": null,
            "createdAt": session["createdAt"], "participantCount": 1 });
        assert_eq!(session, &usual);
        assert_time(&session["createdAt"]);
    }

    /// Absent or null members stay unchanged; the answer is short.
    async fn changing_keeps_the_rest(server: Server) {
        let alice = server.member("Alice").await;
        let row = make_space(&alice, json!({ "name": "Old", "description": "Kept", "tags": ["t"] })).await;
        let path = format!("/api/spaces/{}", text(&row, "id"));
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let put = alice.put(&path, json!({ "name": "\u{c4}new", "description": null })).await;
        assert_status(&put, 200);
        assert_eq!(put.json, json!({ "id": row["id"], "updated": true }));
        let patch = alice.request(Method::PATCH, &path).json(&json!({ "category": "rpg", "isPublic": false }));
        let patch = alice.send(patch).await;
        assert_status(&patch, 200);
        assert_eq!(patch.json, put.json);
        let new = alice.get(&path).await.json;
        assert_eq!((&new["name"], &new["description"]), (&json!("\u{c4}new"), &json!("Kept")));
        assert_eq!((&new["category"], &new["tags"], &new["isPublic"]), (&json!("rpg"), &json!(["t"]), &json!(false)));
        assert_eq!(new["createdAt"], row["createdAt"]);
        assert!(text(&new, "updatedAt") > text(&row, "updatedAt"));
        let own = alice.put(&path, json!({ "isPublic": true })).await;
        assert_status(&own, 200);
        assert_eq!(names(&browse(&server.anon(), &[("search", "\u{e4}NEW")]).await).len(), 1, "found by the new name");

        for body in [json!({}), json!({ "name": null }), json!({ "unknown": 1 })] {
            let answer = alice.put(&path, body).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "No fields to update");
        }
        let both = alice.put(&path, json!({ "description": "Lost", "name": "" })).await;
        assert_eq!(refused(&both, 400, "INVALID"), "Name must be 1-100 characters");
        assert_eq!(alice.get(&path).await.json["description"], "Kept", "all or nothing");
    }

    /// 404 before 403 before 400.
    async fn only_the_owner_changes_and_deletes(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (space, session) = make_session(&alice, json!({ "name": "Mine" })).await;
        for body in [json!({ "name": "Bob's" }), json!({ "name": "" }), json!({})] {
            assert_eq!(refused(&bob.put(&space, body.clone()).await, 403, "FORBIDDEN"), "Forbidden");
            let nowhere = bob.put(&format!("/api/spaces/{NOWHERE}"), body).await;
            assert_eq!(refused(&nowhere, 404, "NOT_FOUND"), "Space not found");
        }
        assert_eq!(refused(&bob.delete(&space).await, 403, "FORBIDDEN"), "Forbidden");
        assert_status(&alice.get(&space).await, 200);

        let gone = alice.delete(&space).await;
        assert_status(&gone, 204);
        assert_eq!(gone.text, "");
        for (what, answer) in touch(&alice, &space, &session).await {
            assert_eq!(answer.status, 404, "{what}: {}", answer.text);
            refused(&answer, 404, "NOT_FOUND");
        }
        assert_eq!(browse(&alice, &[]).await.json["total"], 0);
        let id = session.rsplit('/').next();
        let found = alice.graphql("query($id: ID!) { spaceSession(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(found.json, json!({ "data": { "spaceSession": null } }));
        let update = update_session(&alice, &session, json!({ "phase": "late" })).await;
        assert_eq!(update.json["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", update.text);
    }

    /// Every route of the chapter, on a space that does not exist.
    async fn what_is_not_there_is_not_found(server: Server) {
        let alice = server.member("Alice").await;
        let space = format!("/api/spaces/{NOWHERE}");
        for (what, answer) in touch(&alice, &space, &format!("{space}/sessions/{NOWHERE}")).await {
            let sentence = refused(&answer, 404, "NOT_FOUND");
            if !matches!(what, "join" | "leave") {
                assert_eq!(sentence, "Space not found", "{what}");
            }
        }
        let (space, _) = make_session(&alice, json!({ "name": "Real" })).await;
        for verb in ["join", "leave"] {
            let answer = alice.post_empty(&format!("{space}/sessions/{NOWHERE}/{verb}")).await;
            assert_eq!(refused(&answer, 404, "NOT_FOUND"), "Session not found", "{verb}");
        }
    }

    /// A private space is visible only to its owner, invited users, and participants who have not left.
    async fn private_spaces_are_hidden(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (guest, past) = (server.member("Guest").await, server.member("Past").await);
        let (space, session) = make_session(&alice, json!({ "name": "Secret" })).await;
        assert_status(&past.post_empty(&format!("{session}/join")).await, 201);
        assert_status(&past.post_empty(&format!("{session}/leave")).await, 204);
        let player = server.member("Player").await;
        assert_status(&player.post_empty(&format!("{session}/join")).await, 201);
        assert_status(&alice.put(&space, json!({ "isPublic": false })).await, 200);

        let nowhere = format!("/api/spaces/{NOWHERE}");
        let unknown = touch(&bob, &nowhere, &format!("{nowhere}/sessions/{NOWHERE}")).await;
        for ((what, answer), (_, unknown)) in touch(&bob, &space, &session).await.iter().zip(&unknown) {
            assert_eq!(answer.status, 404, "{what}: {}", answer.text);
            assert_eq!(answer.json, unknown.json, "{what}: the same as for one that does not exist");
        }
        let hidden = update_session(&bob, &session, json!({ "phase": "x" })).await;
        assert_eq!(hidden.json["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", hidden.text);
        assert_eq!(browse(&bob, &[]).await.json["total"], 0);

        let invite = "mutation($input: InviteToSpaceInput!) { inviteToSpace(input: $input) { space { id } } }";
        let input = json!({ "spaceId": space.rsplit('/').next(), "userId": guest.id });
        let code = |answer: &Answer| answer.json["errors"][0]["extensions"]["code"].clone();
        assert_eq!(code(&bob.graphql(invite, json!({ "input": input })).await), "NOT_FOUND");
        assert_eq!(code(&past.graphql(invite, json!({ "input": input })).await), "NOT_FOUND");
        assert_eq!(code(&player.graphql(invite, json!({ "input": input })).await), "FORBIDDEN");
        assert_eq!(code(&server.anon().graphql(invite, json!({ "input": input })).await), "UNAUTHENTICATED");
        for _ in 0..2 {
            let invited = alice.graphql(invite, json!({ "input": input })).await;
            assert_eq!(invited.json["errors"], Value::Null, "{}", invited.text);
        }
        let nobody = json!({ "spaceId": input["spaceId"], "userId": "nobody" });
        assert_eq!(code(&alice.graphql(invite, json!({ "input": nobody })).await), "NOT_FOUND");

        for caller in [&alice, &guest, &player] {
            let detail = caller.get(&space).await;
            assert_status(&detail, 200);
            assert_eq!(detail.json["isPublic"], false);
            assert_status(&caller.get(&format!("{space}/sessions")).await, 200);
        }
        assert_status(&guest.post_empty(&format!("{session}/join")).await, 201);
        assert_status(&player.post_empty(&format!("{session}/join")).await, 200);
        assert_status(&past.get(&space).await, 404);
        assert_status(&past.post_empty(&format!("{session}/join")).await, 404);
        assert_status(&past.post_empty(&format!("{session}/leave")).await, 204);
        assert_eq!(refused(&guest.delete(&space).await, 403, "FORBIDDEN"), "Forbidden");
        assert_eq!(browse(&guest, &[]).await.json["total"], 0, "browsing is for public ones");
    }
}
