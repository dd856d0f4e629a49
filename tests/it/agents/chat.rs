//! `POST /api/communities/{id}/agent-chat`: bytes, refusals and costs.

use entity::agent_listing;
use sea_orm::{EntityTrait, sea_query::Expr};
use serde_json::json;

use super::{FEE, PAID, Room, UNPAID, asking, code, in_a_room, ok, said, serving, types, write};
use crate::support::{
    Events, Server, on_both,
    openai::{FakeOpenAi, Step, answer, finish, piece, send, usage},
    within,
};

in_a_room! {
    /// The bytes are as documented, and the answer is in the history.
    async fn the_stream_is_as_documented(room: Room) {
        let answer = room.ask("Where is the lighthouse?").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.headers["content-type"], "text/event-stream");
        let history = room.history().await;
        let question = history[0]["id"].as_str().expect("an id");
        let wanted = format!(
            "data: {{\"type\":\"meta\",\"communityId\":\"{}\",\"userMessageId\":\"{question}\"}}\n\n\
             data: {{\"type\":\"chunk\",\"content\":\"Hello\"}}\n\n\
             data: {{\"type\":\"done\"}}\n\n",
            room.community,
        );
        assert_eq!(answer.text, wanted);
        assert_eq!(history[0]["content"], "Where is the lighthouse?");
        assert_eq!(history[1]["content"], "Hello");
        assert_eq!(history[1]["agentListingId"], room.agent.as_str());
        assert_eq!(history[1]["agentName"], "Guide");
        assert_eq!(history[1]["replyToId"], question);
        for none in ["userId", "userName", "userImage", "ttsAudioUrl"] {
            assert!(history[1][none].is_null(), "{none}");
        }
        assert_eq!(room.coins().await, PAID);
        let query = "query($id: ID!) { agentReply(id: $id) { status text fee isPaid outcome
            message { content isIncomplete } usage { provider promptTokens completionTokens } } }";
        let id = room.replies().await[0].id.to_string();
        let reply = ok(room.asker.graphql(query, json!({ "id": id })).await)["agentReply"].clone();
        let provider = reply["usage"]["provider"].as_str().expect("a provider").to_owned();
        assert!(provider.ends_with("/gpt-test-2"), "{provider}");
        assert_eq!(reply, json!({
            "status": "DONE", "text": "Hello", "fee": FEE, "isPaid": true, "outcome": "ANSWERED",
            "message": { "content": "Hello", "isIncomplete": false },
            "usage": { "provider": provider, "promptTokens": 12, "completionTokens": 3 },
        }));
    }

    /// The text of a deleted answer is readable nowhere, not even by the reply that it was made of.
    async fn a_deleted_answer_is_gone(room: Room) {
        assert_eq!(said(&room.ask("Where is the lighthouse?").await), "Hello");
        let answer = room.history().await[1]["id"].clone();
        let reply = room.replies().await[0].id.to_string();
        let delete = "mutation($id: ID!) { deleteMessage(input: { messageId: $id }) { message { content } } }";
        ok(room.creator.graphql(delete, json!({ "id": answer })).await);
        let query = "query($id: ID!) { agentReply(id: $id) { text message { content } } }";
        let read = ok(room.asker.graphql(query, json!({ "id": reply })).await);
        assert_eq!(read["agentReply"], json!({ "text": "", "message": { "content": "" } }));
        let log = room.follow(&room.asker, &reply, 0).await;
        assert!(log.text.contains("done") && !log.text.contains("Hello"), "{}", log.text);
    }

    /// Characters that are split between packets arrive intact.
    async fn split_characters_arrive_whole(room: Room) {
        let text = piece("grüße 🦀 çok 你好");
        let (a, b) = text.as_bytes().split_at(text.find('🦀').expect("a crab") + 2);
        let mut script = vec![Step::Stream, send(a), send(b)];
        script.extend([send(finish("stop")), send(usage(1, 1)), Step::End]);
        room.model.respond_with(script);
        assert_eq!(said(&room.ask("hi").await), "grüße 🦀 çok 你好");
    }

    /// Refusals in their documented order, as JSON; nothing is charged or posted.
    async fn refusals_come_in_order(room: Room) {
        let (stranger, author) = (room.server.member("Stranger").await, room.server.member("Other").await);
        let path = format!("{}/agent-chat", room.path);
        let ask = |agent: &str, content: &str| json!({ "content": content, "listingId": agent });
        let long = "x".repeat(2001);
        let refused = |status: u16, error: &str, code: &str| {
            (status, json!({ "error": error, "code": code }))
        };
        let unplaced = write(&author, json!({ "agentName": "Elsewhere" })).await;

        let answer = room.server.anon().post(&path, ask("nonsense", "")).await;
        assert_eq!((answer.status, answer.json), refused(401, "Unauthorized", "UNAUTHENTICATED"));
        let answer = stranger.post(&path, ask(&unplaced, &long)).await;
        assert_eq!((answer.status, answer.json), refused(403, "You must be a member", "FORBIDDEN"));
        let nowhere = "/api/communities/019b0000-0000-7000-8000-000000000000/agent-chat";
        let answer = room.asker.post(nowhere, ask(&room.agent, "hi")).await;
        assert_eq!((answer.status, answer.json), refused(403, "You must be a member", "FORBIDDEN"));
        let answer = room.asker.post(&path, ask(&unplaced, &long)).await;
        assert_eq!(
            (answer.status, answer.json["error"].as_str(), answer.json["code"].as_str()),
            (400, Some("Agent is not in this community"), Some("INVALID"))
        );
        for content in ["", " \n ", &long] {
            let answer = room.asker.post(&path, ask(&room.agent, content)).await;
            assert_eq!((answer.status, answer.json["error"].as_str()), (400, Some("Message must be 1-2000 characters")));
        }
        let answer = room.asker.post(&path, json!({ "listingId": room.agent })).await;
        assert_eq!((answer.status, answer.json["code"].as_str()), (422, Some("UNPROCESSABLE")));
        let most = "ü".repeat(2000);
        assert_eq!(room.asker.post(&path, ask(&room.agent, &most)).await.status, 200);
        assert_eq!(room.coins().await, PAID);

        let joined = stranger.post_empty(&format!("{}/join", room.path)).await;
        assert_eq!(joined.status, 200, "{}", joined.text);
        let answer = stranger.post(&path, ask(&room.agent, "hi")).await;
        assert_eq!(
            (answer.status, answer.json),
            refused(402, "Insufficient balance for agent call", "INSUFFICIENT_BALANCE")
        );
        let expecting = json!({ "content": "hi", "listingId": room.agent, "expectedFee": FEE - 1 });
        let answer = room.asker.post(&path, expecting).await;
        assert_eq!((answer.status, answer.json["code"].as_str()), (409, Some("PRICE_CHANGED")));
        assert_eq!(room.coins().await, PAID);
        assert_eq!(room.history().await.len(), 2, "what was refused was not said");

        let archived = room.creator.delete(&room.path).await;
        assert_eq!(archived.status, 200, "{}", archived.text);
        let answer = room.asker.post(&path, ask(&unplaced, "hi")).await;
        assert_eq!((answer.status, answer.json["error"].as_str()), (400, Some("Community is not active")));
    }

    /// An archived agent answers in no community.
    async fn archived_agents_are_gone(room: Room) {
        let own = write(&room.asker, json!({ "agentName": "Mine" })).await;
        room.server.app.clock.advance(std::time::Duration::from_secs(1));
        let added = room.creator.post(&format!("{}/agents", room.path), json!({ "agentId": own })).await;
        assert_eq!(added.status, 201, "{}", added.text);
        let archive = "mutation($id: ID!) { archiveAgentListing(input: { agentListingId: $id }) { agentListing { status } } }";
        ok(room.asker.graphql(archive, json!({ "id": own })).await);
        let body = json!({ "content": "x".repeat(3000), "agent_id": own });
        let answer = room.asker.post(&format!("{}/agent-chat", room.path), body).await;
        assert_eq!(
            (answer.status, answer.json),
            (404, json!({ "error": "Agent listing not found or not active", "code": "NOT_FOUND" }))
        );
        let listed = room.server.anon().get(&format!("{}/agents", room.path)).await.json["agents"].clone();
        assert_eq!((&listed[0]["status"], &listed[1]["status"]), (&json!("active"), &json!("archived")));
    }

    /// Of two concurrent questions, one is answered and paid and the other refused.
    async fn one_answer_at_a_time(room: Room) {
        let gate = std::sync::Arc::new(tokio::sync::Notify::new());
        let mut script = vec![Step::Wait(gate.clone())];
        script.extend(answer(&["once"]));
        room.model.respond_with(script);
        let second = async {
            // The first question is in the history when it has begun.
            within("the first question", async { while room.history().await.is_empty() {} }).await;
            let answer = room.ask("again").await;
            gate.notify_one();
            answer
        };
        let (first, second) = tokio::join!(room.ask("hello"), second);
        assert_eq!(said(&first), "once");
        assert_eq!(
            (second.status, second.json["code"].as_str()),
            (409, Some("REPLY_RUNNING")), "{}", second.text
        );
        assert_eq!(room.coins().await, PAID);
        assert_eq!(types(&room.ask("now").await), ["meta", "chunk", "done"]);
    }

    /// Of twenty concurrent questions, one is answered.
    async fn a_race_has_one_winner(room: Room) {
        let gate = std::sync::Arc::new(tokio::sync::Notify::new());
        let mut script = vec![Step::Wait(gate.clone())];
        script.extend(answer(&["once"]));
        room.model.respond_with(script);
        let ask = "mutation($c: ID!, $l: ID!) { askAgent(input: { communityId: $c, agentListingId: $l, content: \"hi\" }) { agentReply { id } } }";
        let variables = json!({ "c": room.community, "l": room.agent });
        let asked = (0..20).map(|_| room.asker.graphql(ask, variables.clone()));
        let answers = futures_util::future::join_all(asked).await;
        let won = answers.iter().filter(|answer| answer.json["errors"].is_null()).count();
        let lost = answers.iter().filter(|answer| !answer.json["errors"].is_null());
        assert!(lost.map(code).all(|code| code == "REPLY_RUNNING"));
        assert_eq!(won, 1);
        gate.notify_one();
        let id = room.replies().await[0].id.to_string();
        room.follow(&room.asker, &id, 0).await;
        assert_eq!(room.coins().await, PAID);
    }

    /// The community's creator asks for free.
    async fn the_creator_asks_free(room: Room) {
        let answer = room.creator.send(room.question(&room.creator, "hi")).await;
        assert_eq!(said(&answer), "Hello");
        // An expected price that differs from the creator's price of 0 is accepted.
        let shown = json!({ "content": "hi", "listingId": room.agent, "expectedFee": FEE });
        let answer = room.creator.post(&format!("{}/agent-chat", room.path), shown).await;
        assert_eq!(said(&answer), "Hello");
        assert_eq!(room.coins().await, UNPAID);
    }

    /// The daily spend cap and the limit on questions a minute hold.
    async fn spending_and_asking_have_limits(room: Room) {
        let own = write(&room.asker, json!({ "agentName": "Mine", "dailySpendCap": 2 * FEE })).await;
        room.creator.post(&format!("{}/agents", room.path), json!({ "listingId": own })).await;
        let path = format!("{}/agent-chat", room.path);
        let ask = json!({ "content": "hi", "listingId": own });
        for _ in 0..2 {
            assert_eq!(types(&room.asker.post(&path, ask.clone()).await).len(), 3);
        }
        let refused = room.asker.post(&path, ask.clone()).await;
        assert_eq!((refused.status, refused.json["code"].as_str()), (429, Some("RATE_LIMITED")));
        assert_eq!(refused.json["error"], "This agent has reached its daily limit");
        assert!(refused.headers.contains_key("retry-after"));
        room.server.app.clock.advance(std::time::Duration::from_secs(12 * 3600));
        assert_eq!(types(&room.asker.post(&path, ask).await).len(), 3, "tomorrow it answers again");
        room.server.app.clock.advance(std::time::Duration::from_secs(60));
        for _ in 0..20 {
            room.creator.send(room.question(&room.creator, "hi")).await;
        }
        let refused = room.creator.send(room.question(&room.creator, "hi")).await;
        assert_eq!((refused.status, refused.json["code"].as_str()), (429, Some("RATE_LIMITED")));
    }
}

