//! Blocks: messages of blocked users are marked for the blocking user only, and blocked users do not learn of
//! it.

use serde_json::{Value, json};

use super::{code, community, done, join, say};
use crate::support::{Caller, on_both};

const BLOCK: &str = "mutation($u: ID!, $l: String) { blockUser(input: { userId: $u, label: $l }) { blockedUser { userId label } } }";
const UNBLOCK: &str = "mutation($u: ID!) { unblockUser(input: { userId: $u }) { deletedId userId } }";
const LIST: &str = "{ blockedUsers { totalCount nodes { userId label } } }";

async fn block(who: &Caller, whom: &Caller) {
    done(who, BLOCK, json!({ "u": whom.id })).await;
}

/// Returns the messages that a user reads in a room, and whether each is marked.
async fn marks(who: &Caller, community: &str) -> Value {
    let query = "query($c: ID!) { messages(communityId: $c) { content isFromBlocked } }";
    done(who, query, json!({ "c": community })).await["messages"].clone()
}

on_both! {
    async fn people_are_blocked_and_unblocked(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let carol = server.member("Carol").await;
        let made = done(&alice, BLOCK, json!({ "u": bob.id, "l": " that man " })).await;
        assert_eq!(made["blockUser"]["blockedUser"], json!({ "userId": bob.id, "label": "that man" }));
        server.app.clock.advance(std::time::Duration::from_secs(1));
        block(&alice, &carol).await;
        done(&alice, BLOCK, json!({ "u": bob.id, "l": "Bob" })).await;
        let list = done(&alice, LIST, json!({})).await["blockedUsers"].clone();
        let rows = json!([{ "userId": carol.id, "label": null }, { "userId": bob.id, "label": "Bob" }]);
        assert_eq!(list, json!({ "totalCount": 2, "nodes": rows }));
        assert_eq!(done(&bob, LIST, json!({})).await["blockedUsers"]["totalCount"], 0, "nobody else's");

        for (user, label, refusal) in [
            (alice.id.as_str(), "", "INVALID"),
            ("nobody", "", "NOT_FOUND"),
            (bob.id.as_str(), &"l".repeat(101), "INVALID"),
        ] {
            assert_eq!(code(&alice.graphql(BLOCK, json!({ "u": user, "l": label })).await), refusal);
        }
        assert_eq!(code(&server.anon().graphql(BLOCK, json!({ "u": bob.id })).await), "UNAUTHENTICATED");
        assert_eq!(code(&server.anon().graphql(LIST, json!({})).await), "UNAUTHENTICATED");
        assert_eq!(done(&alice, UNBLOCK, json!({ "u": bob.id })).await["unblockUser"]["userId"], bob.id.as_str());
        assert_eq!(code(&alice.graphql(UNBLOCK, json!({ "u": bob.id })).await), "NOT_FOUND");
        assert_eq!(done(&alice, LIST, json!({})).await["blockedUsers"]["totalCount"], 1);
        // Deleting an account removes its blocks and those on it.
        done(&carol, "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }", json!({})).await;
        assert_eq!(done(&alice, LIST, json!({})).await["blockedUsers"]["totalCount"], 0);
    }

    /// For the blocking user only, with one more statement for any number of messages.
    async fn messages_of_blocked_users_are_marked(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let carol = server.member("Carol").await;
        let c = community(&alice, json!({ "name": "Club" })).await;
        join(&bob, &c).await;
        join(&carol, &c).await;
        say(&bob, &c, "from Bob").await;
        say(&carol, &c, "from Carol").await;
        block(&alice, &bob).await;
        let plain = json!([{ "content": "from Bob", "isFromBlocked": false },
            { "content": "from Carol", "isFromBlocked": false }]);
        let marked = json!([{ "content": "from Bob", "isFromBlocked": true },
            { "content": "from Carol", "isFromBlocked": false }]);
        assert_eq!(marks(&alice, &c).await, marked);
        for who in [&bob, &carol] {
            assert_eq!(marks(who, &c).await, plain);
        }
        let count = async || {
            server.statements();
            marks(&alice, &c).await;
            server.statements().len()
        };
        let few = count().await;
        for number in 0..20 {
            say(if number % 2 == 0 { &bob } else { &carol }, &c, "more").await;
        }
        assert_eq!(count().await, few);
        done(&alice, UNBLOCK, json!({ "u": bob.id })).await;
        assert_eq!(marks(&alice, &c).await[0]["isFromBlocked"], false);
    }

    /// Also in subscriptions: the same event, marked for one subscriber only.
    async fn what_they_say_is_marked_live(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let c = community(&alice, json!({ "name": "Club" })).await;
        join(&bob, &c).await;
        block(&alice, &bob).await;
        let chat = "query($c: ID!) { community(id: $c) { conversation { id } } }";
        let chat = done(&alice, chat, json!({ "c": c })).await["community"]["conversation"]["id"].clone();
        let events = "subscription($c: ID!) { conversationEvents(conversationId: $c) {
            ... on MessageEvent { message { content isFromBlocked } } } }";
        let mut sockets = [server.socket().by(&alice).await, server.socket().by(&bob).await];
        for socket in &mut sockets {
            socket.subscribe("1", events, json!({ "c": chat })).await;
            socket.hear().await;
        }
        say(&bob, &c, "live").await;
        for (socket, marked) in sockets.iter_mut().zip([true, false]) {
            let told = socket.hear().await["payload"]["data"]["conversationEvents"]["message"].clone();
            assert_eq!(told, json!({ "content": "live", "isFromBlocked": marked }));
        }
    }

    /// A blocked user's invitation gets the usual answer and has no effect.
    async fn a_blocked_user_cannot_invite_the_blocker(server: Server) {
        let (alice, bob) = (server.member("Alice").await, server.member("Bob").await);
        let carol = server.member("Carol").await;
        let space = bob.post("/api/spaces", json!({ "name": "Lair", "isPublic": false })).await.json["id"].clone();
        let invite = "mutation($s: ID!, $u: ID!) { inviteToSpace(input: { spaceId: $s, userId: $u }) { space { id name } } }";
        block(&alice, &bob).await;
        let blocked = bob.graphql(invite, json!({ "s": space, "u": alice.id })).await;
        let welcome = bob.graphql(invite, json!({ "s": space, "u": carol.id })).await;
        assert_eq!((blocked.status, &blocked.text), (welcome.status, &welcome.text), "nothing tells them apart");
        let path = format!("/api/spaces/{}", space.as_str().expect("an id"));
        assert_eq!((alice.get(&path).await.status, carol.get(&path).await.status), (404, 200));
        // The other direction is unaffected, and a later invitation counts.
        done(&alice, UNBLOCK, json!({ "u": bob.id })).await;
        done(&bob, invite, json!({ "s": space, "u": alice.id })).await;
        assert_eq!(alice.get(&path).await.status, 200);
    }
}
