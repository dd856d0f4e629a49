//! Chats that can no longer be served.

use plaza::domain::support;
use serde_json::json;

use super::Desk;
use crate::{
    rest::{assert_status, refused},
    support::on_both,
};

const HAND_ON: &str = "mutation($c: ID!, $u: ID!) { transferSupportChat(input: { conversationId: $c, userId: $u }) { supportChat { id } } }";
const BLOCK: &str = "mutation($u: ID!) { blockUser(input: { userId: $u }) { blockedUser { userId } } }";

on_both! {
    /// A team member who is also a customer is served by another.
    async fn nobody_serves_themselves(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let id = desk.begin(&desk.agent).await;
        let answer = desk.accept(&desk.agent, &id).await;
        assert_eq!(refused(&answer, 404, "NOT_FOUND"), "No waiting conversation found");
        assert_status(&desk.accept(&desk.other, &id).await, 200);
        let handed = desk.other.graphql(HAND_ON, json!({ "c": id, "u": desk.agent.id })).await;
        assert_eq!(handed.json["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", handed.text);
        assert_status(&desk.say(&desk.agent, &id, "Hello?").await, 201);
        assert_eq!(desk.queue(&desk.other).await[0]["assignedCsId"], json!(desk.other.id));
    }

    /// An archived account serves no customer, and its customers wait no longer.
    async fn a_closed_account_serves_nobody(server: Server) {
        let desk = Desk::open(&server, "ai_only").await;
        let (first, second) = (desk.begin(&desk.customer).await, desk.begin(&desk.other).await);
        assert_status(&desk.transfer(&desk.other).await, 200);
        assert_status(&desk.creator.delete(&desk.path).await, 200);
        assert_eq!(refused(&desk.transfer(&desk.customer).await, 404, "NOT_FOUND"), "No active AI conversation found");
        let answer = desk.accept(&desk.agent, &second).await;
        assert_eq!(refused(&answer, 404, "NOT_FOUND"), "No waiting conversation found");
        support::run_due(&server.app).await.expect("looks after them");
        assert_eq!(desk.status(&desk.customer, &first).await, "resolved");
        assert_eq!(desk.status(&desk.other, &second).await, "resolved");
    }

    /// Banned and deleted customers do not delay waiting ones.
    async fn who_is_banned_or_gone_waits_no_longer(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let (banned, gone) = (server.member("Banned").await, server.member("Gone").await);
        for who in [&banned, &gone, &desk.customer] {
            let id = desk.begin(who).await;
            assert_status(&desk.say(who, &id, "Hello?").await, 201);
        }
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }";
        let answer = desk.creator.graphql(ban, json!({ "c": desk.community, "u": banned.id })).await;
        assert!(answer.json["errors"].is_null(), "{}", answer.text);
        let end = "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }";
        assert!(gone.graphql(end, json!({})).await.json["errors"].is_null());
        support::run_due(&server.app).await.expect("looks after them");
        let waiting = desk.queue(&desk.agent).await.into_iter().filter(|row| row["status"] == "waiting_human");
        assert_eq!(waiting.map(|row| row["userId"].clone()).collect::<Vec<_>>(), [json!(desk.customer.id)]);
    }

    /// The queue assigns no customer to a team member who blocked that customer.
    async fn a_block_holds_at_the_desk(server: Server) {
        let desk = Desk::open(&server, "human_only").await;
        let stranger = server.member("Stranger").await;
        for (who, whom) in [(&stranger, &desk.creator), (&desk.other, &desk.customer)] {
            let blocked = who.graphql(BLOCK, json!({ "u": whom.id })).await;
            assert!(blocked.json["errors"].is_null(), "{}", blocked.text);
        }
        let answer = desk.invite(&desk.creator, json!({ "userId": stranger.id })).await;
        assert_eq!(refused(&answer, 404, "NOT_FOUND"), "User not found");
        let id = desk.begin(&desk.customer).await;
        assert_status(&desk.accept(&desk.agent, &id).await, 200);
        let handed = desk.agent.graphql(HAND_ON, json!({ "c": id, "u": desk.other.id })).await;
        assert_eq!(handed.json["errors"][0]["message"], "User not found", "{}", handed.text);
    }
}
