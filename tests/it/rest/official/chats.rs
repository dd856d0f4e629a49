//! One chat from its beginning to its end, with every refusal.

use serde_json::json;

use super::{Desk, status_answer};
use crate::{
    rest::{NOWHERE, assert_keys, assert_status, refused, text},
    support::on_both,
};

on_both! {
    /// Started twice, handed over, accepted, resolved twice, started again: always one conversation.
    async fn one_chat_a_customer(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        let started = desk.start(&desk.customer).await;
        assert_status(&started, 201);
        assert_keys(&started.json, &["conversationId", "existing", "status"]);
        assert_eq!((&started.json["existing"], &started.json["status"]), (&json!(false), &json!("ai_active")));
        let id = text(&started.json, "conversationId").to_owned();
        let again = desk.start(&desk.customer).await;
        assert_status(&again, 200);
        assert_eq!(again.json, json!({ "conversationId": id, "existing": true, "status": "ai_active" }));

        // A person can be requested in every mode.
        let asked = desk.transfer(&desk.customer).await;
        assert_status(&asked, 200);
        assert_eq!(asked.json, status_answer("waiting_human"));
        let twice = desk.transfer(&desk.customer).await;
        assert_eq!(refused(&twice, 404, "NOT_FOUND"), "No active AI conversation found");
        let taken = desk.accept(&desk.agent, &id).await;
        assert_status(&taken, 200);
        assert_eq!(taken.json, status_answer("human_active"));
        let late = desk.accept(&desk.other, &id).await;
        assert_eq!(refused(&late, 404, "NOT_FOUND"), "No waiting conversation found");
        for _ in 0..2 {
            let done = desk.resolve(&desk.agent, &id).await;
            assert_status(&done, 200);
            assert_eq!(done.json, status_answer("resolved"));
        }
        let gone = desk.transfer(&desk.customer).await;
        assert_eq!(refused(&gone, 404, "NOT_FOUND"), "No active AI conversation found");

        let back = desk.start(&desk.customer).await;
        assert_status(&back, 200);
        assert_eq!(back.json, json!({ "conversationId": id, "existing": true, "status": "ai_active" }));
        let query = "query($c: ID!) { conversation(id: $c) {
            support { status episode episodes { number resolvedBy resolvedAt } } } }";
        let seen = desk.customer.graphql(query, json!({ "c": id })).await;
        let support = &seen.json["data"]["conversation"]["support"];
        assert_eq!((&support["status"], &support["episode"]), (&json!("AI_ACTIVE"), &json!(2)), "{}", seen.text);
        assert_eq!(support["episodes"][0]["resolvedBy"], "PERSON");
        assert!(support["episodes"][1]["resolvedAt"].is_null());
    }

    async fn the_mode_says_who_answers_first(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let started = desk.start(&desk.customer).await;
        assert_status(&started, 201);
        assert_eq!(started.json["status"], "waiting_human");
        let asked = desk.transfer(&desk.customer).await;
        assert_eq!(refused(&asked, 404, "NOT_FOUND"), "No active AI conversation found");
        let hybrid = json!({ "name": "Hybrid", "type": "official", "csMode": "hybrid" });
        let hybrid = desk.creator.post("/api/communities", hybrid).await;
        let path = format!("/api/communities/{}/start-chat", text(&hybrid.json, "id"));
        assert_eq!(desk.customer.post(&path, json!({})).await.json["status"], "ai_active");
    }

    async fn beginning_takes_an_open_official_account(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        for path in [NOWHERE, "nonsense"] {
            let answer = desk.customer.post_empty(&format!("/api/communities/{path}/start-chat")).await;
            if path == NOWHERE {
                assert_eq!(refused(&answer, 404, "NOT_FOUND"), "Community not found");
            } else {
                refused(&answer, 400, "INVALID");
            }
        }
        let club = desk.creator.post("/api/communities", json!({ "name": "Club" })).await;
        let club = format!("/api/communities/{}/start-chat", text(&club.json, "id"));
        let answer = desk.customer.post_empty(&club).await;
        let sentence = "start-chat is only available for official communities";
        assert_eq!(refused(&answer, 400, "INVALID"), sentence);
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }";
        let id = desk.begin(&desk.customer).await;
        desk.creator.graphql(ban, json!({ "c": desk.community, "u": desk.customer.id })).await;
        refused(&desk.start(&desk.customer).await, 403, "MEMBER_BANNED");
        refused(&desk.transfer(&desk.customer).await, 403, "MEMBER_BANNED");
        refused(&desk.say(&desk.customer, &id, "Hello").await, 403, "MEMBER_BANNED");
        let read = desk.customer.get(&format!("/api/conversations/{id}/messages")).await;
        refused(&read, 403, "MEMBER_BANNED");
        assert_status(&desk.creator.delete(&desk.path).await, 200);
        let late = server.member("Late").await;
        assert_eq!(refused(&desk.start(&late).await, 404, "NOT_FOUND"), "Community not found");
        refused(&desk.say(&desk.agent, &id, "Hello").await, 400, "INVALID");
        let anon = server.anon().post_empty(&format!("{}/start-chat", desk.path)).await;
        refused(&anon, 401, "UNAUTHENTICATED");
    }

    /// 403 precedes the validation of the body, which precedes 404.
    async fn taking_is_refused_in_order(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let id = desk.begin(&desk.customer).await;
        let accept = format!("{}/accept-transfer", desk.path);
        for body in [json!({}), json!({ "conversationId": id }), json!({ "conversationId": 7 })] {
            let answer = desk.customer.post(&accept, body).await;
            assert_eq!(refused(&answer, 403, "FORBIDDEN"), "Not authorized as CS agent");
        }
        let unknown = format!("/api/communities/{NOWHERE}/accept-transfer");
        let answer = desk.agent.post(&unknown, json!({ "conversationId": id })).await;
        assert_eq!(refused(&answer, 403, "FORBIDDEN"), "Not authorized as CS agent");
        for body in [json!({}), json!({ "conversationId": null }), json!({ "conversationId": "x" }),
            json!({ "conversationId": 7 }), json!({ "conversationId": {} })]
        {
            let answer = desk.agent.post(&accept, body).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "conversationId required");
        }
        let bare = desk.agent.post_empty(&accept).await;
        assert_eq!(refused(&bare, 400, "INVALID"), "conversationId required");
        let answer = desk.accept(&desk.agent, NOWHERE).await;
        assert_eq!(refused(&answer, 404, "NOT_FOUND"), "No waiting conversation found");
        // A chat of another account is not the team's.
        let elsewhere = json!({ "name": "Else", "type": "official", "csMode": "human_only" });
        let elsewhere = desk.other.post("/api/communities", elsewhere).await;
        let path = format!("/api/communities/{}", text(&elsewhere.json, "id"));
        let foreign = desk.customer.post_empty(&format!("{path}/start-chat")).await;
        let foreign = text(&foreign.json, "conversationId").to_owned();
        let answer = desk.accept(&desk.agent, &foreign).await;
        assert_eq!(refused(&answer, 404, "NOT_FOUND"), "No waiting conversation found");
        assert_eq!(desk.status(&desk.customer, &foreign).await, "none");
    }

    async fn resolving_is_refused_in_order(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let id = desk.begin(&desk.customer).await;
        let resolve = format!("{}/resolve", desk.path);
        for body in [json!({}), json!({ "conversationId": "x" })] {
            let answer = desk.other.post(&resolve, body).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "conversationId required");
        }
        assert_status(&desk.accept(&desk.agent, &id).await, 200);
        let stranger = server.member("Stranger").await;
        for (who, what) in [(&stranger, id.as_str()), (&desk.other, &id), (&desk.agent, NOWHERE)] {
            let answer = desk.resolve(who, what).await;
            assert_eq!(refused(&answer, 404, "NOT_FOUND"), "Conversation not found or not authorized");
        }
        for who in [&desk.customer, &desk.moderator, &desk.creator] {
            assert_status(&desk.resolve(who, &id).await, 200);
        }
    }

    async fn strangers_are_told_nothing(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        let id = desk.begin(&desk.customer).await;
        let stranger = server.member("Stranger").await;
        assert_eq!(desk.status(&stranger, &id).await, "none");
        assert_eq!(desk.status(&desk.customer, NOWHERE).await, "none");
        // A room is no support chat, also for users who may not read it.
        let room = "query($c: ID!) { community(id: $c) { conversation { id } } }";
        let room = desk.creator.graphql(room, json!({ "c": desk.community })).await;
        let room = room.json["data"]["community"]["conversation"]["id"].as_str().expect("an id").to_owned();
        for who in [&stranger, &desk.customer, &desk.creator] {
            assert_eq!(desk.status(who, &room).await, "none");
        }
        for who in [&desk.customer, &desk.agent, &desk.moderator, &desk.creator] {
            assert_eq!(desk.status(who, &id).await, "ai_active");
        }
        for query in ["", "?conversationId=", "?conversationId=x"] {
            let answer = desk.customer.get(&format!("{}/cs-status{query}", desk.path)).await;
            assert_eq!(refused(&answer, 400, "INVALID"), "conversationId required (valid UUID)");
        }
        let read = stranger.get(&format!("/api/conversations/{id}/messages")).await;
        assert_eq!(refused(&read, 404, "NOT_FOUND"), "Conversation not found");
        let say = desk.say(&stranger, &id, "Hello").await;
        assert_eq!(refused(&say, 404, "NOT_FOUND"), "Conversation not found");
    }
}
