//! Messages reach the subscribers of all servers once and in order.

use tokio::task::JoinSet;

use super::*;

/// Number of messages of each writer.
const EACH: usize = 40;

by_both! {
    BY_BUS => async fn all_servers_deliver_the_same_messages(cluster => Cluster) {
        let owner = cluster.member("Owner").await;
        let (_, _, chat) = space(&owner[0]).await;
        let mut readers = JoinSet::new();
        for (server, owner) in cluster.servers.iter().zip(&owner) {
            for _ in 0..2 {
                let (mut socket, first) = listen(server, owner, EVENTS, json!({ "c": chat })).await;
                readers.spawn(async move {
                    let mut heard = Vec::new();
                    let mut last = position(&first);
                    for _ in 0..3 * EACH {
                        let event = next(&mut socket).await;
                        assert_eq!(position(&event), last + 1, "in order, without a gap");
                        last = position(&event);
                        heard.push(text(&event["message"]["content"]).to_owned());
                    }
                    heard
                });
            }
        }
        let mut writers = JoinSet::new();
        for (writer, owner) in owner.iter().cloned().enumerate() {
            let chat = chat.clone();
            writers.spawn(async move {
                for number in 0..EACH {
                    post(&owner, &chat, &format!("{writer} {number}")).await;
                }
            });
        }
        writers.join_all().await;
        let heard = readers.join_all().await;
        assert!(heard.windows(2).all(|pair| pair[0] == pair[1]));
    }

    BY_BUS => async fn a_message_larger_than_a_notification_arrives(cluster => Cluster) {
        let owner = cluster.member("Owner").await;
        let (_, _, chat) = space(&owner[0]).await;
        let (mut socket, _) = listen(&cluster.servers[1], &owner[1], EVENTS, json!({ "c": chat })).await;
        let long = "é".repeat(4000);
        post(&owner[0], &chat, &long).await;
        assert_eq!(next(&mut socket).await["message"]["content"], long);
        post(&owner[2], &chat, "short").await;
        assert_eq!(next(&mut socket).await["message"]["content"], "short");
    }

    BY_BUS => async fn an_inbox_follows_other_servers(cluster => Cluster) {
        const INBOX: &str = "subscription { inbox { isSnapshot conversations { id unreadCount } removedIds } }";
        let (owner, ann) = (cluster.member("Owner").await, cluster.member("Ann").await);
        let (_, session, chat) = space(&owner[0]).await;
        let (mut inbox, first) = listen(&cluster.servers[1], &ann[1], INBOX, json!({})).await;
        assert_eq!(first["conversations"], json!([]));
        let (space, _) = (owner[0].get("/api/spaces").await, session.clone());
        let space = text(&space.json["spaces"][0]["id"]).to_owned();
        let path = format!("/api/spaces/{space}/sessions/{session}/join");
        assert_eq!(ann[2].post_empty(&path).await.status, 201);
        let event = next(&mut inbox).await;
        assert_eq!(event["conversations"][0]["id"], chat, "{event}");
        post(&owner[0], &chat, "hello").await;
        let event = next(&mut inbox).await;
        assert_eq!(event["conversations"], json!([{ "id": chat, "unreadCount": 1 }]));
        let read = "mutation($c: ID!) { markRead(input: { conversationId: $c }) { conversation { id } } }";
        let marked = ann[2].graphql(read, json!({ "c": chat })).await;
        assert!(marked.json["errors"].is_null(), "{}", marked.text);
        let event = next(&mut inbox).await;
        assert_eq!(event["conversations"], json!([{ "id": chat, "unreadCount": 0 }]));
    }
}
