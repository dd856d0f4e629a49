//! Subscriptions outlast a restart of PostgreSQL: the inbox, the queue of a team and a customer's place in it.

use serde_json::{Value, json};

use crate::support::{Caller, PrivatePostgres, Server, Socket};

async fn ok(caller: &Caller, path: &str, body: Value) -> Value {
    let answer = caller.post(path, body).await;
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text);
    answer.json
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}

/// The next event of a socket's only subscription.
async fn told(socket: &mut Socket, field: &str) -> Value {
    let message = socket.hear().await;
    assert_eq!(message["type"], "next", "{message}");
    message["payload"]["data"][field].clone()
}

/// Answers of one that may not be reached yet: the last of them.
async fn once_it_answers(caller: &Caller, path: &str) {
    while caller.get(path).await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscriptions_outlast_a_restart_of_the_database() {
    let Some(postgres) = PrivatePostgres::start() else { return };
    let server = Server::on_database(&postgres.url).await;
    let (owner, customer) = (server.member("Owner").await, server.member("Customer").await);
    let shop = json!({ "name": "Shop", "type": "official", "csMode": "human_only" });
    let shop = text(&ok(&owner, "/api/communities", shop).await["id"]);
    let chat = ok(&customer, &format!("/api/communities/{shop}/start-chat"), json!({})).await;
    let chat = text(&chat["conversationId"]);

    let mut inbox = server.socket().by(&customer).await;
    inbox.subscribe("1", "subscription { inbox { isSnapshot conversations { id } } }", json!({})).await;
    assert_eq!(told(&mut inbox, "inbox").await["isSnapshot"], true);
    let mut queue = server.socket().by(&owner).await;
    let query = "subscription($c: ID!) { supportQueue(communityId: $c) { isSnapshot chats { status } } }";
    queue.subscribe("1", query, json!({ "c": shop })).await;
    assert_eq!(told(&mut queue, "supportQueue").await["isSnapshot"], true);
    let mut place = server.socket().by(&customer).await;
    let query = "subscription($c: ID!) { supportQueuePosition(conversationId: $c) { status } }";
    place.subscribe("1", query, json!({ "c": chat })).await;
    let before = text(&told(&mut place, "supportQueuePosition").await["status"]);

    postgres.stop();
    postgres.boot();
    once_it_answers(&owner, "/readyz").await;

    ok(&owner, &format!("/api/communities/{shop}/resolve"), json!({ "conversationId": chat })).await;
    let status = text(&told(&mut place, "supportQueuePosition").await["status"]);
    assert!(before != status && status == "RESOLVED", "{before} {status}");
    assert_eq!(told(&mut queue, "supportQueue").await["chats"], json!([{ "status": "RESOLVED" }]));
    assert_eq!(told(&mut inbox, "inbox").await["conversations"], json!([{ "id": chat }]));
}
