//! Concurrent moderation does not deadlock.

use entity::agent_reply::Status;

use super::*;
use crate::support::Events;

in_a_room! {
    /// Stopping a reply or deleting a message locks the conversation, removing a member locks the community,
    /// and each needs the other's lock.
    async fn moderators_do_not_wait_in_a_circle(room: Room) {
        let stop = "mutation($id: ID!) { stopAgentReply(input: { agentReplyId: $id }) { agentReply { status } } }";
        let delete = "mutation($id: ID!) { deleteMessage(input: { messageId: $id }) { message { id } } }";
        let remove = "mutation($c: ID!, $u: ID!) { removeMember(input: { communityId: $c, userId: $u }) { community { id } } }";
        for _ in 0..3 {
            room.model.respond_with(vec![Step::Stream, openai::send(openai::piece("One")), Step::Hang]);
            let mut stream = Events::of(room.question(&room.asker, "hi")).await;
            stream.expect().await;
            stream.expect().await;
            let replies = room.replies().await;
            let reply = replies.iter().find(|reply| reply.status == Status::Running).expect("an answer");
            let away = json!({ "c": room.community, "u": room.asker.id });
            room.server.delay_commits(100_000);
            let (stopped, deleted, removed) = tokio::join!(
                room.creator.graphql(stop, json!({ "id": reply.id })),
                room.creator.graphql(delete, json!({ "id": reply.question_id })),
                room.creator.graphql(remove, away),
            );
            room.server.delay_commits(0);
            assert_eq!(ok(stopped)["stopAgentReply"]["agentReply"]["status"], "STOPPED");
            ok(deleted);
            ok(removed);
            assert_eq!(room.coins().await, UNPAID);
            assert_eq!(room.asker.post_empty(&format!("{}/join", room.path)).await.status, 200);
        }
    }
}
