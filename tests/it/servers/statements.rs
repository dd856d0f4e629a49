//! The cost of idle servers does not depend on what is open.

use plaza::domain::servers::Rounds;

use super::{EVENTS, json, text};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_takes_the_same_statements_for_any_number_of_open_topics() {
    // The periodic rounds do not begin during the test.
    let Some(server) = Server::on_postgres_with(|settings| {
        settings.poll_interval = 3600;
        settings.rights_validity = 3600;
        settings.socket_subscriptions = 400;
    })
    .await
    else {
        return;
    };
    let owner = server.member("Owner").await;
    let space = owner.post("/api/spaces", json!({ "name": "Storm" })).await.json["id"].clone();
    let mut socket = server.socket().by(&owner).await;
    let rounds = Rounds::default();
    let mut costs = Vec::new();
    for open in [1, 300] {
        for number in 0..open {
            let path = format!("/api/spaces/{}/sessions", text(&space));
            let session = owner.post_empty(&path).await.json["id"].clone();
            let query = "query($s: ID!) { spaceSession(id: $s) { conversation { id } } }";
            let found = owner.graphql(query, json!({ "s": session })).await;
            let chat = &found.json["data"]["spaceSession"]["conversation"]["id"];
            socket.subscribe(&format!("{open} {number}"), EVENTS, json!({ "c": chat })).await;
            assert_eq!(socket.hear().await["type"], "next");
        }
        assert!(server.app.conversations.positions().len() >= open);
        server.own_statements();
        rounds.run(&server.app).await.expect("a round");
        costs.push(server.own_statements().len());
    }
    assert_eq!(costs, [2, 2], "one statement writes, one reads");
}
