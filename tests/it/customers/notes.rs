//! Notes of the team: no path shows them to the customer.

use std::time::Duration;

use serde_json::{Value, json};

use super::in_a_shop;
use crate::{
    agents::{code, ok},
    support::Caller,
};

const ADD: &str =
    "mutation($c: ID!, $t: String!) { addSupportNote(input: { conversationId: $c, text: $t }) { supportNote {
    id text author { name } } } }";
const LIST: &str = "query($c: ID!) { supportNotes(conversationId: $c) { text author { name } } }";

async fn note(who: &Caller, chat: &str, text: &str) -> Value {
    ok(who.graphql(ADD, json!({ "c": chat, "t": text })).await)["addSupportNote"]["supportNote"].clone()
}

in_a_shop! {
    async fn the_team_sees_them_and_nobody_else(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        shop.tell(&shop.customer, &chat, "Hello?").await;
        assert_eq!(note(&shop.ann, &chat, "secretword one").await["author"]["name"], "Ann");
        shop.server.app.clock.advance(Duration::from_secs(1));
        note(&shop.creator, &chat, "secretword two").await;
        let seen = ok(shop.moderator.graphql(LIST, json!({ "c": chat })).await);
        let expected = json!([
            { "text": "secretword one", "author": { "name": "Ann" } },
            { "text": "secretword two", "author": { "name": "Creator" } },
        ]);
        assert_eq!(seen["supportNotes"], expected);
        let (stranger, member) = (shop.server.member("Stranger").await, shop.server.member("Member").await);
        assert_eq!(member.post_empty(&format!("{}/join", shop.path)).await.status, 200);
        for who in [&shop.customer, &stranger, &member] {
            assert_eq!(code(&who.graphql(LIST, json!({ "c": chat })).await), "NOT_FOUND");
            assert_eq!(code(&who.graphql(ADD, json!({ "c": chat, "t": "x" })).await), "NOT_FOUND");
        }
        for text in ["", "  ", &"x".repeat(5001)] {
            assert_eq!(code(&shop.ann.graphql(ADD, json!({ "c": chat, "t": text })).await), "INVALID");
        }
    }

    /// Not in the history, list, search, inbox, or subscriptions.
    async fn the_customer_never_meets_one(shop: "human_only") {
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.tell(&shop.customer, &chat, "Hello?").await;
        note(&shop.ann, &chat, "secretword about them").await;
        shop.tell(&shop.ann, &chat, "Hello!").await;
        note(&shop.ann, &chat, "secretword again").await;
        shop.resolve(&shop.ann, &chat).await;
        assert_eq!(subscriber.take(4).await, ["Customer: Hello?", "Ann: Hello!", "human_active", "resolved"]);
        let everything = "query($c: ID!) { conversation(id: $c) { lastMessage { content } messageCount unreadCount
            messages(last: 50) { nodes { content } } search(text: \"secretword\") { content }
            support { noteCount lateSince episodes { comment } } }
            viewer { conversations { nodes { id lastMessage { content } } } } }";
        let history = format!("/api/conversations/{chat}/messages");
        for answer in [
            shop.customer.graphql(everything, json!({ "c": chat })).await,
            shop.customer.get(&history).await,
            shop.customer.get("/api/conversations").await,
            shop.customer.get(&format!("{}/cs-status?conversationId={chat}", shop.path)).await,
        ] {
            assert_eq!(answer.status, 200);
            assert!(!answer.text.contains("secretword"), "{}", answer.text);
            assert!(!answer.text.contains("noteCount\":2"), "{}", answer.text);
        }
        // Nor when the log is read from its beginning.
        let mut again = crate::support::Events::open(&shop.customer, &format!("/api/conversations/{chat}/events"), Some("0")).await;
        for _ in 0..5 {
            let told = again.expect().await.json.to_string();
            assert!(!told.contains("secretword"), "{told}");
        }
    }

    /// A team member who is the customer cannot see the notes of the others.
    async fn team_members_cannot_read_notes_about_themselves(shop: "human_only") {
        let chat = shop.begin(&shop.ben).await;
        note(&shop.ann, &chat, "It is only Ben").await;
        assert_eq!(code(&shop.ben.graphql(LIST, json!({ "c": chat })).await), "NOT_FOUND");
        let support = shop.support_of(&shop.ben, &chat, "noteCount").await;
        assert_eq!(support["noteCount"], Value::Null);
        assert_eq!(shop.support_of(&shop.ann, &chat, "noteCount").await["noteCount"], 1);
    }
}
