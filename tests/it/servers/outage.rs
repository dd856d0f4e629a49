//! The bus fails: messages arrive by polling, and by the bus again when it is back.

use super::*;

/// Settings of servers that read each second what was not announced.
const POLLING: &[(&str, &str)] = &[("PLAZA_POLL_INTERVAL", "1")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_arrive_while_nats_is_stopped() {
    let Some(mut cluster) = Cluster::start(By::Nats, POLLING).await else { return };
    let owner = cluster.member("Owner").await;
    let (_, _, chat) = space(&owner[0]).await;
    let inbox = "subscription { inbox { conversations { unreadCount lastMessage { content } } } }";
    let (mut socket, first) = listen(&cluster.servers[1], &owner[1], EVENTS, json!({ "c": chat })).await;
    let (mut inbox, _) = listen(&cluster.servers[1], &owner[1], inbox, json!({})).await;
    let mut last = position(&first);
    let mut expect = async |socket: &mut Socket, content: &str| {
        let event = next(socket).await;
        assert_eq!((position(&event), &event["message"]["content"]), (last + 1, &json!(content)));
        last += 1;
    };
    post(&owner[0], &chat, "before").await;
    expect(&mut socket, "before").await;
    cluster.nats.as_mut().expect("NATS").stop();
    for server in &cluster.servers {
        server.logs("the connection to the other servers by NATS failed").await;
    }
    for content in ["one", "two", "three"] {
        post(&owner[0], &chat, content).await;
        expect(&mut socket, content).await;
    }
    // An inbox is in no log. It is read again because the number of sent messages is in the database.
    while next(&mut inbox).await["conversations"][0]["lastMessage"]["content"] != "three" {}
    assert!(cluster.nats.as_mut().expect("NATS").boot());
    post(&owner[2], &chat, "after").await;
    expect(&mut socket, "after").await;
    while next(&mut inbox).await["conversations"][0]["lastMessage"]["content"] != "after" {}
}
