//! Support chats in the list of conversations, and their messages over REST.

use std::time::Duration;

use serde_json::{Value, json};

use super::Desk;
use crate::{
    rest::{assert_keys, assert_status, text},
    support::{Caller, on_both},
};

async fn own(who: &Caller) -> Vec<Value> {
    let answer = who.get("/api/conversations").await;
    assert_status(&answer, 200);
    assert_keys(&answer.json, &["conversations"]);
    answer.json["conversations"].as_array().expect("conversations").clone()
}

on_both! {
    async fn the_list_has_what_is_ones_own(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let id = desk.begin(&desk.customer).await;
        let said = desk.say(&desk.customer, &id, "Where is my parcel?").await;
        assert_status(&said, 201);
        let rows = own(&desk.customer).await;
        assert_eq!(rows.len(), 1);
        assert_keys(&rows[0], &["id", "type", "communityId", "title", "status", "lastMessage", "unreadCount",
            "updatedAt"]);
        assert_eq!(rows[0]["id"], json!(id));
        assert_eq!((text(&rows[0], "type"), text(&rows[0], "status")), ("support", "waiting_human"));
        assert_eq!((text(&rows[0], "title"), &rows[0]["unreadCount"]), ("Harbour", &json!(0)));
        assert_eq!(rows[0]["lastMessage"]["content"], "Where is my parcel?");
        // The team has its rooms, and the chats assigned to the member.
        let has = |rows: &[Value]| rows.iter().any(|row| row["id"] == *id);
        assert!(!has(&own(&desk.agent).await));
        assert_status(&desk.accept(&desk.agent, &id).await, 200);
        let rows = own(&desk.agent).await;
        assert!(has(&rows) && !has(&own(&desk.other).await));
        let row = rows.iter().find(|row| row["id"] == *id).expect("is there");
        assert_eq!((text(row, "status"), &row["unreadCount"]), ("human_active", &json!(1)));
        let room = rows.iter().find(|row| row["type"] == "room").expect("a room");
        assert_eq!((&room["status"], text(room, "communityId")), (&Value::Null, desk.community.as_str()));
        assert_status(&desk.say(&desk.agent, &id, "On its way.").await, 201);
        assert_eq!(own(&desk.customer).await[0]["unreadCount"], 1);
        assert_eq!(own(&desk.agent).await[0]["unreadCount"], 0);
        // A former team member no longer has it.
        let remove = "mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { community { id } } }";
        desk.creator.graphql(remove, json!({ "c": desk.community, "u": desk.agent.id })).await;
        assert!(!has(&own(&desk.agent).await));
        let read = desk.agent.get(&format!("/api/conversations/{id}/messages")).await;
        assert_status(&read, 404);
    }

    /// A chat without messages is sorted by its creation.
    async fn the_last_begun_comes_first(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let spoken = desk.begin(&desk.customer).await;
        assert_status(&desk.say(&desk.customer, &spoken, "Where is my parcel?").await, 201);
        server.app.clock.advance(Duration::from_secs(1));
        let made = desk.creator.post("/api/communities", json!({ "name": "Bakery", "type": "official" })).await;
        let path = format!("/api/communities/{}/start-chat", text(&made.json, "id"));
        assert_status(&desk.customer.post_empty(&path).await, 201);
        let rows = own(&desk.customer).await;
        let titles: Vec<&str> = rows.iter().map(|row| text(row, "title")).collect();
        assert_eq!(titles, ["Bakery", "Harbour"]);
    }

    /// System messages have no author.
    async fn system_messages_are_nobodys(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        let id = desk.begin(&desk.customer).await;
        assert_status(&desk.say(&desk.customer, &id, "Hello?").await, 201);
        let answer = desk.customer.get(&format!("/api/conversations/{id}/messages")).await;
        let last = answer.json["messages"].as_array().expect("messages").last().expect("one").clone();
        assert_eq!(text(&last, "messageType"), "system");
        assert_eq!(text(&last, "content"), "We cannot answer right now. Please try again later.");
        for key in ["userId", "userName", "userImage", "agentListingId", "agentName"] {
            assert_eq!(last[key], Value::Null, "{key}");
        }
        assert_eq!(desk.status(&desk.customer, &id).await, "ai_active");
    }

    /// Without an agent, customers of a hybrid account wait for a person.
    async fn without_an_agent_a_person_is_waited_for(server: Server) {
        let desk = Desk::open(&server, "hybrid").await;
        let id = desk.begin(&desk.customer).await;
        assert_status(&desk.say(&desk.customer, &id, "Hello?").await, 201);
        assert_eq!(desk.status(&desk.customer, &id).await, "waiting_human");
        let said = desk.history(&desk.agent, &id).await;
        assert_eq!(said[1], ("-".to_owned(), "A person will answer you.".to_owned()));
        // The first to answer becomes the assignee.
        assert_status(&desk.say(&desk.other, &id, "Hello!").await, 201);
        assert_eq!(desk.status(&desk.customer, &id).await, "human_active");
        assert_eq!(desk.queue(&desk.agent).await[0]["assignedCsId"], json!(desk.other.id));
        assert_status(&desk.say(&desk.agent, &id, "I can help too.").await, 201);
        assert_eq!(desk.queue(&desk.agent).await[0]["assignedCsId"], json!(desk.other.id));
        // A message in a resolved chat reopens it.
        assert_status(&desk.resolve(&desk.other, &id).await, 200);
        assert_status(&desk.say(&desk.customer, &id, "One more thing").await, 201);
        assert_eq!(desk.status(&desk.customer, &id).await, "waiting_human");
    }
}
