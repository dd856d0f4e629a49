//! Voice minutes that a crashed server reserved.

use plaza::{app::App, clock::Clock, domain::agents};

use super::*;

/// Lets the agent begin a sentence whose speech never ends.
async fn speak_for_ever(lounge: &Lounge) {
    lounge.model.respond_with(answer(&["Good night."]));
    lounge.voice.respond_with(vec![Step::Stream, Step::Hang]);
    assert_eq!(lounge.say("hello").await.status, 201);
    while lounge.voice.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_ne!(lounge.used().await["leftSeconds"], 120, "what is being spoken is reserved");
}

in_a_lounge! {
    /// Another server detects the crash: the reply stays text, and the reservation is released.
    async fn another_server_gives_it_back(lounge: Lounge) {
        speak_for_ever(&lounge).await;
        // Reading aloud has a lease of five minutes.
        let clock = Clock::manual(lounge.server.app.clock.now() + chrono::TimeDelta::seconds(301));
        let other = App::new(lounge.server.app.db.clone(), clock, Default::default());
        let query = "query($id: ID!) { conversation(id: $id) { messages(last: 9) { nodes { agentReply { status } } } } }";
        // Wait for the text, because before it the lease is the shorter one of generation.
        loop {
            let data = ok(lounge.listener.graphql(query, json!({ "id": lounge.talk })).await);
            let nodes = data["conversation"]["messages"]["nodes"].as_array().expect("messages").clone();
            if nodes.iter().any(|node| node["agentReply"]["status"] == "DONE") {
                break;
            }
            tokio::task::yield_now().await;
        }
        agents::fail_abandoned(&other).await.expect("looks");
        assert_eq!(lounge.used().await, json!({ "usedSeconds": 0, "leftSeconds": 120, "isUnlimited": false }));
        assert_eq!(lounge.dashboard().await["todayUsageMinutes"], 0);
    }

    /// Without another server, the reservation expires after ten minutes.
    async fn it_runs_out_by_itself(lounge: Lounge) {
        speak_for_ever(&lounge).await;
        lounge.server.app.clock.advance(Duration::from_secs(599));
        assert_ne!(lounge.used().await["leftSeconds"], 120);
        lounge.server.app.clock.advance(Duration::from_secs(1));
        assert_eq!(lounge.used().await, json!({ "usedSeconds": 0, "leftSeconds": 120, "isUnlimited": false }));
    }
}
