//! Decisions of administrators.

use super::*;

on_both! {
    /// Pending requests first, then the newest, in a constant number of statements.
    async fn requests_are_listed(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        assert!(listed(&admin).await.is_empty());
        let mut asked = Vec::new();
        for name in ["First", "Second", "Third", "Fourth"] {
            server.app.clock.advance(std::time::Duration::from_secs(1));
            asked.push(ask(&alice, &business(&alice, name).await).await);
        }
        for (place, verdict) in [(3, "approved"), (1, "rejected")] {
            assert_status(&admin.put(&asked[place], json!({ "status": verdict })).await, 200);
        }
        admin.get(LIST).await;
        server.statements();
        let rows = listed(&admin).await;
        assert_eq!(server.statements().len(), 2, "requests and their communities");
        let names: Vec<&str> = rows.iter().map(|row| text(row, "communityName")).collect();
        assert_eq!(names, ["Third", "First", "Fourth", "Second"]);
        let pending = admin.get(&format!("{LIST}?status=pending")).await;
        assert_eq!(pending.json["requests"].as_array().map(Vec::len), Some(2));
        refused(&admin.get(&format!("{LIST}?status=lost")).await, 400, "INVALID");

        for path in [LIST, "/api/v1/admin/verification-requests"] {
            assert_eq!(refused(&server.anon().get(path).await, 401, "UNAUTHENTICATED"), "Unauthorized");
            assert_eq!(refused(&alice.get(path).await, 403, "FORBIDDEN"), "Admin only");
        }
        let page = "query($a: String) { verificationRequests(first: 3, after: $a) {
            totalCount nodes { status } pageInfo { hasNextPage endCursor } } }";
        let first = admin.graphql(page, json!({})).await.json["data"]["verificationRequests"].clone();
        assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(4), &json!(true)));
        let statuses = json!([{ "status": "PENDING" }, { "status": "PENDING" }, { "status": "APPROVED" }]);
        assert_eq!(first["nodes"], statuses);
        let rest = admin.graphql(page, json!({ "a": first["pageInfo"]["endCursor"] })).await;
        assert_eq!(rest.json["data"]["verificationRequests"]["nodes"], json!([{ "status": "REJECTED" }]));
        let query = "{ verificationRequests { nodes { id } } }";
        let stranger = alice.graphql(query, json!({})).await;
        assert_eq!(stranger.json["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }

    /// Approval verifies at once, by either method and path; rejection does not, and allows another request.
    async fn requests_are_judged(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let path = business(&alice, "Shop").await;
        let first = ask(&alice, &path).await;
        server.app.clock.advance(std::time::Duration::from_secs(60));
        let body = json!({ "status": "rejected", "reviewerNotes": "We cannot read the papers" });
        let answer = admin.put(&first, body).await;
        assert_eq!((answer.status, answer.json), (200, json!({ "success": true })));
        assert!(!is_verified(&server, &path).await);
        let second = ask(&alice, &path).await.replace("/api/", "/api/v1/");
        let body = json!({ "status": "APPROVED", "reviewerNotes": null });
        let answer = admin.send(admin.request(reqwest::Method::PATCH, &second).json(&body)).await;
        assert_eq!((answer.status, answer.json), (200, json!({ "success": true })));
        assert!(is_verified(&server, &path).await);
        let rows = listed(&admin).await;
        let stand: Vec<Value> =
            rows.iter().map(|row| json!([row["status"], row["reviewerNotes"], row["reviewedAt"].is_string()])).collect();
        assert_eq!(stand, [json!(["approved", null, true]), json!(["rejected", "We cannot read the papers", true])]);
        // A later rejection keeps the mark.
        let third = ask(&alice, &path).await;
        assert_status(&admin.put(&third, json!({ "status": "rejected" })).await, 200);
        assert!(is_verified(&server, &path).await);
    }

    /// Every refusal of a decision, in order.
    async fn judging_is_refused(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let path = ask(&alice, &business(&alice, "Shop").await).await;
        let (nonsense, nowhere) = (format!("{LIST}/nonsense"), format!("{LIST}/{NOWHERE}"));
        for path in [&path, &nonsense, &nowhere] {
            for body in [json!({ "status": "approved" }), json!({ "status": "maybe" }), json!({})] {
                refused(&server.anon().put(path, body.clone()).await, 401, "UNAUTHENTICATED");
                assert_eq!(refused(&alice.put(path, body).await, 403, "FORBIDDEN"), "Admin only");
            }
        }
        refused(&admin.put(&nonsense, json!({ "status": "approved" })).await, 400, "INVALID");
        let sentence = "status must be 'approved' or 'rejected'";
        for path in [&path, &nowhere] {
            for body in [json!({}), json!({ "status": null }), json!({ "reviewerNotes": "n" })] {
                refused(&admin.put(path, body).await, 422, "UNPROCESSABLE");
            }
            refused(&admin.send(admin.request(reqwest::Method::PUT, path)).await, 422, "UNPROCESSABLE");
            for status in ["maybe", "pending", ""] {
                let answer = admin.put(path, json!({ "status": status })).await;
                assert_eq!(refused(&answer, 400, "INVALID"), sentence, "{status}");
            }
            let notes = json!({ "status": "approved", "reviewerNotes": "n".repeat(2001) });
            refused(&admin.put(path, notes).await, 400, "INVALID");
        }
        let gone = "Request not found or already reviewed";
        assert_eq!(refused(&admin.put(&nowhere, json!({ "status": "approved" })).await, 404, "NOT_FOUND"), gone);
        assert_status(&admin.put(&path, json!({ "status": "rejected" })).await, 200);
        for status in ["approved", "rejected"] {
            assert_eq!(refused(&admin.put(&path, json!({ "status": status })).await, 404, "NOT_FOUND"), gone);
        }
    }

    /// Of many concurrent decisions, one counts: the account has its result, and the log one entry.
    async fn many_judge_at_once(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let other = server.admin("Other").await;
        for round in 0..3 {
            let community = business(&alice, &format!("Shop {round}")).await;
            let path = ask(&alice, &community).await;
            let verdicts = ["approved", "rejected", "approved", "rejected"];
            let answers: Vec<Answer> = join_all(verdicts.iter().enumerate().map(async |(turn, status)| {
                let who = if turn < 2 { &admin } else { &other };
                who.put(&path, json!({ "status": status })).await
            }))
            .await;
            let heard: Vec<_> = answers.iter().zip(verdicts).filter(|(answer, _)| answer.status == 200).collect();
            assert_eq!(heard.len(), 1);
            assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 404)));
            assert_eq!(is_verified(&server, &community).await, heard[0].1 == "approved");
        }
        let log = audit_event::Entity::find().all(server.app.db.read()).await.expect("reads");
        let reviews = log.iter().filter(|event| event.subject_id.is_some());
        assert_eq!(reviews.count(), 3, "{log:#?}");
    }

    /// A decision that cannot be logged has no effect: decision, mark and log are one transaction.
    async fn a_verdict_is_all_or_nothing(server: Server) {
        let (alice, admin) = (server.member("Alice").await, server.admin("Admin").await);
        let community = business(&alice, "Shop").await;
        let path = ask(&alice, &community).await;
        let db = server.app.db.write();
        db.execute_unprepared("ALTER TABLE audit_events RENAME TO audit_elsewhere").await.expect("renames");
        refused(&admin.put(&path, json!({ "status": "approved" })).await, 500, "INTERNAL");
        assert!(!is_verified(&server, &community).await);
        assert_eq!(listed(&admin).await[0]["status"], "pending");
        db.execute_unprepared("ALTER TABLE audit_elsewhere RENAME TO audit_events").await.expect("renames");
        assert_status(&admin.put(&path, json!({ "status": "approved" })).await, 200);
        assert!(is_verified(&server, &community).await);
    }
}