on_both! {
    /// Without a key or network, the built-in answerer uses the agent's knowledge and names itself. An
    /// unanswered question costs nothing.
    async fn it_answers_from_what_it_knows(server: Server) {
        let (creator, asker) = (server.member("Creator").await, server.member("Asker").await);
        let text = "The lighthouse is open from May to September, daily from ten to five.\n\n\
                    Dogs must be on a lead in the harbour.";
        let agent = write(&creator, json!({ "agentName": "Guide", "knowledge": [{ "title": "Visitors", "text": text }] })).await;
        let community = creator.post("/api/communities", json!({ "name": "Harbour", "agentCallFee": FEE })).await;
        let path = format!("/api/communities/{}", community.json["id"].as_str().expect("an id"));
        creator.post(&format!("{path}/agents"), json!({ "listingId": agent })).await;
        asker.post_empty(&format!("{path}/join")).await;
        server.give(&asker, 100).await;
        let chat = format!("{path}/agent-chat");
        let ask = async |content: &str| asker.post(&chat, json!({ "content": content, "listingId": agent })).await;
        let answer = ask("When is the lighthouse open?").await;
        assert!(said(&answer).contains("from May to September"), "{}", answer.text);
        assert!(said(&answer).contains("Visitors"), "it names its source: {}", answer.text);
        assert_eq!(server.balance(&asker).await, 90);
        let answer = ask("Which taxes apply to sailing yachts?").await;
        assert_eq!(types(&answer).last().map(String::as_str), Some("done"));
        assert!(!said(&answer).is_empty());
        assert_eq!(server.balance(&asker).await, 90, "nothing was found, nothing is paid");
        ask("Hello!").await;
        assert_eq!(server.balance(&asker).await, 90, "a greeting is no answer");
        let listed = server.anon().get(&format!("{path}/agents")).await;
        assert_eq!(listed.json["agents"][0]["model"], "embedded/extractive");
    }
}

