//! Messages change a chat: the agent answers, or the customer waits for a person, and is always notified.

use std::sync::Arc;

use entity::agent_reply;
use plaza::domain::support;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use tokio::sync::Notify;

use super::{Shop, in_a_shop};
use crate::{
    agents::{begun, ended, ok, write},
    support::openai::{Step, answer, finish, piece, refusal, send},
};

/// Lets an agent with this knowledge, and without a model, answer the customers.
async fn read(shop: &Shop, title: &str, text: &str) {
    let knowledge = json!([{ "title": title, "text": text }]);
    let agent = json!({ "agentName": "Reader", "model": "embedded/extractive", "knowledge": knowledge });
    let agent = write(&shop.creator, agent).await;
    let changed = shop.creator.put(&shop.path, json!({ "defaultAgentListingId": agent })).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
}

in_a_shop! {
    /// The agent answers, free for the customer unless the community sets a fee.
    async fn the_agent_answers(shop: "ai_only") {
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.tell(&shop.customer, &chat, "Where is my parcel?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Where is my parcel?", "Guide: Hello"]);
        assert_eq!(shop.coins().await, [100, 0, 0]);
        shop.set(json!({ "callFee": 20 })).await;
        shop.tell(&shop.customer, &chat, "And now?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: And now?", "Guide: Hello"]);
        assert_eq!(shop.coins().await, [80, 14, 6]);
        let support = shop.support_of(&shop.customer, &chat, "status currentEpisode { aiAnswers questionId }").await;
        assert_eq!((&support["status"], &support["currentEpisode"]["aiAnswers"]), (&json!("AI_ACTIVE"), &json!(2)));
        assert!(support["currentEpisode"]["questionId"].is_string());
        // With too few coins, the customer is notified and the message stays.
        shop.set(json!({ "callFee": 81 })).await;
        shop.tell(&shop.customer, &chat, "Still there?").await;
        let word = "-: The assistant cannot answer: Insufficient balance for agent call.";
        assert_eq!(subscriber.take(2).await, ["Customer: Still there?", word]);
        shop.serve("hybrid").await;
        shop.tell(&shop.customer, &chat, "Anybody?").await;
        let word = "-: The assistant cannot answer this. A person will take over.";
        assert_eq!(subscriber.take(3).await, ["Customer: Anybody?", "waiting_human", word]);
        assert_eq!(shop.coins().await, [80, 14, 6]);
    }

    /// A question during a reply is answered after it.
    async fn messages_during_a_reply_are_answered(shop: "ai_only") {
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        let gate = Arc::new(Notify::new());
        shop.model.respond_with(begun("First ", &gate, ended("answer")));
        shop.tell(&shop.customer, &chat, "One?").await;
        shop.tell(&shop.customer, &chat, "Two?").await;
        shop.tell(&shop.customer, &chat, "Three?").await;
        gate.notify_one();
        let heard = subscriber.take(5).await;
        assert_eq!(heard, ["Customer: One?", "Customer: Two?", "Customer: Three?", "Guide: First answer", "Guide: Hello"]);
        let asked = shop.model.requests();
        assert_eq!(asked.len(), 2);
        let last = asked[1].body["messages"].as_array().expect("messages").last().expect("one")["content"].to_string();
        assert!(last.contains("Three?"), "{last}");
        assert_eq!(shop.history(&chat).await.len(), 5);
    }

    /// The same where the server that gave the answer ended before it could go on.
    async fn messages_during_a_reply_survive_a_crash(shop: "ai_only") {
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        let gate = Arc::new(Notify::new());
        shop.model.respond_with(begun("First ", &gate, ended("answer")));
        shop.tell(&shop.customer, &chat, "One?").await;
        shop.tell(&shop.customer, &chat, "Two?").await;
        shop.tell(&shop.customer, &chat, "Three?").await;
        // The state after a server ended between the end of a reply and the next question.
        agent_reply::Entity::update_many()
            .col_expr(agent_reply::Column::Status, Expr::value(agent_reply::Status::Failed))
            .filter(agent_reply::Column::Status.eq(agent_reply::Status::Running))
            .exec(shop.server.app.db.write())
            .await
            .expect("writes");
        support::run_due(&shop.server.app).await.expect("looks after them");
        let heard = subscriber.take(4).await;
        assert_eq!(heard, ["Customer: One?", "Customer: Two?", "Customer: Three?", "Guide: Hello"]);
        let asked = shop.model.requests();
        let last = asked[1].body["messages"].as_array().expect("messages").last().expect("one")["content"].to_string();
        assert!(last.contains("Three?"), "{last}");
        support::run_due(&shop.server.app).await.expect("looks after them");
        assert_eq!(shop.model.requests().len(), 2, "it is asked once");
        gate.notify_one();
    }

    /// The server speaks the language of the community.
    async fn system_messages_are_in_the_language_of_the_community(shop: "hybrid") {
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        for (language, word) in [
            ("german", "-: Der Assistent konnte nicht antworten. Eine Person übernimmt."),
            ("japanese", "-: アシスタントは回答できませんでした。担当者が引き継ぎます。"),
            ("arabic", "-: لم يتمكن المساعد من الإجابة. سيتولى أحد الموظفين المحادثة."),
            ("english", "-: The assistant could not answer. A person will take over."),
        ] {
            let changed = shop.creator.put(&shop.path, json!({ "language": language })).await;
            assert_eq!(changed.status, 200, "{}", changed.text);
            shop.model.respond_with(refusal(401, "bad key"));
            shop.tell(&shop.customer, &chat, "Hello?").await;
            assert_eq!(subscriber.take(3).await, ["Customer: Hello?", "waiting_human", word]);
            shop.resolve(&shop.customer, &chat).await;
            assert_eq!(subscriber.next().await, "resolved");
            shop.begin(&shop.customer).await;
            assert_eq!(subscriber.next().await, "ai_active");
        }
        let query = "query($c: ID!) { community(id: $c) { language } }";
        let seen = ok(shop.creator.graphql(query, json!({ "c": shop.community })).await);
        assert_eq!(seen["community"]["language"], "ENGLISH");
    }

    /// After any failure, the customer of a hybrid account is handed over, and of another is notified.
    async fn an_unanswered_customer_is_handed_over(shop: "hybrid") {
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        let failures = [
            ("refused", refusal(401, "bad key"), None),
            ("silent", vec![Step::Stream, send(finish("stop")), Step::End], None),
            ("cut off", vec![Step::Stream, send(piece("It is")), Step::Cut], Some("Guide: It is")),
            ("withheld", vec![Step::Stream, send(piece("I")), send(finish("content_filter")), Step::End], Some("Guide: I")),
        ];
        for (what, script, part) in failures {
            for (mode, word) in [
                ("hybrid", "-: The assistant could not answer. A person will take over."),
                ("ai_only", "-: We cannot answer right now. Please try again later."),
            ] {
                shop.serve(mode).await;
                shop.model.respond_with(script.clone());
                shop.tell(&shop.customer, &chat, what).await;
                assert_eq!(subscriber.next().await, format!("Customer: {what}"));
                if let Some(part) = part {
                    assert_eq!(subscriber.next().await, part);
                }
                if mode == "hybrid" {
                    assert_eq!(subscriber.next().await, "waiting_human", "{what}");
                }
                assert_eq!(subscriber.next().await, word, "{what}");
                if mode == "hybrid" {
                    shop.resolve(&shop.customer, &chat).await;
                    shop.begin(&shop.customer).await;
                    assert_eq!(subscriber.take(2).await, ["resolved", "ai_active"]);
                }
            }
        }
        assert_eq!(shop.coins().await, [100, 0, 0]);
    }

    /// An agent that finds no answer, or whose customer wants a person, hands over.
    async fn an_agent_without_an_answer_hands_over(shop: "hybrid") {
        read(&shop, "Parcels", "Parcels are sent on Mondays and arrive within three days.").await;
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.tell(&shop.customer, &chat, "When are parcels sent?").await;
        assert_eq!(subscriber.next().await, "Customer: When are parcels sent?");
        assert!(subscriber.next().await.contains("Mondays"));
        for (mode, question, word) in [
            ("hybrid", "Do you sell giraffes?", "-: The assistant found no answer. A person will take over."),
            ("hybrid", "I want to talk to a human", "-: A person will take over."),
            ("ai_only", "Do you sell giraffes?", ""),
        ] {
            shop.serve(mode).await;
            shop.tell(&shop.customer, &chat, question).await;
            assert_eq!(subscriber.next().await, format!("Customer: {question}"));
            assert!(subscriber.next().await.starts_with("Reader: "));
            if mode == "ai_only" {
                assert_eq!(shop.status(&chat).await, "AI_ACTIVE");
                continue;
            }
            assert_eq!(subscriber.take(2).await, ["waiting_human", word]);
            shop.resolve(&shop.customer, &chat).await;
            shop.begin(&shop.customer).await;
            assert_eq!(subscriber.take(2).await, ["resolved", "ai_active"]);
        }
    }

    /// A model hands over by a hidden marker, which it only knows where a person can take over.
    async fn a_model_hands_over_by_a_word(shop: "hybrid") {
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        for (pieces, said) in [
            (&["[[PER", "SON]]"][..], None),
            (&["I cannot say. ", "[[PERSON]]"], Some("I cannot say. ")),
            (&["**[[Per", "son]]**"], None),
            (&["I cannot say. ", "\\[\\[per", "son\\]", "\\]"], Some("I cannot say. ")),
            (&["*per", "son*"], None),
            (&["> [[PER", "SON]]"], None),
            (&["```\n[[PERSON]]\n```"], None),
            (&["\"PERSON\""], None),
            (&["I cannot say. (", "[[PERSON]])"], Some("I cannot say. ")),
        ] {
            shop.model.respond_with(answer(pieces));
            shop.tell(&shop.customer, &chat, "Where?").await;
            assert_eq!(subscriber.next().await, "Customer: Where?");
            if let Some(said) = said {
                assert_eq!(subscriber.next().await, format!("Guide: {said}"));
            }
            assert_eq!(subscriber.take(2).await, ["waiting_human", "-: A person will take over."]);
            shop.resolve(&shop.customer, &chat).await;
            shop.begin(&shop.customer).await;
            assert_eq!(subscriber.take(2).await, ["resolved", "ai_active"]);
        }
        let whole = "See [Person](https://person.example) and users[person].";
        shop.model.respond_with(answer(&["See [Per", &whole[8..]]));
        shop.tell(&shop.customer, &chat, "Where?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Where?".to_owned(), format!("Guide: {whole}")]);
        shop.serve("ai_only").await;
        shop.tell(&shop.customer, &chat, "Where?").await;
        assert_eq!(subscriber.take(2).await, ["Customer: Where?", "Guide: Hello"]);
        let requests = shop.model.requests();
        let told = |at: usize| requests[at].body["messages"][0].to_string();
        assert!(told(0).contains("You are a guide.") && told(0).contains("[[PERSON]]"), "{}", told(0));
        let last = told(requests.len() - 1);
        assert!(!last.contains("PERSON"), "{last}");
        let history = shop.customer.get(&format!("/api/conversations/{chat}/messages")).await;
        assert!(!history.text.to_lowercase().contains("[[person") && !history.text.contains("**"), "{}", history.text);
    }

    /// An archived agent answers no more.
    async fn an_agent_that_is_gone_is_not_waited_for(shop: "ai_only") {
        let listing = shop.creator.get(&shop.path).await.json["defaultAgentListingId"].clone();
        let archive = "mutation($id: ID!) { archiveAgentListing(input: { agentListingId: $id }) { agentListing { id } } }";
        ok(shop.creator.graphql(archive, json!({ "id": listing })).await);
        let chat = shop.begin(&shop.customer).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.tell(&shop.customer, &chat, "Hello?").await;
        let word = "-: We cannot answer right now. Please try again later.";
        assert_eq!(subscriber.take(2).await, ["Customer: Hello?", word]);
        shop.serve("hybrid").await;
        shop.tell(&shop.customer, &chat, "Hello?").await;
        assert_eq!(subscriber.take(3).await, ["Customer: Hello?", "waiting_human", "-: A person will answer you."]);
        assert!(shop.model.requests().is_empty());
    }

    /// A question in a resolved chat reopens it.
    async fn a_question_opens_a_resolved_chat(shop: "ai_only") {
        let chat = shop.begin(&shop.customer).await;
        shop.resolve(&shop.customer, &chat).await;
        let mut subscriber = shop.subscribe(&shop.customer, &chat).await;
        shop.tell(&shop.customer, &chat, "One more thing").await;
        assert_eq!(subscriber.take(3).await, ["Customer: One more thing", "ai_active", "Guide: Hello"]);
        let support = shop.support_of(&shop.customer, &chat, "episode episodes { resolvedBy aiAnswers }").await;
        assert_eq!(support["episode"], 2);
        assert_eq!(support["episodes"][0], json!({ "resolvedBy": "CUSTOMER", "aiAnswers": 0 }));
        shop.resolve(&shop.customer, &chat).await;
        let support = shop.support_of(&shop.customer, &chat, "episodes { resolvedBy aiAnswers }").await;
        assert_eq!(support["episodes"][1], json!({ "resolvedBy": "AI", "aiAnswers": 1 }));
    }
}
