//! Leaving, and being removed, during a question or reply.

use std::{collections::HashSet, sync::Arc, time::Duration};

use serde_json::json;
use tokio::{sync::Notify, task::yield_now};

use super::{FEE, Room, begun, in_a_room, said, types};
use crate::support::{Events, openai::Step};

/// Number of moments at which the client disconnects.
const MOMENTS: usize = 100;

in_a_room! {
    /// A client that disconnects at any moment has asked or has not; a posted question is answered.
    async fn an_asker_may_disconnect_at_any_moment(room: Room) {
        room.server.give(&room.asker, 2 * MOMENTS as i64 * FEE).await;
        // The moments are spread over the time until a stream begins.
        let asking = tokio::spawn(room.question(&room.asker, "hi").send());
        let mut whole = 0;
        while !asking.is_finished() {
            yield_now().await;
            whole += 1;
        }
        drop(asking.await.expect("asks").expect("an answer").bytes().await);
        let mut followed = HashSet::new();
        for moment in 0..MOMENTS {
            let asking = tokio::spawn(room.question(&room.asker, "hi").send());
            for _ in 0..whole * moment / MOMENTS {
                yield_now().await;
            }
            asking.abort();
            for reply in room.replies().await.into_iter().filter(|reply| followed.insert(reply.id)) {
                let answer = room.follow(&room.asker, &reply.id.to_string(), 0).await;
                assert_eq!((types(&answer).last().map(String::as_str), said(&answer)), (Some("done"), "Hello".to_owned()));
            }
            room.server.app.clock.advance(Duration::from_secs(4));
        }
    }

    /// A removed member receives no further events of any reply there, including own ones.
    async fn a_removed_member_receives_no_more_events(room: Room) {
        let gate = Arc::new(Notify::new());
        room.model.respond_with(begun("One ", &gate, vec![Step::Hang]));
        let other = room.server.member("Other").await;
        assert_eq!(other.post_empty(&format!("{}/join", room.path)).await.status, 200);
        let mut own = Events::of(room.question(&room.asker, "hi")).await;
        own.expect().await;
        assert_eq!(own.expect().await.json["content"], "One ");
        let id = room.replies().await[0].id.to_string();
        let mut foreign =
            Events::of(room.question(&other, "x").header("last-event-id", format!("{id}.1"))).await;
        assert_eq!(foreign.expect().await.json["content"], "One ");
        let remove = "mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { community { id } } }";
        for (who, stream) in [(&other, &mut foreign), (&room.asker, &mut own)] {
            let removed = room.creator.graphql(remove, json!({ "c": room.community, "u": who.id })).await;
            assert!(removed.json["errors"].is_null(), "{}", removed.text);
            let last = stream.expect().await.json;
            assert_eq!((&last["type"], &last["message"]), (&json!("error"), &json!("You must be a member to view messages")));
            assert_eq!(stream.expect().await.json, json!({ "type": "done" }));
            assert!(stream.next().await.is_none());
        }
    }
}
