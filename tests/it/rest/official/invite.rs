//! Inviting CS agents.

use serde_json::json;

use super::Desk;
use crate::{
    rest::{NOWHERE, assert_status, refused},
    support::{Caller, on_both},
};

async fn role(desk: &Desk, who: &Caller) -> String {
    let answer = desk.creator.get(&format!("{}/members", desk.path)).await;
    let rows = answer.json["members"].as_array().expect("members").clone();
    let row = rows.iter().find(|row| row["userId"] == who.id);
    row.map_or("none".to_owned(), |row| row["role"].as_str().expect("a role").to_owned())
}

async fn count(desk: &Desk) -> i64 {
    desk.creator.get(&desk.path).await.json["memberCount"].as_i64().expect("a count")
}

on_both! {
    /// By id or by address; counted once, free of charge.
    async fn anybody_can_be_invited(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        let fees = json!({ "joinFee": 10, "monthlyFee": 5 });
        assert_status(&desk.creator.put(&desk.path, fees).await, 200);
        let (before, helper) = (count(&desk).await, server.member("Helper").await);
        for who in [json!({ "userId": helper.id }), json!({ "userId": helper.id })] {
            let answer = desk.invite(&desk.creator, who).await;
            assert_status(&answer, 200);
            assert_eq!(answer.json, json!({ "success": true }));
        }
        assert_eq!((role(&desk, &helper).await.as_str(), count(&desk).await), ("cs_agent", before + 1));
        let second = server.member("Second").await;
        let answer = desk.invite(&desk.moderator, json!({ "userId": " SECOND@example.com" })).await;
        assert_status(&answer, 200);
        assert_eq!((role(&desk, &second).await.as_str(), count(&desk).await), ("cs_agent", before + 2));
        assert_eq!(server.balance(&second).await, 0);
    }

    /// A higher role is kept: the creator stays the creator.
    async fn nobody_loses_a_role(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        for (who, is) in [(&desk.creator, "creator"), (&desk.moderator, "moderator"), (&desk.agent, "cs_agent")] {
            assert_status(&desk.invite(&desk.moderator, json!({ "userId": who.id })).await, 200);
            assert_eq!(role(&desk, who).await, is);
        }
        assert_status(&desk.customer.post_empty(&format!("{}/join", desk.path)).await, 200);
        assert_status(&desk.invite(&desk.creator, json!({ "userId": desk.customer.id })).await, 200);
        assert_eq!(role(&desk, &desk.customer).await, "cs_agent");
    }

    async fn refusals_come_in_order(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        for who in [&desk.agent, &desk.customer] {
            let answer = desk.invite(who, json!({})).await;
            assert_eq!(refused(&answer, 403, "FORBIDDEN"), "Only creator/moderator can invite CS agents");
        }
        let unknown = format!("/api/communities/{NOWHERE}/invite-cs");
        let answer = desk.creator.post(&unknown, json!({ "userId": desk.agent.id })).await;
        assert_eq!(refused(&answer, 403, "FORBIDDEN"), "Only creator/moderator can invite CS agents");
        for body in [json!({}), json!({ "userId": "" }), json!({ "userId": null })] {
            let answer = desk.invite(&desk.creator, body).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "userId required");
        }
        for wrong in [json!(5), json!([]), json!({}), json!(true)] {
            for member in ["userId", "email"] {
                let answer = desk.invite(&desk.creator, json!({ (member): wrong })).await;
                refused(&answer, 422, "UNPROCESSABLE");
                assert_eq!(answer.json["field"], member, "{}", answer.text);
            }
        }
        let answer = desk.invite(&desk.creator, json!({ "userId": "nobody" })).await;
        assert_eq!(refused(&answer, 404, "NOT_FOUND"), "User not found");
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }";
        desk.creator.graphql(ban, json!({ "c": desk.community, "u": desk.customer.id })).await;
        let answer = desk.invite(&desk.creator, json!({ "userId": desk.customer.id })).await;
        assert_eq!(refused(&answer, 409, "CONFLICT"), "The user is banned from this community");
    }
}
