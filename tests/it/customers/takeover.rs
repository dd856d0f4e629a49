//! A person answers: the customer is assigned, and the agent stops.

use std::sync::Arc;

use entity::agent_reply::Status;
use plaza::{app::App, clock::Clock, domain::agents};
use sea_orm::EntityTrait;
use serde_json::json;
use tokio::sync::Notify;

use super::{Shop, in_a_shop};
use crate::agents::{begun, code, ended, ok};

impl Shop {
    /// Waits until the agent has published its first words.
    async fn first_words(&self) {
        loop {
            let events = entity::agent_reply_event::Entity::find().all(self.server.app.db.read()).await;
            if events.expect("reads").iter().any(|event| !event.text.is_empty()) {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn reply_statuses(&self) -> Vec<Status> {
        let mut replies =
            entity::agent_reply::Entity::find().all(self.server.app.db.read()).await.expect("reads");
        replies.sort_by_key(|reply| reply.id);
        replies.iter().map(|reply| reply.status).collect()
    }
}

in_a_shop! {
    /// During a reply: the generated part is kept, nothing follows it, and it is free.
    async fn the_agent_falls_silent(shop: "hybrid") {
        shop.set(json!({ "callFee": 20 })).await;
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        let gate = Arc::new(Notify::new());
        shop.model.respond_with(begun("I think", &gate, ended(" that")));
        shop.tell(&shop.customer, &chat, "Where is it?").await;
        shop.first_words().await;
        shop.tell(&shop.ann, &chat, "Here it is.").await;
        let heard = subscriber.take(4).await;
        assert_eq!(heard, ["Customer: Where is it?", "Guide: I think", "Ann: Here it is.", "human_active"]);
        gate.notify_one();
        assert_eq!(shop.reply_statuses().await, [Status::Stopped]);
        assert_eq!(shop.coins().await, [100, 0, 0]);
        // From now on people answer.
        shop.tell(&shop.customer, &chat, "Thank you").await;
        assert_eq!(subscriber.next().await, "Customer: Thank you");
        assert_eq!(shop.reply_statuses().await, [Status::Stopped]);
        assert_eq!(shop.history(&chat).await.len(), 4);
        let support = shop.support_of(&shop.customer, &chat, "assignee { id name }").await;
        assert_eq!(support["assignee"], json!({ "id": shop.ann.id, "name": "Ann" }));
    }

    /// A customer who requests a person need not wait for the end of a reply.
    async fn asking_for_a_person_stops_it_too(shop: "ai_only") {
        let chat = shop.begin(&shop.customer).await;
        let gate = Arc::new(Notify::new());
        shop.model.respond_with(begun("I think", &gate, ended(" that")));
        shop.tell(&shop.customer, &chat, "Where is it?").await;
        shop.first_words().await;
        shop.transfer(&shop.customer).await;
        gate.notify_one();
        assert_eq!(shop.reply_statuses().await, [Status::Stopped]);
        assert_eq!(shop.history(&chat).await, ["Customer: Where is it?", "Guide: I think"]);
        assert_eq!(shop.status(&chat).await, "WAITING_HUMAN");
    }

    /// If a server disappears during a reply, another hands the customer over.
    async fn a_server_that_is_gone_hands_over(shop: "hybrid") {
        shop.set(json!({ "callFee": 20 })).await;
        let chat = shop.begin(&shop.customer).await;
        let gate = Arc::new(Notify::new());
        shop.model.respond_with(begun("I think", &gate, ended(" that")));
        shop.tell(&shop.customer, &chat, "Where is it?").await;
        shop.first_words().await;
        let later = shop.server.app.clock.now() + chrono::TimeDelta::seconds(61);
        let other = App::new(shop.server.app.db.clone(), Clock::manual(later), Default::default());
        agents::fail_abandoned(&other).await.expect("ends it");
        assert_eq!(shop.status(&chat).await, "WAITING_HUMAN");
        let word = "-: The assistant could not answer. A person will take over.";
        assert_eq!(shop.history(&chat).await, ["Customer: Where is it?", "Guide: I think", word]);
        assert_eq!(shop.coins().await, [100, 0, 0]);
        gate.notify_one();
    }

    /// A person and the agent answer at the same moment: after the person's message, the agent posts nothing.
    async fn both_at_once(shop: "hybrid") {
        shop.set(json!({ "callFee": 1 })).await;
        shop.server.delay_commits(3000);
        for round in 0..12 {
            let customer = shop.server.member(&format!("Customer{round}")).await;
            shop.server.give(&customer, 10).await;
            let chat = shop.begin(&customer).await;
            let (asked, answered) =
                tokio::join!(shop.say(&customer, &chat, "Question"), shop.say(&shop.ann, &chat, "Answer"));
            assert_eq!((asked.status, answered.status), (201, 201));
            let more = shop.say(&customer, &chat, "More").await;
            assert_eq!(more.status, 201);
            // All replies have ended when a person has posted.
            shop.tell(&shop.ben, &chat, "The end").await;
            let said = shop.history(&chat).await;
            let person = said.iter().position(|line| line.starts_with("Ann: ")).expect("Ann has spoken");
            let agent = said.iter().rposition(|line| line.starts_with("Guide: "));
            assert!(agent.is_none_or(|agent| agent < person), "{said:?}");
            assert_eq!(shop.status(&chat).await, "HUMAN_ACTIVE");
            let support = shop.support_of(&shop.ann, &chat, "assignee { id }").await;
            assert_eq!(support["assignee"]["id"], json!(shop.ann.id));
        }
        assert!(shop.reply_statuses().await.iter().all(|status| *status != Status::Running));
        shop.coins().await;
    }

    /// Two team members answer at once: the customer is assigned to one.
    async fn two_people_at_once(shop: "human_only") {
        shop.server.delay_commits(3000);
        for round in 0..6 {
            let customer = shop.server.member(&format!("Customer{round}")).await;
            let chat = shop.begin(&customer).await;
            let mut subscriber = shop.subscribe(&customer, &chat).await;
            let (a, b) = tokio::join!(shop.say(&shop.ann, &chat, "Mine"), shop.say(&shop.ben, &chat, "Mine"));
            assert_eq!((a.status, b.status), (201, 201));
            let heard = subscriber.take(3).await;
            assert_eq!(heard.iter().filter(|what| *what == "human_active").count(), 1, "{heard:?}");
            let first = heard[0].split(':').next().expect("a name").to_owned();
            let support = shop.support_of(&customer, &chat, "assignee { name }").await;
            assert_eq!(support["assignee"]["name"], json!(first));
        }
    }

    /// The capacity holds for concurrent assignments.
    async fn the_capacity_of_a_team_member_is_respected(shop: "human_only") {
        shop.set(json!({ "capacity": 2 })).await;
        shop.server.delay_commits(2000);
        let mut chats = Vec::new();
        for round in 0..5 {
            let customer = shop.server.member(&format!("Customer{round}")).await;
            chats.push(shop.begin(&customer).await);
        }
        let taken = chats.iter().map(|chat| shop.about(&shop.ann, "accept-transfer", chat));
        let taken = futures_util::future::join_all(taken).await;
        let mut statuses: Vec<u16> = taken.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 409, 409, 409]);
        let full = taken.iter().find(|answer| answer.status == 409).expect("is refused");
        let sentence = "A team member can serve at most 2 customers at a time here";
        assert_eq!(full.json, json!({ "error": sentence, "code": "CONFLICT" }));
        // Nor by answering or by a transfer; a member may still help another's customer.
        let left = chats.iter().zip(&taken).find(|(_, answer)| answer.status == 409).expect("is left").0;
        let mine = chats.iter().zip(&taken).find(|(_, answer)| answer.status == 200).expect("is taken").0;
        assert_eq!(shop.say(&shop.ann, left, "Hello").await.status, 409);
        let hand = "mutation($c: ID!, $u: ID) { transferSupportChat(input: { conversationId: $c, userId: $u }) { supportChat { status } } }";
        let answer = shop.creator.graphql(hand, json!({ "c": left, "u": shop.ann.id })).await;
        assert_eq!(code(&answer), "CONFLICT");
        shop.accept(&shop.ben, left).await;
        shop.tell(&shop.ann, left, "I can help").await;
        shop.resolve(&shop.ann, mine).await;
        let answer = shop.creator.graphql(hand, json!({ "c": left, "u": shop.ann.id })).await;
        assert_eq!(ok(answer)["transferSupportChat"]["supportChat"]["status"], "HUMAN_ACTIVE");
        let answer = shop.ann.graphql(hand, json!({ "c": left, "u": null })).await;
        assert_eq!(ok(answer)["transferSupportChat"]["supportChat"]["status"], "WAITING_HUMAN");
        let answer = shop.creator.graphql(hand, json!({ "c": left, "u": shop.customer.id })).await;
        assert_eq!(code(&answer), "NOT_FOUND");
    }
}
