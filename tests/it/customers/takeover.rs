//! A person speaks: the customer is theirs, and the agent says nothing more.

use std::sync::Arc;

use entity::agent_reply::Status;
use plaza::{app::App, clock::Clock, domain::agents};
use sea_orm::EntityTrait;
use serde_json::json;
use tokio::sync::Notify;

use super::{Shop, in_a_shop};
use crate::agents::{begun, code, ended, ok};

impl Shop {
    /// Waits until the agent has said its first words: those who listen to the answer hear them.
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
    /// In the middle of an answer: what was said stays said, nothing follows it, and it costs nothing.
    async fn the_agent_falls_silent(shop: "hybrid") {
        shop.set(json!({ "callFee": 20 })).await;
        let chat = shop.begin(&shop.customer).await;
        let mut ear = shop.hear(&shop.customer, &chat).await;
        let gate = Arc::new(Notify::new());
        shop.model.will(begun("I think", &gate, ended(" that")));
        shop.tell(&shop.customer, &chat, "Where is it?").await;
        shop.first_words().await;
        shop.tell(&shop.ann, &chat, "Here it is.").await;
        let heard = ear.take(4).await;
        assert_eq!(heard, ["Customer: Where is it?", "Guide: I think", "Ann: Here it is.", "human_active"]);
        gate.notify_one();
        assert_eq!(shop.reply_statuses().await, [Status::Stopped]);
        assert_eq!(shop.coins().await, [100, 0, 0]);
        // From now on people answer.
        shop.tell(&shop.customer, &chat, "Thank you").await;
        assert_eq!(ear.next().await, "Customer: Thank you");
        assert_eq!(shop.reply_statuses().await, [Status::Stopped]);
        assert_eq!(shop.history(&chat).await.len(), 4);
        let stands = shop.stands(&shop.customer, &chat, "assignee { id name }").await;
        assert_eq!(stands["assignee"], json!({ "id": shop.ann.id, "name": "Ann" }));
    }

    /// The customer who asks for a person need not hear the agent out.
    async fn asking_for_a_person_stops_it_too(shop: "ai_only") {
        let chat = shop.begin(&shop.customer).await;
        let gate = Arc::new(Notify::new());
        shop.model.will(begun("I think", &gate, ended(" that")));
        shop.tell(&shop.customer, &chat, "Where is it?").await;
        shop.first_words().await;
        shop.transfer(&shop.customer).await;
        gate.notify_one();
        assert_eq!(shop.reply_statuses().await, [Status::Stopped]);
        assert_eq!(shop.history(&chat).await, ["Customer: Where is it?", "Guide: I think"]);
        assert_eq!(shop.status(&chat).await, "WAITING_HUMAN");
    }

    /// A server that is gone in the middle of an answer leaves nobody alone: another hands the customer over.
    async fn a_server_that_is_gone_hands_over(shop: "hybrid") {
        shop.set(json!({ "callFee": 20 })).await;
        let chat = shop.begin(&shop.customer).await;
        let gate = Arc::new(Notify::new());
        shop.model.will(begun("I think", &gate, ended(" that")));
        shop.tell(&shop.customer, &chat, "Where is it?").await;
        shop.first_words().await;
        let later = shop.server.app.clock.now() + chrono::TimeDelta::seconds(61);
        let other = App::new(shop.server.app.db.clone(), Clock::manual(later), Default::default());
        agents::end_left_behind(&other).await.expect("ends it");
        assert_eq!(shop.status(&chat).await, "WAITING_HUMAN");
        let word = "-: The assistant could not answer. A person will take over.";
        assert_eq!(shop.history(&chat).await, ["Customer: Where is it?", "Guide: I think", word]);
        assert_eq!(shop.coins().await, [100, 0, 0]);
        gate.notify_one();
    }

