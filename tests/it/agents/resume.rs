//! Repeated requests, resumed replies and several devices: one charge, the same events.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::agent_reply_event;
use plaza::domain::agents;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use tokio::sync::Notify;

use super::{PAID, Room, begun, code, ended, events, in_a_room, ok, said, types};
use crate::support::{Events, openai::answer};

in_a_room! {
    /// With a key, lines have ids, and the same request returns the same reply from any event.
    async fn a_retry_is_the_same_answer(room: Room) {
        let gate = Arc::new(Notify::new());
        room.model.respond_with(begun("One ", &gate, ended("two")));
        let ask = || room.question(&room.asker, "hi").header("idempotency-key", "k1");
        let mut first = Events::of(ask()).await;
        let meta = first.expect().await;
        let id = room.replies().await[0].id.to_string();
        assert_eq!(meta.id, format!("{id}.1"));
        assert_eq!(first.expect().await.id, format!("{id}.2"));
        // A second device reads while it runs, and a third resumes after the first chunk.
        let mut second = Events::of(ask()).await;
        let mut third = Events::of(ask().header("last-event-id", format!("{id}.2"))).await;
        assert_eq!(second.expect().await.json, meta.json);
        drop(first);
        gate.notify_one();
        assert_eq!(second.expect().await.json["content"], "One ");
        assert_eq!(second.expect().await.json["content"], "two");
        assert_eq!(second.expect().await.json["type"], "done");
        assert!(second.next().await.is_none());
        assert_eq!(third.expect().await.json["content"], "two");
        assert_eq!(third.expect().await.json["type"], "done");
        assert!(third.next().await.is_none());

        // After the end: the same bytes from every position.
        let whole = room.asker.send(ask()).await;
        assert_eq!(said(&whole), "One two");
        for after in 0..=4 {
            let told = room.follow(&room.asker, &id, after).await;
            assert_eq!(events(&told), events(&whole)[after as usize..], "behind {after}");
        }
        let other = json!({ "content": "something else", "listingId": room.agent });
        let mismatch = room.asker.request(reqwest::Method::POST, &format!("{}/agent-chat", room.path));
        let mismatch = room.asker.send(mismatch.json(&other).header("idempotency-key", "k1")).await;
        assert_eq!((mismatch.status, mismatch.json["code"].as_str()), (422, Some("IDEMPOTENCY_MISMATCH")));
        assert_eq!(room.coins().await, PAID);
        assert_eq!(room.model.requests().len(), 1);
        assert_eq!(room.history().await.len(), 2);
    }

    /// A compacted reply is returned as a whole, also from positions that no longer exist.
    async fn an_old_answer_is_one_piece(room: Room) {
        room.model.respond_with(answer(&["One ", "two ", "three"]));
        let fresh = room.ask("count").await;
        let id = room.replies().await[0].id.to_string();
        let last = u32::try_from(events(&fresh).len()).expect("a number");
        let now = room.server.app.clock.now();
        assert_eq!(agents::trim(&room.server.app, now).await.expect("trims"), 0, "it has only just ended");
        assert_eq!(agents::trim(&room.server.app, now + TimeDelta::days(1)).await.expect("trims"), 1);
        assert_eq!(agents::trim(&room.server.app, now + TimeDelta::days(1)).await.expect("trims"), 0);
        let kept = agent_reply_event::Entity::find().count(room.server.app.db.read()).await.expect("counts");
        assert_eq!(kept, 3);
        let told = room.follow(&room.asker, &id, 0).await;
        assert_eq!((types(&told).join(" ").as_str(), said(&told).as_str()), ("meta chunk done", "One two three"));
        assert_eq!(types(&room.follow(&room.asker, &id, 1).await), ["chunk", "done"]);
        assert_eq!(types(&room.follow(&room.asker, &id, last - 1).await), ["done"]);
        // A position that no longer exists restarts the reply.
        assert_eq!(types(&room.follow(&room.asker, &id, 2).await), ["meta", "chunk", "done"]);
    }

    /// Members read each other's replies, other users do not, and positions are validated.
    async fn members_may_listen(room: Room) {
        room.ask("hi").await;
        let id = room.replies().await[0].id.to_string();
        assert_eq!(said(&room.follow(&room.creator, &id, 0).await), "Hello");
        let stranger = room.server.member("Stranger").await;
        let request = room.question(&stranger, "x").header("last-event-id", format!("{id}.0"));
        let refused = stranger.send(request).await;
        assert_eq!((refused.status, refused.json["code"].as_str()), (403, Some("FORBIDDEN")));
        for (wrong, status) in [("nonsense", 400), ("a.b", 400), ("a.1", 400), ("019b0000-0000-7000-8000-000000000000.0", 404)] {
            let request = room.question(&room.asker, "x").header("last-event-id", wrong);
            let refused = room.asker.send(request).await;
            assert_eq!(refused.status, status, "{wrong}: {}", refused.text);
        }
        // A position of this reply that does not exist restarts it.
        for unknown in ["99", "x", "-1"] {
            let request = room.question(&room.asker, "x").header("last-event-id", format!("{id}.{unknown}"));
            let told = room.asker.send(request).await;
            assert_eq!((told.status, said(&told).as_str()), (200, "Hello"), "{unknown}: {}", told.text);
        }
        let query = "query($id: ID!) { agentReply(id: $id) { text } }";
        let answer = stranger.graphql(query, json!({ "id": id })).await;
        assert_eq!(code(&answer), "FORBIDDEN");
        assert_eq!(room.history().await.len(), 2, "nothing was asked again");
    }

    /// The sender's key finds the first reply, and a message that is not a question is refused.
    async fn a_client_key_asks_once(room: Room) {
        let ask = "mutation($c: ID!, $l: ID!, $k: String) { askAgent(input: { communityId: $c, agentListingId: $l, content: \"hi\", clientKey: $k }) { agentReply { id fee } } }";
        let variables = |key: &str| json!({ "c": room.community, "l": room.agent, "k": key });
        let first = ok(room.asker.graphql(ask, variables("one")).await);
        let again = ok(room.asker.graphql(ask, variables("one")).await);
        assert_eq!(first, again);
        let id = first["askAgent"]["agentReply"]["id"].as_str().expect("an id");
        room.follow(&room.asker, id, 0).await;
        assert_eq!(ok(room.asker.graphql(ask, variables("one")).await), first);
        assert_eq!(room.coins().await, PAID);
        let say = json!({ "content": "hi", "clientKey": "two" });
        room.asker.post(&format!("{}/messages", room.path), say).await;
        assert_eq!(code(&room.asker.graphql(ask, variables("two")).await), "CONFLICT");
    }
}
