//! Sessions: participants and state.

use super::*;

on_both! {
    /// A user has one participation in a session, also with concurrent joins.
    async fn parallel_joins_make_one_participant(server: Server) {
        let (owner, guest) = (server.member("Owner").await, server.member("Guest").await);
        let space = owner.post("/api/spaces", json!({ "name": "Chess" })).await;
        assert_eq!(space.status, 201, "{}", space.text);
        let id = space.json["id"].as_str().expect("an id");
        let session = owner.post_empty(&format!("/api/spaces/{id}/sessions")).await;
        assert_eq!(session.status, 201, "{}", session.text);
        let path = format!("/api/spaces/{id}/sessions/{}/join", session.json["id"].as_str().expect("an id"));
        let joins = futures_util::future::join_all((0..20).map(|_| guest.post_empty(&path))).await;
        let created = joins.iter().filter(|join| join.status == 201).count();
        assert_eq!(created, 1, "one join makes the participant");
        assert!(joins.iter().all(|join| matches!(join.status, 200 | 201)));
        assert!(joins.iter().all(|join| join.json["id"] == joins[0].json["id"]), "and all get it");
        let list = owner.get(&format!("/api/spaces/{id}/sessions")).await;
        assert_eq!(list.json[0]["participantCount"], 2);
    }

    /// 201, then 200 with the same id; 204 and 204; the count is of connected participants.
    async fn joining_and_leaving(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (space, session) = make_session(&alice, json!({ "name": "Chess" })).await;
        let (join, leave) = (format!("{session}/join"), format!("{session}/leave"));
        let count = async || alice.get(&format!("{space}/sessions")).await.json[0]["participantCount"].clone();

        let never = bob.post_empty(&leave).await;
        assert_eq!(refused(&never, 404, "NOT_FOUND"), "Not in this session");
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let first = bob.post(&join, json!({ "role": "judge", "controlMode": "copilot" })).await;
        assert_status(&first, 201);
        assert_keys(&first.json, &["id", "isConnected"]);
        assert_eq!(first.json["isConnected"], true);
        assert_eq!(count().await, 2);
        for _ in 0..2 {
            let left = bob.post_empty(&leave).await;
            assert_status(&left, 204);
            assert_eq!(left.text, "");
            assert_eq!(count().await, 1);
        }
        let again = bob.post(&join, json!({ "role": "other", "controlMode": "human" })).await;
        assert_status(&again, 200);
        assert_eq!(again.json, first.json);
        assert_eq!(count().await, 2);
        let own = alice.post(&join, json!({})).await;
        assert_status(&own, 200);

        let query = "query($id: ID!) { spaceSession(id: $id) {
            participants { user { id } role controlMode isConnected agentId } } }";
        let id = session.rsplit('/').next();
        let people = bob.graphql(query, json!({ "id": id })).await;
        let wanted = json!([
            { "user": { "id": alice.id }, "role": "player", "controlMode": "HUMAN", "isConnected": true, "agentId": null },
            { "user": { "id": bob.id }, "role": "judge", "controlMode": "COPILOT", "isConnected": true, "agentId": null },
        ]);
        assert_eq!(people.json["data"]["spaceSession"]["participants"], wanted, "rejoining changes nothing else");
    }

    /// Invalid agents, roles and modes.
    async fn joining_is_refused(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (space, session) = make_session(&alice, json!({ "name": "Chess" })).await;
        let join = format!("{session}/join");
        for agent in [NOWHERE, "not a uuid"] {
            let answer = bob.post(&join, json!({ "agentId": agent })).await;
            refused(&answer, 400, "INVALID");
            assert_eq!(answer.json["field"], "agentId", "{}", answer.text);
        }
        let role = bob.post(&join, json!({ "role": "r".repeat(51) })).await;
        refused(&role, 400, "INVALID");
        assert_eq!(role.json["field"], "role");
        let mode = bob.post(&join, json!({ "controlMode": "robot" })).await;
        refused(&mode, 422, "UNPROCESSABLE");
        assert_eq!(mode.json["field"], "controlMode");
        assert_eq!(alice.get(&format!("{space}/sessions")).await.json[0]["participantCount"], 1);

        let (other, _) = make_session(&alice, json!({ "name": "Other" })).await;
        let elsewhere = format!("{other}/sessions/{}", session.rsplit('/').next().expect("an id"));
        for verb in ["join", "leave"] {
            let answer = alice.post_empty(&format!("{elsewhere}/{verb}")).await;
            assert_eq!(refused(&answer, 404, "NOT_FOUND"), "Session not found", "{verb}");
        }
    }

    /// A finished session cannot be joined; leaving still works.
    async fn an_ended_session_is_not_joined(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        for statuses in [&["ACTIVE", "FINISHED"][..], &["CANCELLED"]] {
            let (space, session) = make_session(&alice, json!({ "name": "Short" })).await;
            for status in statuses {
                let update = update_session(&alice, &session, json!({ "status": status })).await;
                assert_eq!(update.json["errors"], Value::Null, "{}", update.text);
            }
            for caller in [&alice, &bob] {
                refused(&caller.post_empty(&format!("{session}/join")).await, 409, "CONFLICT");
            }
            assert_status(&alice.post_empty(&format!("{session}/leave")).await, 204);
            let row = &alice.get(&format!("{space}/sessions")).await.json[0];
            assert_eq!(text(row, "status"), statuses.last().expect("one").to_lowercase());
            assert_time(&row["finishedAt"]);
        }
    }

    /// Of two writers with one version, the second is refused; without a version there is no comparison.
    async fn session_state_is_compared_and_set(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let (space, session) = make_session(&alice, json!({ "name": "Chess" })).await;
        let code = |answer: &Answer| answer.json["errors"][0]["extensions"]["code"].clone();
        let input = json!({ "state": { "board": [1, null] }, "expectedVersion": 0, "phase": "opening" });
        assert_eq!(code(&update_session(&bob, &session, input.clone()).await), "FORBIDDEN");
        assert_eq!(code(&update_session(&server.anon(), &session, input.clone()).await), "UNAUTHENTICATED");
        let first = update_session(&alice, &session, input.clone()).await;
        let row = &first.json["data"]["updateSpaceSession"]["spaceSession"];
        assert_eq!((&row["version"], &row["currentPhase"]), (&json!(1), &json!("opening")), "{}", first.text);
        assert_eq!(code(&update_session(&alice, &session, input).await), "VERSION_CONFLICT");

        assert_status(&bob.post_empty(&format!("{session}/join")).await, 201);
        let other = update_session(&bob, &session, json!({ "state": { "turn": 2 } })).await;
        assert_eq!(other.json["data"]["updateSpaceSession"]["spaceSession"]["version"], 2, "{}", other.text);
        for input in [json!({}), json!({ "state": [] }), json!({ "phase": "p".repeat(101) })] {
            assert_eq!(code(&update_session(&alice, &session, input.clone()).await), "INVALID", "{input}");
        }
        let seen = &alice.get(&format!("{space}/sessions")).await.json[0];
        assert_eq!((&seen["state"], &seen["currentPhase"]), (&json!({ "turn": 2 }), &json!("opening")));
        assert_eq!(seen["version"], 2);
    }

    /// Of many writers with one version, one succeeds.
    async fn parallel_writes_have_one_winner(server: Server) {
        let alice = server.member("Alice").await;
        let (_, session) = make_session(&alice, json!({ "name": "Race" })).await;
        let writes = (0..10).map(|n| {
            let input = json!({ "state": { "by": n }, "expectedVersion": 0 });
            update_session(&alice, &session, input)
        });
        let answers = futures_util::future::join_all(writes).await;
        let won = answers.iter().filter(|answer| answer.json["errors"].is_null()).count();
        assert_eq!(won, 1);
        let code = |answer: &Answer| answer.json["errors"][0]["extensions"]["code"].clone();
        let lost = answers.iter().filter(|answer| code(answer) == "VERSION_CONFLICT").count();
        assert_eq!(lost, 9);
    }

    /// waiting, active and paused in any order, then finished or cancelled, which are final.
    async fn a_session_lives_in_order(server: Server) {
        let alice = server.member("Alice").await;
        let open = async || make_session(&alice, json!({ "name": "Life" })).await.1;
        let session = open().await;
        let mut started = Value::Null;
        for status in ["ACTIVE", "PAUSED", "ACTIVE", "FINISHED"] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            let answer = update_session(&alice, &session, json!({ "status": status })).await;
            let row = &answer.json["data"]["updateSpaceSession"]["spaceSession"];
            assert_eq!(row["status"], status, "{}", answer.text);
            assert_time(&row["startedAt"]);
            if started.is_null() {
                started = row["startedAt"].clone();
            }
            assert_eq!(row["startedAt"], started, "when it first became active");
            assert_eq!(row["finishedAt"].is_null(), status != "FINISHED");
        }
        for (before, refused) in [
            (&[][..], &["PAUSED", "FINISHED"][..]),
            (&["ACTIVE"], &["WAITING"]),
            (&["ACTIVE", "PAUSED"], &["WAITING"]),
            (&["ACTIVE", "FINISHED"], &["WAITING", "ACTIVE", "PAUSED", "CANCELLED"]),
            (&["CANCELLED"], &["WAITING", "ACTIVE", "PAUSED", "FINISHED"]),
            (&["ACTIVE", "PAUSED", "CANCELLED"], &["ACTIVE"]),
        ] {
            let session = open().await;
            for status in before {
                let answer = update_session(&alice, &session, json!({ "status": status })).await;
                assert!(answer.json["errors"].is_null(), "{}", answer.text);
            }
            for status in refused {
                let answer = update_session(&alice, &session, json!({ "status": status })).await;
                let code = &answer.json["errors"][0]["extensions"]["code"];
                assert_eq!(code, "CONFLICT", "{before:?} then {status}: {}", answer.text);
            }
        }
        let state = update_session(&alice, &session, json!({ "state": {} })).await;
        assert_eq!(state.json["errors"][0]["extensions"]["code"], "CONFLICT", "{}", state.text);
    }
}