/// A question to an agent whose model has no provider is refused before it is posted or paid.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_without_provider_is_refused() {
    let model = FakeOpenAi::start([]).await;
    let server = Server::reaching(serving(Some("gpt-test"), "gpt-", &model), |_| {}).await;
    let room = Room::open(server, model).await;
    let moved = agent_listing::Entity::update_many()
        .col_expr(agent_listing::Column::Model, Expr::value("claude-3"))
        .exec(room.server.app.db.write())
        .await
        .expect("writes");
    assert_eq!(moved.rows_affected, 1);
    let refusal = json!({ "error": "LLM service not configured", "code": "NOT_CONFIGURED" });
    let answer = room.ask("hi").await;
    assert_eq!((answer.status, answer.json), (500, refusal.clone()));
    assert_eq!((room.coins().await, room.history().await.len()), (UNPAID, 0));
}

/// Without a default model, an agent without a model can neither be created nor asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_model_serves_by_default() {
    let model = FakeOpenAi::start([]).await;
    let server = Server::reaching(serving(None, "gpt-", &model), |_| {}).await;
    let author = server.member("Author").await;
    let query = "mutation { createAgentListing(input: { agentName: \"Guide\" }) { agentListing { id } } }";
    let refused = author.graphql(query, json!({})).await;
    assert_eq!(refused.json["errors"][0]["extensions"], json!({ "code": "INVALID", "field": "model" }));
}

/// At the limit on streams, a question is refused before it is posted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_seat_nothing_is_asked() {
    let model = FakeOpenAi::start([]).await;
    let server = Server::reaching(asking(&model), |settings| settings.connections_per_address = 1).await;
    let room = Room::open(server, model).await;
    let chat = "query($id: ID!) { community(id: $id) { conversation { id } } }";
    let chat = ok(room.asker.graphql(chat, json!({ "id": room.community })).await)["community"]["conversation"]["id"].clone();
    let path = format!("/api/conversations/{}/events", chat.as_str().expect("an id"));
    let seat = Events::open(&room.asker, &path, None).await;
    let answer = room.ask("hi").await;
    assert_eq!((answer.status, answer.json["code"].as_str()), (429, Some("RATE_LIMITED")));
    assert_eq!((room.coins().await, room.history().await.len()), (UNPAID, 0));
    drop(seat);
}
