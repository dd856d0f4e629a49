//! What keeps order at the same moment does not lock one another out.

use entity::agent_reply::Status;

use super::*;
use crate::support::Events;

in_a_room! {
    /// The conversation is held while an answer is stopped or a message deleted, the community while a member is sent
    /// away, and each needs the other's.
    async fn moderators_do_not_wait_in_a_circle(room: Room) {
        let stop = "mutation($id: ID!) { stopAgentReply(id: $id) { status } }";
        let delete = "mutation($id: ID!) { deleteMessage(id: $id) { id } }";
        let remove = "mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { id } }";
        for _ in 0..3 {
            room.model.will(vec![Step::Stream, openai::send(openai::piece("One")), Step::Hang]);
            let mut stream = Events::of(room.question(&room.asker, "hi")).await;
            stream.expect().await;
            stream.expect().await;
            let replies = room.replies().await;
            let reply = replies.iter().find(|reply| reply.status == Status::Running).expect("an answer");
            let away = json!({ "c": room.community, "u": room.asker.id });
            room.server.dawdle(100_000);
            let (stopped, deleted, removed) = tokio::join!(
                room.creator.graphql(stop, json!({ "id": reply.id })),
                room.creator.graphql(delete, json!({ "id": reply.question_id })),
                room.creator.graphql(remove, away),
            );
            room.server.dawdle(0);
            assert_eq!(ok(stopped)["stopAgentReply"]["status"], "STOPPED");
            ok(deleted);
            ok(removed);
            assert_eq!(room.coins().await, UNPAID);
            assert_eq!(room.asker.post_empty(&format!("{}/join", room.path)).await.status, 200);
        }
    }
}
