//! Presence and typing are those of all servers together.

use super::*;

const ACTIVITY: &str = "subscription($c: ID!) { conversationEvents(conversationId: $c, activity: true) { \
                        ... on ConversationActivity { presentCount present { id } typing { id } } } }";

/// Waits until an activity has this number of users, and returns it.
async fn until_present(socket: &mut Socket, count: usize) -> Value {
    loop {
        let event = next(socket).await;
        if event["presentCount"] == count {
            return event;
        }
    }
}

by_both! {
    BY_BUS => async fn users_of_all_servers_are_present(cluster => Cluster) {
        let (ann, bob, cid) = (cluster.member("Ann").await, cluster.member("Bob").await, cluster.member("Cid").await);
        let (_, _, chat) = space(&ann[0]).await;
        let variables = json!({ "c": chat });
        let (mut at_a, _) = listen(&cluster.servers[0], &ann[0], ACTIVITY, variables.clone()).await;
        until_present(&mut at_a, 1).await;
        let (mut at_b, _) = listen(&cluster.servers[1], &bob[1], ACTIVITY, variables.clone()).await;
        until_present(&mut at_a, 2).await;
        until_present(&mut at_b, 2).await;
        // One user on two servers is one user.
        let (mut again, _) = listen(&cluster.servers[2], &bob[2], ACTIVITY, variables.clone()).await;
        until_present(&mut again, 2).await;
        let (mut at_c, _) = listen(&cluster.servers[2], &cid[2], ACTIVITY, variables).await;
        for socket in [&mut at_a, &mut at_b, &mut at_c] {
            let event = until_present(socket, 3).await;
            let mut present: Vec<&str> =
                event["present"].as_array().expect("users").iter().map(|user| text(&user["id"])).collect();
            let mut expected = vec![&*ann[0].id, &*bob[0].id, &*cid[0].id];
            present.sort_unstable();
            expected.sort_unstable();
            assert_eq!(present, expected);
        }
        drop(at_c);
        until_present(&mut at_a, 2).await;
        drop(at_b);
        // Bob is still on the third server.
        drop(again);
        until_present(&mut at_a, 1).await;
    }

    BY_BUS => async fn typing_is_shown_on_other_servers(cluster => Cluster) {
        let ann = cluster.member("Ann").await;
        let (_, _, chat) = space(&ann[0]).await;
        let (mut at_a, _) = listen(&cluster.servers[0], &ann[0], ACTIVITY, json!({ "c": chat })).await;
        until_present(&mut at_a, 1).await;
        let typing = "mutation($c: ID!, $t: Boolean) { setTyping(input: { conversationId: $c, isTyping: $t }) { conversation { id } } }";
        // By a server without a subscriber.
        let set = ann[1].graphql(typing, json!({ "c": chat, "t": true })).await;
        assert!(set.json["errors"].is_null(), "{}", set.text);
        while next(&mut at_a).await["typing"] != json!([{ "id": ann[0].id }]) {}
        post(&ann[2], &chat, "done").await;
        while next(&mut at_a).await["typing"] != json!([]) {}
    }

    BY_BUS => async fn the_users_of_a_stopped_server_leave(mut cluster => Cluster) {
        let (ann, bob) = (cluster.member("Ann").await, cluster.member("Bob").await);
        let (_, _, chat) = space(&ann[0]).await;
        let (mut at_a, _) = listen(&cluster.servers[0], &ann[0], ACTIVITY, json!({ "c": chat })).await;
        let _at_b = listen(&cluster.servers[1], &bob[1], ACTIVITY, json!({ "c": chat })).await;
        until_present(&mut at_a, 2).await;
        assert_eq!(cluster.servers[1].stop(), Some(0));
        until_present(&mut at_a, 1).await;
    }
}