    /// A person and the agent answer at the same moment: once the person has spoken, the agent does not.
    async fn both_at_once(shop: "hybrid") {
        shop.set(json!({ "callFee": 1 })).await;
        shop.server.dawdle(3000);
        for round in 0..12 {
            let customer = shop.server.member(&format!("Customer{round}")).await;
            shop.server.give(&customer, 10).await;
            let chat = shop.begin(&customer).await;
            let (asked, answered) =
                tokio::join!(shop.say(&customer, &chat, "Question"), shop.say(&shop.ann, &chat, "Answer"));
            assert_eq!((asked.status, answered.status), (201, 201));
            let more = shop.say(&customer, &chat, "More").await;
            assert_eq!(more.status, 201);
            // Whatever runs has ended when another person has spoken.
            shop.tell(&shop.ben, &chat, "The end").await;
            let said = shop.history(&chat).await;
            let person = said.iter().position(|line| line.starts_with("Ann: ")).expect("Ann has spoken");
            let agent = said.iter().rposition(|line| line.starts_with("Guide: "));
            assert!(agent.is_none_or(|agent| agent < person), "{said:?}");
            assert_eq!(shop.status(&chat).await, "HUMAN_ACTIVE");
            let stands = shop.stands(&shop.ann, &chat, "assignee { id }").await;
            assert_eq!(stands["assignee"]["id"], json!(shop.ann.id));
        }
        assert!(shop.reply_statuses().await.iter().all(|status| *status != Status::Running));
        shop.coins().await;
    }

    /// Two of the team answer at once: the customer is one's.
    async fn two_people_at_once(shop: "human_only") {
        shop.server.dawdle(3000);
        for round in 0..6 {
            let customer = shop.server.member(&format!("Customer{round}")).await;
            let chat = shop.begin(&customer).await;
            let mut ear = shop.hear(&customer, &chat).await;
            let (a, b) = tokio::join!(shop.say(&shop.ann, &chat, "Mine"), shop.say(&shop.ben, &chat, "Mine"));
            assert_eq!((a.status, b.status), (201, 201));
            let heard = ear.take(3).await;
            assert_eq!(heard.iter().filter(|what| *what == "human_active").count(), 1, "{heard:?}");
            let first = heard[0].split(':').next().expect("a name").to_owned();
            let stands = shop.stands(&customer, &chat, "assignee { name }").await;
            assert_eq!(stands["assignee"]["name"], json!(first));
        }
    }

    /// As many as one can serve, and no more, however many are taken at once.
    async fn nobody_serves_more_than_they_may(shop: "human_only") {
        shop.set(json!({ "capacity": 2 })).await;
        shop.server.dawdle(2000);
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
        let sentence = "2 customers at a time is as many as one can serve here";
        assert_eq!(full.json, json!({ "error": sentence, "code": "CONFLICT" }));
        // Nor by answering, nor by being handed them; another's they may help with.
        let left = chats.iter().zip(&taken).find(|(_, answer)| answer.status == 409).expect("is left").0;
        let mine = chats.iter().zip(&taken).find(|(_, answer)| answer.status == 200).expect("is taken").0;
        assert_eq!(shop.say(&shop.ann, left, "Hello").await.status, 409);
        let hand = "mutation($c: ID!, $u: ID) { transferSupportChat(input: { conversationId: $c, userId: $u }) { status } }";
        let answer = shop.creator.graphql(hand, json!({ "c": left, "u": shop.ann.id })).await;
        assert_eq!(code(&answer), "CONFLICT");
        shop.accept(&shop.ben, left).await;
        shop.tell(&shop.ann, left, "I can help").await;
        shop.resolve(&shop.ann, mine).await;
        let answer = shop.creator.graphql(hand, json!({ "c": left, "u": shop.ann.id })).await;
        assert_eq!(ok(answer)["transferSupportChat"]["status"], "HUMAN_ACTIVE");
        let answer = shop.ann.graphql(hand, json!({ "c": left, "u": null })).await;
        assert_eq!(ok(answer)["transferSupportChat"]["status"], "WAITING_HUMAN");
        let answer = shop.creator.graphql(hand, json!({ "c": left, "u": shop.customer.id })).await;
        assert_eq!(code(&answer), "NOT_FOUND");
    }
}
