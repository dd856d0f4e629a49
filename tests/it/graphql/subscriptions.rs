//! Subscriptions over WebSockets: a snapshot, then events.

use serde_json::{Value, json};

use super::conversations::{chat, post};
use crate::support::{Socket, on_both};

const EVENTS: &str = "subscription($c: ID!, $after: String) { conversationEvents(conversationId: $c, after: $after) \
                      { __typename position ... on MessageEvent { message { content } } } }";

/// Returns the event of the next message, which must be a `next` under this id.
async fn told(socket: &mut Socket, id: &str) -> Value {
    let message = socket.hear().await;
    assert_eq!((&message["id"], &message["type"]), (&json!(id), &json!("next")), "{message}");
    message["payload"]["data"]["conversationEvents"].clone()
}

/// Returns the code of the error in the next message, which must be an `error` under this id.
async fn refused(socket: &mut Socket, id: &str) -> String {
    let message = socket.hear().await;
    assert_eq!((&message["id"], &message["type"]), (&json!(id), &json!("error")), "{message}");
    message["payload"][0]["extensions"]["code"].as_str().expect("a code").to_owned()
}

/// Checks that no message is pending: the pong comes next.
async fn quiet(socket: &mut Socket) {
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
}

on_both! {
    /// A socket carries several subscriptions to their end, and an interrupted one resumes after its
    /// position.
    async fn listeners_hear_everything_and_go_on(server: Server) {
        let owner = server.member("Owner").await;
        let ((_, here), (_, there)) = (chat(&owner).await, chat(&owner).await);
        let mut socket = server.socket().by(&owner).await;
        for (id, chat) in [("here", &here), ("there", &there)] {
            socket.subscribe(id, EVENTS, json!({ "c": chat })).await;
            assert_eq!(told(&mut socket, id).await["__typename"], "ConversationSnapshot");
        }
        post(&owner, &here, "one").await;
        let one = told(&mut socket, "here").await;
        assert_eq!(one["message"]["content"], "one");
        post(&owner, &there, "elsewhere").await;
        assert_eq!(told(&mut socket, "there").await["message"]["content"], "elsewhere");
        socket.say(json!({ "id": "here", "type": "complete" })).await;
        quiet(&mut socket).await;
        post(&owner, &here, "two").await;
        post(&owner, &there, "still here").await;
        assert_eq!(told(&mut socket, "there").await["message"]["content"], "still here");
        drop(socket);
        let mut socket = server.socket().by(&owner).await;
        socket.subscribe("again", EVENTS, json!({ "c": here, "after": one["position"] })).await;
        assert_eq!(told(&mut socket, "again").await["message"]["content"], "two");
        quiet(&mut socket).await;
    }

    /// The id of a running operation cannot be reused.
    async fn an_id_is_given_once(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut socket = server.socket().by(&owner).await;
        socket.subscribe("1", EVENTS, json!({ "c": chat })).await;
        told(&mut socket, "1").await;
        socket.subscribe("1", EVENTS, json!({ "c": chat })).await;
        assert_eq!(socket.closed().await, (4409, "Subscriber for 1 already exists".into()));
    }

    /// A subscription that is refused or loses its right ends alone; the socket and its other operations
    /// continue.
    async fn a_right_that_ends_ends_its_subscription_only(server: Server) {
        let (owner, stranger) = (server.member("Owner").await, server.member("Stranger").await);
        let (_, theirs) = chat(&owner).await;
        let (_, own) = chat(&stranger).await;
        let mut socket = server.socket().by(&stranger).await;
        let none = "00000000-0000-0000-0000-000000000000";
        socket.subscribe("none", EVENTS, json!({ "c": none })).await;
        assert_eq!(refused(&mut socket, "none").await, "NOT_FOUND");
        socket.subscribe("two", "subscription { a: inbox { __typename } b: inbox { __typename } }", json!({})).await;
        assert_eq!(refused(&mut socket, "two").await, "GRAPHQL_VALIDATION_FAILED");
        for (id, chat) in [("theirs", &theirs), ("own", &own)] {
            socket.subscribe(id, EVENTS, json!({ "c": chat })).await;
            told(&mut socket, id).await;
        }
        let spaces = owner.graphql("{ viewer { spaces { nodes { id } } } }", json!({})).await;
        let space = spaces.json["data"]["viewer"]["spaces"]["nodes"][0]["id"].as_str().expect("an id").to_owned();
        owner.put(&format!("/api/spaces/{space}"), json!({ "isPublic": false })).await;
        assert_eq!(refused(&mut socket, "theirs").await, "NOT_FOUND");
        post(&owner, &theirs, "not for strangers").await;
        post(&stranger, &own, "mine").await;
        assert_eq!(told(&mut socket, "own").await["message"]["content"], "mine");
    }

    /// The end of a sign-in closes its socket, even an idle one.
    async fn signing_out_closes_the_socket(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut socket = server.socket().by(&owner).await;
        socket.subscribe("1", EVENTS, json!({ "c": chat })).await;
        told(&mut socket, "1").await;
        owner.post_empty("/api/auth/sign-out").await;
        assert_eq!(refused(&mut socket, "1").await, "UNAUTHENTICATED");
        assert_eq!(socket.closed().await, (4403, "Unauthorized".into()));
    }

    /// An operation that requires a sign-in does not close the socket.
    async fn an_anonymous_subscription_is_refused_and_the_socket_stays_open(server: Server) {
        let owner = server.member("Owner").await;
        let mut socket = server.socket().open().await;
        socket.init(json!({})).await;
        socket.subscribe("1", "subscription { inbox { __typename } }", json!({})).await;
        assert_eq!(refused(&mut socket, "1").await, "UNAUTHENTICATED");
        socket.say(json!({ "type": "ping", "payload": { "token": owner.token } })).await;
        assert_eq!(socket.hear().await, json!({ "type": "pong" }));
        socket.subscribe("1", "subscription { inbox { __typename } }", json!({})).await;
        assert_eq!(socket.hear().await["payload"], json!({ "data": { "inbox": { "__typename": "InboxEvent" } } }));
    }

    /// A new sign-in keeps the subscriptions.
    async fn a_renewed_token_keeps_subscriptions(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut socket = server.socket().by(&owner).await;
        socket.subscribe("1", EVENTS, json!({ "c": chat })).await;
        told(&mut socket, "1").await;
        let body = json!({ "email": "owner@example.com", "password": "a long password" });
        let again = server.anon().post("/api/auth/sign-in/email", body).await.json["token"].clone();
        socket.say(json!({ "type": "ping", "payload": { "token": again } })).await;
        assert_eq!(socket.hear().await, json!({ "type": "pong" }));
        post(&owner, &chat, "still").await;
        assert_eq!(told(&mut socket, "1").await["message"]["content"], "still");
    }

    /// A stopping server does not complete subscriptions, so that clients resume them.
    async fn a_stopping_server_completes_nothing(server: Server) {
        let owner = server.member("Owner").await;
        let (_, chat) = chat(&owner).await;
        let mut socket = server.socket().by(&owner).await;
        socket.subscribe("1", EVENTS, json!({ "c": chat })).await;
        told(&mut socket, "1").await;
        server.app.tasks.stop();
        assert_eq!(socket.closed().await, (1001, "The server is stopping".into()));
    }
}
