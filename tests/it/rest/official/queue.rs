//! The queue: the longest waiting customer is served first.

use std::time::Duration;

use serde_json::{Value, json};

use super::Desk;
use crate::{
    rest::{assert_keys, assert_status, refused, text},
    support::{Caller, on_both},
};

fn names(rows: &[Value]) -> Vec<(&str, &str)> {
    rows.iter().map(|row| (text(row, "userName"), text(row, "status"))).collect()
}

on_both! {
    async fn in_the_order_of_serving(server: Server) {
        let desk = Desk::open(&server, "hybrid").await;
        assert_eq!(desk.queue(&desk.agent).await, Vec::<Value>::new());
        let mut people: Vec<(Caller, String)> = Vec::new();
        for name in ["Ann", "Ben", "Cid", "Dora", "Eve", "Fay"] {
            let who = server.member(name).await;
            let id = desk.begin(&who).await;
            people.push((who, id));
        }
        for at in [0, 1, 2, 3] {
            server.app.clock.advance(Duration::from_secs(1));
            assert_status(&desk.transfer(&people[at].0).await, 200);
        }
        server.app.clock.advance(Duration::from_secs(1));
        assert_status(&desk.accept(&desk.agent, &people[1].1).await, 200);
        server.app.clock.advance(Duration::from_secs(1));
        assert_status(&desk.accept(&desk.other, &people[2].1).await, 200);
        server.app.clock.advance(Duration::from_secs(1));
        assert_status(&desk.resolve(&people[5].0, &people[5].1).await, 200);
        let queue = desk.queue(&desk.agent).await;
        assert_eq!(names(&queue), [
            ("Ann", "waiting_human"),
            ("Dora", "waiting_human"),
            ("Cid", "human_active"),
            ("Ben", "human_active"),
            ("Eve", "ai_active"),
            ("Fay", "resolved"),
        ]);
        assert_keys(&queue[3], &["id", "conversationId", "userId", "status", "assignedCsId", "userName",
            "userImage", "createdAt", "updatedAt"]);
        assert_eq!(queue[3]["assignedCsId"], json!(desk.agent.id));
        assert_eq!(queue[0]["assignedCsId"], Value::Null);
        assert_eq!(queue[0]["userId"], json!(people[0].0.id));
        assert_eq!(queue[0]["conversationId"], json!(people[0].1));
        let query = "query($c: ID!) { supportQueue(communityId: $c) { position waitingSince } }";
        let seen = desk.moderator.graphql(query, json!({ "c": desk.community })).await;
        let places: Vec<_> = seen.json["data"]["supportQueue"].as_array().expect("a queue").iter()
            .map(|chat| chat["position"].as_i64()).collect();
        assert_eq!(places, [Some(1), Some(2), None, None, None, None]);
    }

    /// A long queue takes as few statements as a short one.
    async fn many_cost_no_more(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let mut counts = Vec::new();
        for (from, to) in [(0, 2), (2, 8)] {
            for number in from..to {
                let who = server.member(&format!("Person{number}")).await;
                let id = desk.begin(&who).await;
                if number % 2 == 0 {
                    assert_status(&desk.accept(&desk.agent, &id).await, 200);
                }
            }
            desk.queue(&desk.agent).await;
            server.statements();
            desk.queue(&desk.agent).await;
            counts.push(server.statements().len());
        }
        assert_eq!(counts[0], counts[1]);
    }

    async fn the_team_only(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        for path in [desk.path.as_str(), "/api/communities/019b0000-0000-7000-8000-000000000000"] {
            let answer = desk.customer.get(&format!("{path}/cs-queue")).await;
            assert_eq!(refused(&answer, 403, "FORBIDDEN"), "Not authorized");
        }
        for who in [&desk.agent, &desk.moderator, &desk.creator] {
            desk.queue(who).await;
        }
    }
}
