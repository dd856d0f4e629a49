//! A reply is followed and stopped on other servers than the one that generates it.

use std::sync::Arc;

use tokio::sync::Notify;

use super::*;
use crate::support::openai::{FakeOpenAi, Step, piece, send};

const REPLY: &str = "subscription($r: ID!) { agentReply(id: $r, after: \"0\") { __typename \
                     ... on AgentReplyChunk { content } } }";

async fn follow_and_stop(by: By) {
    let more = Arc::new(Notify::new());
    let script = vec![
        Step::Stream,
        send(piece("The lighthouse")),
        Step::Wait(more.clone()),
        send(piece(" is white")),
        Step::Hang,
    ];
    let model = FakeOpenAi::start([script]).await;
    let settings = [
        BY_BUS,
        &[
            ("PLAZA_MODEL_BASE_URL", model.url.as_str()),
            ("PLAZA_MODEL_DEFAULT", "gpt-test"),
            ("PLAZA_SPEECH_PROGRAM", "off"),
        ],
    ]
    .concat();
    let Some(cluster) = Cluster::start(by, &settings).await else { return };
    let creator = cluster.member("Creator").await;
    let agent = json!({ "agentName": "Guide", "systemPrompt": "You are a guide." });
    let agent = crate::agents::write(&creator[0], agent).await;
    let club = creator[0].post("/api/communities", json!({ "name": "Harbour" })).await.json["id"].clone();
    let path = format!("/api/communities/{}", text(&club));
    assert_eq!(creator[0].post(&format!("{path}/agents"), json!({ "listingId": agent })).await.status, 201);
    let ask = "mutation($c: ID!, $l: ID!) { askAgent(input: { communityId: $c, agentListingId: $l, content: \"What is there?\" }) { agentReply { id } } }";
    let asked = creator[0].graphql(ask, json!({ "c": club, "l": agent })).await;
    let reply = &asked.json["data"]["askAgent"]["agentReply"]["id"];
    assert!(reply.is_string(), "{}", asked.text);
    let (mut socket, mut event) =
        listen(&cluster.servers[1], &creator[1], REPLY, json!({ "r": reply })).await;
    while event["content"] != "The lighthouse" {
        event = next(&mut socket).await;
    }
    more.notify_one();
    assert_eq!(next(&mut socket).await["content"], " is white");
    let stop =
        "mutation($r: ID!) { stopAgentReply(input: { agentReplyId: $r }) { agentReply { id status } } }";
    let stopped = creator[2].graphql(stop, json!({ "r": reply })).await;
    assert_eq!(stopped.json["data"]["stopAgentReply"]["agentReply"]["status"], "STOPPED", "{}", stopped.text);
    // The subscriber receives the end, and the server that asked the model hangs up.
    next(&mut socket).await;
    model.hung_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_is_followed_and_stopped_by_postgres() {
    follow_and_stop(By::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_is_followed_and_stopped_by_nats() {
    follow_and_stop(By::Nats).await;
}
