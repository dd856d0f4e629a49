//! Ends of replies (refused, interrupted, silent, stopped, abandoned) and their costs.

use std::{sync::Arc, time::Duration};

use entity::{agent_reply::Status, conversation};
use plaza::{app::App, domain::agents};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use tokio::sync::Notify;

use super::{PAID, Room, UNPAID, begun, code, ended, events, in_a_room, ok, said, types};
use crate::support::{
    Events,
    openai::{self, Step, answer, finish, piece, refusal, send},
};

in_a_room! {
    /// A provider's refusal gives an empty reply, which is free.
    async fn a_refusal_is_reported(room: Room) {
        room.model.respond_with(refusal(401, "bad key"));
        let answer = room.ask("hi").await;
        assert_eq!(types(&answer), ["meta", "error", "done"]);
        assert!(answer.text.ends_with("data: {\"type\":\"error\",\"message\":\"LLM request failed\"}\n\ndata: {\"type\":\"done\"}\n\n"), "{}", answer.text);
        assert_eq!(room.coins().await, UNPAID);
        assert_eq!(room.history().await.len(), 1);
        assert_eq!(room.replies().await[0].status, Status::Failed);
    }

    /// A failure before the first text is repeated.
    async fn a_fault_before_the_first_word_is_tried_again(room: Room) {
        room.model.respond_with(refusal(500, "overloaded"));
        assert_eq!(said(&room.ask("hi").await), "Hello");
        assert_eq!(room.model.requests().len(), 2);
        assert_eq!(room.coins().await, PAID);
    }

    /// An interrupted reply keeps its text, marked incomplete, and is free.
    async fn a_partial_reply_is_kept(room: Room) {
        let gate = Arc::new(Notify::new());
        room.model.respond_with(begun("The lighthouse is", &gate, vec![Step::Cut]));
        let mut events = Events::of(room.question(&room.asker, "hi")).await;
        assert_eq!(events.expect().await.json["type"], "meta");
        assert_eq!(events.expect().await.json["content"], "The lighthouse is");
        gate.notify_one();
        let error = events.expect().await.json;
        assert_eq!(error, json!({ "type": "error", "message": "LLM response was interrupted" }));
        assert_eq!(events.expect().await.json, json!({ "type": "done" }));
        assert!(events.next().await.is_none());
        let id = room.replies().await[0].id.to_string();
        let query = "query($id: ID!) { agentReply(id: $id) { status isPaid message { content isIncomplete } } }";
        let reply = ok(room.asker.graphql(query, json!({ "id": id })).await)["agentReply"].clone();
        let message = json!({ "content": "The lighthouse is", "isIncomplete": true });
        assert_eq!(reply, json!({ "status": "FAILED", "isPaid": false, "message": message }));
        assert_eq!(room.coins().await, UNPAID);
    }

    /// A silent provider is abandoned.
    async fn silence_is_given_up(room: Room) {
        room.model.respond_with(vec![Step::Stream, send(piece("Well")), Step::Hang]);
        assert_eq!(types(&room.ask("hi").await), ["meta", "chunk", "error", "done"]);
        room.model.hung_up().await;
        assert_eq!(room.coins().await, UNPAID);
    }

    /// An empty reply is neither posted nor paid.
    async fn an_empty_answer_is_none(room: Room) {
        room.model.respond_with(vec![Step::Stream, send(finish("stop")), Step::End]);
        assert_eq!(types(&room.ask("hi").await), ["meta", "done"]);
        assert_eq!(room.history().await.len(), 1);
        assert_eq!(room.coins().await, UNPAID);
        assert_eq!(room.replies().await[0].status, Status::Done);
    }

    /// A reply that ended for an unknown reason is incomplete and free.
    async fn an_unknown_end_is_a_part(room: Room) {
        for reason in ["error", "model_length", "MAX_TOKENS", "SAFETY", "insufficient_system_resource", "new_one"] {
            room.model.respond_with(vec![Step::Stream, send(piece("I")), send(finish(reason)), Step::End]);
            assert_eq!(said(&room.ask("hi").await), "I", "{reason}");
        }
        assert_eq!(room.coins().await, UNPAID);
        let query = "query($id: ID!) { agentReply(id: $id) { isPaid message { isIncomplete } } }";
        for reply in room.replies().await {
            let seen = ok(room.asker.graphql(query, json!({ "id": reply.id.to_string() })).await)["agentReply"].clone();
            assert_eq!(seen, json!({ "isPaid": false, "message": { "isIncomplete": true } }));
        }
    }

    /// A model's reasoning is in no piece, message or preview.
    async fn reasoning_is_never_published(room: Room) {
        let thought = json!({ "choices": [{ "index": 0, "delta": { "reasoning_content": "a secret" } }] });
        let pieces = [piece("<th"), piece("ink>a sec"), piece("ret</thi"), piece("nk>\n\nIt is "), piece("open.")];
        let stream = openai::event(&thought) + &pieces.concat() + &finish("stop");
        room.model.respond_with(vec![Step::Stream, send(stream), Step::End]);
        let answer = room.ask("open?").await;
        assert_eq!(said(&answer), "It is open.");
        assert_eq!(room.history().await[1]["content"], "It is open.");
        let inbox = room.asker.get("/api/conversations").await;
        assert!(!answer.text.contains("secret") && !inbox.text.contains("secret"), "{}", inbox.text);
        assert_eq!(room.coins().await, PAID);
    }

    /// A reply that the provider's filter withholds is free.
    async fn a_withheld_reply_is_free(room: Room) {
        room.model.respond_with(vec![Step::Stream, send(piece("I")), send(finish("content_filter")), Step::End]);
        assert_eq!(said(&room.ask("hi").await), "I");
        assert_eq!(room.coins().await, UNPAID);
    }

    /// The reply continues when the asker disconnects.
    async fn it_goes_on_without_listeners(room: Room) {
        let gate = Arc::new(Notify::new());
        room.model.respond_with(begun("One ", &gate, ended("two")));
        let mut events = Events::of(room.question(&room.asker, "hi")).await;
        events.expect().await;
        assert_eq!(events.expect().await.json["content"], "One ");
        drop(events);
        gate.notify_one();
        let id = room.replies().await[0].id.to_string();
        let answer = room.follow(&room.asker, &id, 0).await;
        assert_eq!(said(&answer), "One two");
        assert_eq!(room.history().await[1]["content"], "One two");
        assert_eq!(room.coins().await, PAID);
        assert_eq!(room.model.hang_ups(), 0);
    }

    /// Stopped after the first text: the text is posted and paid, and the request to the provider ends.
    async fn stopped_in_the_middle(room: Room) {
        room.model.respond_with(vec![Step::Stream, send(piece("One")), Step::Hang]);
        let mut events = Events::of(room.question(&room.asker, "hi")).await;
        events.expect().await;
        assert_eq!(events.expect().await.json["content"], "One");
        let id = json!({ "id": room.replies().await[0].id });
        let stop = "mutation($id: ID!) { stopAgentReply(input: { agentReplyId: $id }) { agentReply { status text message { isIncomplete } } } }";
        let other = room.server.member("Other").await;
        assert_eq!(other.post_empty(&format!("{}/join", room.path)).await.status, 200);
        assert_eq!(code(&other.graphql(stop, id.clone()).await), "FORBIDDEN");
        let stranger = room.server.member("Stranger").await;
        assert_eq!(code(&stranger.graphql(stop, id.clone()).await), "NOT_FOUND");
        let stopped = ok(room.asker.graphql(stop, id.clone()).await)["stopAgentReply"]["agentReply"].clone();
        assert_eq!(stopped, json!({ "status": "STOPPED", "text": "One", "message": { "isIncomplete": true } }));
        assert_eq!(events.expect().await.json, json!({ "type": "done" }));
        assert!(events.next().await.is_none());
        room.model.hung_up().await;
        assert_eq!(ok(room.asker.graphql(stop, id).await)["stopAgentReply"]["agentReply"], stopped, "again changes nothing");
        assert_eq!(room.coins().await, PAID);
    }

    /// Stopped before the first text: nothing is posted or paid, and the next question is accepted.
    async fn stopped_before_the_first_word(room: Room) {
        room.model.respond_with(vec![Step::Stream, Step::Hang]);
        let mut events = Events::of(room.question(&room.asker, "hi")).await;
        events.expect().await;
        // Otherwise the next question would get the script of this one.
        // The model takes its script with the request.
        while room.model.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        let id = json!({ "id": room.replies().await[0].id });
        let stop = "mutation($id: ID!) { stopAgentReply(input: { agentReplyId: $id }) { agentReply { status message { id } } } }";
        let stopped = ok(room.asker.graphql(stop, id).await)["stopAgentReply"]["agentReply"].clone();
        assert_eq!(stopped, json!({ "status": "STOPPED", "message": null }));
        assert_eq!(events.expect().await.json, json!({ "type": "done" }));
        assert_eq!(room.coins().await, UNPAID);
        assert_eq!(types(&room.ask("again").await), ["meta", "chunk", "done"]);
        assert_eq!(room.coins().await, PAID);
    }

    /// A moderator may stop a reply: it is free, and the audit log records it.
    async fn stopped_by_a_moderator(room: Room) {
        room.model.respond_with(vec![Step::Stream, send(piece("One")), Step::Hang]);
        let mut events = Events::of(room.question(&room.asker, "hi")).await;
        events.expect().await;
        assert_eq!(events.expect().await.json["content"], "One");
        let id = room.replies().await[0].id;
        let stop = "mutation($id: ID!) { stopAgentReply(input: { agentReplyId: $id }) { agentReply { status text message { isIncomplete } } } }";
        let stopped = ok(room.creator.graphql(stop, json!({ "id": id })).await)["stopAgentReply"]["agentReply"].clone();
        assert_eq!(stopped, json!({ "status": "STOPPED", "text": "One", "message": { "isIncomplete": true } }));
        assert_eq!(events.expect().await.json, json!({ "type": "done" }));
        room.model.hung_up().await;
        assert_eq!(ok(room.creator.graphql(stop, json!({ "id": id })).await)["stopAgentReply"]["agentReply"], stopped);
        assert_eq!(room.coins().await, UNPAID);
        let log = "query($c: ID!) { auditEvents(communityId: $c, first: 9) { nodes { action user { name } subjectId } } }";
        let log = ok(room.creator.graphql(log, json!({ "c": room.community })).await);
        let lines = log["auditEvents"]["nodes"].as_array().expect("lines");
        let line = json!({ "action": "ANSWER_STOPPED", "user": { "name": "Asker" }, "subjectId": id });
        assert_eq!(lines.iter().filter(|found| found["action"] == "ANSWER_STOPPED").collect::<Vec<_>>(), [&line]);
    }

    /// A reply of a stopped server is failed by another after the lease expired, not before.
    async fn abandoned_replies_are_ended(room: Room) {
        let gate = Arc::new(Notify::new());
        room.model.respond_with(begun("One", &gate, ended("two")));
        let mut stream = Events::of(room.question(&room.asker, "hi")).await;
        stream.expect().await;
        stream.expect().await;
        let id = room.replies().await[0].id;
        // Another server on the same database, with a clock that is ahead.
        let clock = plaza::clock::Clock::manual(room.server.app.clock.now() + chrono::TimeDelta::seconds(19));
        let other = App::new(room.server.app.db.clone(), clock, Default::default());
        agents::fail_abandoned(&other).await.expect("looks");
        assert_eq!(room.replies().await[0].status, Status::Running, "its server may still be there");
        other.clock.advance(Duration::from_secs(2));
        agents::fail_abandoned(&room.server.app).await.expect("looks");
        assert_eq!(room.replies().await[0].status, Status::Running, "nobody ends what they are giving");
        agents::fail_abandoned(&other).await.expect("ends it");
        assert_eq!(room.replies().await[0].status, Status::Failed);
        // The first server was only slow; it publishes nothing more.
        gate.notify_one();
        let told = room.follow(&room.asker, &id.to_string(), 0).await;
        assert_eq!(types(&told), ["meta", "chunk", "error", "done"]);
        assert_eq!(events(&told)[2]["message"], "The server stopped while answering");
        assert_eq!(said(&told), "One");
        assert_eq!(room.coins().await, UNPAID);
    }

    /// A reply that cannot be ended because of an internal error does not block others.
    async fn a_fault_holds_up_no_other(room: Room) {
        let bakery = room.creator.post("/api/communities", json!({ "name": "Bakery" })).await.json["id"].clone();
        let path = format!("/api/communities/{}", bakery.as_str().expect("an id"));
        assert_eq!(room.creator.post(&format!("{path}/agents"), json!({ "listingId": room.agent })).await.status, 201);
        assert_eq!(room.asker.post_empty(&format!("{path}/join")).await.status, 200);
        let gate = Arc::new(Notify::new());
        let mut streams = Vec::new();
        for path in [&room.path, &path] {
            room.model.respond_with(begun("One", &gate, vec![Step::Hang]));
            let question = json!({ "content": "hi", "listingId": room.agent });
            let asked = room.asker.request(reqwest::Method::POST, &format!("{path}/agent-chat")).json(&question);
            let mut stream = Events::of(asked).await;
            // The piece is stored when it arrives: nothing writes to the conversation after it.
            stream.expect().await;
            stream.expect().await;
            streams.push(stream);
        }
        // No event can have a later time.
        let first = room.replies().await[0].conversation_id;
        conversation::Entity::update_many()
            .col_expr(conversation::Column::LastMicros, Expr::value(i64::MAX - 10))
            .filter(conversation::Column::Id.eq(first))
            .exec(room.server.app.db.write())
            .await
            .expect("writes");
        // Far beyond each lease, however late the last piece was written.
        let clock = plaza::clock::Clock::manual(room.server.app.clock.now() + chrono::TimeDelta::seconds(120));
        let other = App::new(room.server.app.db.clone(), clock, Default::default());
        assert!(agents::fail_abandoned(&other).await.expect("ends what it can").is_some(), "it is tried again");
        let stand = room.replies().await.iter().map(|reply| reply.status).collect::<Vec<_>>();
        assert_eq!(stand, [Status::Running, Status::Failed]);
    }

    /// A server that shuts down ends its replies: readers are notified, coins returned.
    async fn stopping_ends_answers(room: Room) {
        room.model.respond_with(vec![Step::Stream, send(piece("One")), Step::Hang]);
        let mut events = Events::of(room.question(&room.asker, "hi")).await;
        events.expect().await;
        events.expect().await;
        room.server.app.tasks.stop();
        let told = events.expect().await.json;
        assert_eq!(told, json!({ "type": "error", "message": "The server stopped while answering" }));
        assert_eq!(events.expect().await.json, json!({ "type": "done" }));
        assert!(events.next().await.is_none());
        assert_eq!(room.coins().await, UNPAID);
    }

    /// A reply of many small pieces is complete and in order.
    async fn many_pieces_keep_their_order(room: Room) {
        let pieces: Vec<String> = (0..500).map(|number| format!("{number} ")).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        room.model.respond_with(answer(&pieces));
        assert_eq!(said(&room.ask("count").await), pieces.concat());
    }
}
