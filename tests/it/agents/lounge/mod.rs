//! Lounges: spoken, metered and paid replies.

mod crash;
mod subscriptions;

use std::{sync::Arc, time::Duration};

use plaza::{
    adapters::{Adapters, Retry, client, speech::OpenAiSpeech},
    security::secret::Secret,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{asking, code, ok, speech::wav, write};
use crate::support::{
    Answer, Caller, Events, Server,
    openai::{FakeOpenAi, Step, answer, piece, send},
};

/// A day of the application's clock.
const DAY: Duration = Duration::from_secs(86_400);

/// A lounge with fake servers for model and voice, and a member with a chat.
struct Lounge {
    server: Server,
    model: FakeOpenAi,
    voice: FakeOpenAi,
    creator: Caller,
    listener: Caller,
    id: String,
    /// Id of the chat.
    talk: String,
}

/// Two fake servers, and adapters that use them.
async fn fakes() -> (FakeOpenAi, FakeOpenAi, Adapters) {
    let (model, voice) = (FakeOpenAi::start([]).await, FakeOpenAi::start([]).await);
    let client = client(Duration::from_secs(5)).expect("a client");
    let address = voice.url.parse().expect("an address");
    let mut speech = OpenAiSpeech::new(client, address, Secret::new("sk-test"));
    speech.retry = Retry { times: 0, wait: Duration::from_millis(1) };
    let adapters = Adapters { speech: Some(Arc::new(speech)), ..asking(&model) };
    (model, voice, adapters)
}

impl Lounge {
    async fn open(server: Server, model: FakeOpenAi, voice: FakeOpenAi) -> Self {
        let (creator, listener) = (server.member("Creator").await, server.member("Listener").await);
        let agent = write(&creator, json!({ "agentName": "Voice", "systemPrompt": "You talk." })).await;
        let body = json!({
            "name": "Night", "freeMinutesPerDay": 2, "subscriptionPriceCents": 99, "defaultAgentListingId": agent,
        });
        let made = creator.post("/api/lounge", body).await;
        let id = made.json["id"].as_str().unwrap_or_else(|| panic!("{}", made.text)).to_owned();
        let started = listener.post_empty(&format!("/api/lounge/{id}/start-chat")).await;
        let talk =
            started.json["conversationId"].as_str().unwrap_or_else(|| panic!("{}", started.text)).to_owned();
        Self { server, model, voice, creator, listener, id, talk }
    }

    /// Subscribes to further events of the chat.
    async fn listen(&self) -> Events {
        let mut events =
            Events::open(&self.listener, &format!("/api/conversations/{}/events", self.talk), None).await;
        assert_eq!(events.expect().await.json["type"], "ConversationSnapshot");
        events
    }

    /// Posts a message in the chat.
    async fn say(&self, content: &str) -> Answer {
        self.listener
            .post(&format!("/api/conversations/{}/messages", self.talk), json!({ "content": content }))
            .await
    }

    /// Posts a message, lets the agent answer with one sentence of this duration, and waits for the audio.
    async fn hear(&self, milliseconds: usize) -> Value {
        self.model.respond_with(answer(&["Good night."]));
        self.voice.respond_with(wav(milliseconds));
        let mut events = self.listen().await;
        let said = self.say("hello").await;
        assert_eq!(said.status, 201, "{}", said.text);
        let changes = [events.expect().await, events.expect().await, events.expect().await];
        let kinds = changes.each_ref().map(|told| told.json["messageChange"].clone());
        assert_eq!(kinds, [json!("posted"), json!("posted"), json!("spoken")]);
        changes[2].json["message"].clone()
    }

    /// Posts a message whose reply gets no audio; returns the messages after the question.
    async fn read(&self, messages: usize) -> Vec<Value> {
        self.model.respond_with(answer(&["Good night."]));
        let mut events = self.listen().await;
        let said = self.say("hello").await;
        assert_eq!(said.status, 201, "{}", said.text);
        let mut told = Vec::new();
        for _ in 0..=messages {
            let event = events.expect().await.json;
            assert_eq!(event["messageChange"], "posted", "{event}");
            told.push(event["message"].clone());
        }
        told.split_off(1)
    }

    /// Returns the lounge as the member sees it.
    async fn seen(&self, who: &Caller, fields: &str) -> Value {
        let query = format!("query($id: ID!) {{ lounge(id: $id) {{ {fields} }} }}");
        ok(who.graphql(&query, json!({ "id": self.id })).await)["lounge"].clone()
    }

    async fn used(&self) -> Value {
        self.seen(&self.listener, "allowance { usedSeconds leftSeconds isUnlimited }").await["allowance"]
            .clone()
    }

    /// Updates the lounge.
    async fn change(&self, mut input: Value) {
        input["loungeId"] = json!(self.id);
        let query = "mutation($input: UpdateLoungeInput!) { updateLounge(input: $input) { lounge { id } } }";
        ok(self.creator.graphql(query, json!({ "input": input })).await);
    }

    /// Runs a mutation on the member's subscription.
    async fn turn(&self, verb: &str, kind: &str, mut input: Value) -> Answer {
        input["loungeId"] = json!(self.id);
        let query = format!(
            "mutation($input: {kind}!) {{ {verb}(input: $input) {{ loungeSubscription {{ status paidUntil validUntil hasAutoRenewal agreedPrice }} }} }}"
        );
        self.listener.graphql(&query, json!({ "input": input })).await
    }

    async fn subscribe(&self, price: i64) -> Answer {
        self.turn("subscribeToLounge", "SubscribeToLoungeInput", json!({ "expectedPrice": price })).await
    }

    async fn ask(&self, voice: Value) -> Answer {
        let query =
            "mutation($input: AskLoungeInput!) { askLounge(input: $input) { agentReply { id status } } }";
        let input = json!({ "loungeId": self.id, "content": "hello", "voice": voice });
        self.listener.graphql(query, json!({ "input": input })).await
    }

    /// Advances the clock by days and keeps the sign-ins alive.
    async fn later(&self, days: u32) {
        for _ in 0..days {
            self.server.app.clock.advance(DAY);
            for who in [&self.listener, &self.creator] {
                assert_eq!(who.get("/api/communities/my").await.status, 200);
            }
        }
    }

    async fn dashboard(&self) -> Value {
        self.creator.get(&format!("/api/lounge/{}/dashboard", self.id)).await.json
    }

    async fn status(&self) -> Value {
        self.seen(&self.listener, "subscription { status }").await["subscription"]["status"].clone()
    }
}

/// Makes a test of each function, on SQLite and on PostgreSQL.
macro_rules! in_a_lounge {
    ($($(#[$meta:meta])* async fn $name:ident($lounge:ident: Lounge) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn run($lounge: Lounge) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    let (model, voice, adapters) = fakes().await;
                    let server = Server::reaching(adapters, |_| {}).await;
                    run(Lounge::open(server, model, voice).await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let (model, voice, adapters) = fakes().await;
                    let Some(server) = Server::on_postgres_reaching(adapters).await else { return };
                    run(Lounge::open(server, model, voice).await).await;
                }
            }
        )+
    };
}

use in_a_lounge;

in_a_lounge! {
    /// Audio is metered: 119 seconds are one minute; a UTC day ends at midnight.
    async fn listened_audio_counts_by_day(lounge: Lounge) {
        let heard = lounge.hear(60_000).await;
        let url = heard["ttsAudioUrl"].as_str().unwrap_or_else(|| panic!("{heard}"));
        assert_eq!(lounge.server.anon().get(url).await.status, 200);
        lounge.hear(59_000).await;
        let used = json!({ "usedSeconds": 119, "leftSeconds": 1, "isUnlimited": false });
        assert_eq!(lounge.used().await, used);
        let wanted = json!({
            "memberCount": 2, "activeSubscriptions": 0, "totalConversations": 1, "todayUsageMinutes": 1,
        });
        assert_eq!(lounge.dashboard().await, wanted);
        let resets = lounge.seen(&lounge.listener, "allowance { resetsAt }").await;
        assert_eq!(resets["allowance"]["resetsAt"], "2026-03-06T00:00:00.000000Z");
        // One microsecond before midnight is the same day.
        let midnight: chrono::DateTime<chrono::Utc> = "2026-03-06T00:00:00Z".parse().expect("a time");
        let left = (midnight - lounge.server.app.clock.now()).to_std().expect("it is ahead");
        lounge.server.app.clock.advance(left - Duration::from_micros(1));
        assert_eq!(lounge.used().await, used);
        lounge.server.app.clock.advance(Duration::from_micros(1));
        assert_eq!(lounge.used().await, json!({ "usedSeconds": 0, "leftSeconds": 120, "isUnlimited": false }));
        assert_eq!(lounge.dashboard().await["todayUsageMinutes"], 0);
        lounge.hear(1_000).await;
        assert_eq!(lounge.used().await["usedSeconds"], 1);
        let days = lounge.seen(&lounge.creator, "dashboard { days(last: 2) { date usageMinutes usageSeconds members } }");
        let wanted = json!([
            { "date": "2026-03-05", "usageMinutes": 1, "usageSeconds": 119, "members": 2 },
            { "date": "2026-03-06", "usageMinutes": 0, "usageSeconds": 1, "members": 2 },
        ]);
        assert_eq!(days.await["dashboard"]["days"], wanted);
    }

    /// A lounge with a time zone counts its own days, also in the REST dashboard.
    async fn days_are_those_of_the_place(lounge: Lounge) {
        // Noon of 5 March in UTC is one o'clock of 6 March in Auckland.
        lounge.change(json!({ "timeZone": "Pacific/Auckland" })).await;
        let seen = lounge.seen(&lounge.listener, "timeZone allowance { resetsAt }").await;
        let wanted = json!({ "timeZone": "Pacific/Auckland", "allowance": { "resetsAt": "2026-03-06T11:00:00.000000Z" } });
        assert_eq!(seen, wanted);
        lounge.hear(60_000).await;
        assert_eq!(lounge.dashboard().await["todayUsageMinutes"], 1);
        // UTC midnight is in the middle of the day there.
        lounge.server.app.clock.advance(Duration::from_secs(12 * 3600));
        assert_eq!(lounge.dashboard().await["todayUsageMinutes"], 1);
        lounge.hear(60_000).await;
        assert_eq!(lounge.used().await["usedSeconds"], 120);
        lounge.read(2).await;
        lounge.server.app.clock.advance(Duration::from_secs(11 * 3600));
        assert_eq!(lounge.used().await["usedSeconds"], 0);
        let days = "dashboard { days(last: 3) { date usageSeconds members } }";
        let wanted = json!([
            { "date": "2026-03-05", "usageSeconds": 0, "members": 0 },
            { "date": "2026-03-06", "usageSeconds": 120, "members": 2 },
            { "date": "2026-03-07", "usageSeconds": 0, "members": 2 },
        ]);
        assert_eq!(lounge.seen(&lounge.creator, days).await["dashboard"]["days"], wanted);
        let write = "mutation($i: UpdateLoungeInput!) { updateLounge(input: $i) { lounge { timeZone } } }";
        for zone in ["Auckland", "", "+13:00"] {
            let input = json!({ "loungeId": lounge.id, "timeZone": zone });
            let refused = lounge.creator.graphql(write, json!({ "i": input })).await;
            assert_eq!(refused.json["errors"][0]["extensions"]["field"], "timeZone", "{}", refused.text);
        }
        lounge.change(json!({ "timeZone": null })).await;
        assert_eq!(lounge.seen(&lounge.listener, "timeZone").await["timeZone"], Value::Null);
    }

    /// Without minutes, replies are text with a notice once a day; required audio is refused; the next day
    /// has audio again.
    async fn used_up_minutes_leave_the_text(lounge: Lounge) {
        lounge.hear(120_000).await;
        let told = lounge.read(2).await;
        assert_eq!((&told[0]["content"], &told[0]["ttsAudioUrl"]), (&json!("Good night."), &Value::Null));
        assert_eq!(told[1]["messageType"], "system");
        let word = "Your free voice minutes for today are used up: answers are sent as text until 00:00 UTC. With a subscription, voice is unlimited.";
        assert_eq!(told[1]["content"], word);
        lounge.read(1).await;
        let query = "query($id: ID!) { conversation(id: $id) { messages(last: 9) { nodes { agentReply { voiceNotice status } } } } }";
        // Events after a reply are delivered before the day ends.
        let replies = loop {
            let data = ok(lounge.listener.graphql(query, json!({ "id": lounge.talk })).await);
            let nodes = data["conversation"]["messages"]["nodes"].as_array().expect("messages").iter();
            let replies: Vec<_> =
                nodes.map(|node| node["agentReply"].clone()).filter(|reply| !reply.is_null()).collect();
            if replies.len() == 3 && replies[2]["voiceNotice"] == "USED_UP" {
                break replies;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(replies[0], json!({ "voiceNotice": null, "status": "DONE" }));
        assert_eq!(replies[1], json!({ "voiceNotice": "USED_UP", "status": "DONE" }));
        assert_eq!(code(&lounge.ask(json!(true)).await), "VOICE_MINUTES_EXHAUSTED");
        assert_eq!(lounge.voice.requests().len(), 1, "nothing was spoken in vain");
        lounge.server.app.clock.advance(DAY);
        lounge.hear(1_000).await;
    }

    /// Of two concurrent replies within the last second, one has audio, and the allowance is not exceeded.
    async fn two_at_the_last_second(lounge: Lounge) {
        lounge.hear(119_000).await;
        let gate = Arc::new(Notify::new());
        lounge.voice.respond_with([vec![Step::Wait(gate.clone())], wav(1_000)].concat());
        lounge.model.respond_with(answer(&["Good night."]));
        let mut events = lounge.listen().await;
        lounge.say("first").await;
        for _ in 0..2 {
            assert_eq!(events.expect().await.json["messageChange"], "posted");
        }
        // The first reply reserves all that is left. The second question follows as soon as the first has its
        // text.
        while lounge.voice.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
        let told = lounge.read(2).await;
        assert_eq!(told[1]["messageType"], "system");
        gate.notify_one();
        for _ in 0..3 {
            assert_eq!(events.expect().await.json["messageChange"], "posted");
        }
        assert_eq!(events.expect().await.json["messageChange"], "spoken");
        assert_eq!(lounge.used().await["usedSeconds"], 120);
        assert_eq!(lounge.dashboard().await["todayUsageMinutes"], 2);
    }

    /// A sentence that exceeds the allowance is neither published nor counted; earlier sentences are.
    async fn a_sentence_too_long_is_not_heard(lounge: Lounge) {
        lounge.hear(118_000).await;
        lounge.model.respond_with(answer(&["It is late. ", "Sleep well now."]));
        lounge.voice.respond_with(wav(1_000));
        lounge.voice.respond_with(wav(1_001));
        let mut events = lounge.listen().await;
        lounge.say("hello").await;
        let changes = [events.expect().await, events.expect().await, events.expect().await, events.expect().await];
        let kinds = changes.each_ref().map(|told| told.json["messageChange"].clone());
        assert_eq!(kinds, [json!("posted"), json!("posted"), json!("spoken"), json!("posted")]);
        assert_eq!(changes[3].json["message"]["messageType"], "system");
        assert_eq!(lounge.used().await["usedSeconds"], 119);
    }

    /// An interrupted reply has no audio and counts nothing, even if a part was spoken.
    async fn interrupted_audio_is_not_counted(lounge: Lounge) {
        lounge.voice.respond_with(wav(5_000));
        lounge.model.respond_with(vec![Step::Stream, send(piece("It is late. Sleep ")), Step::Cut]);
        let mut events = lounge.listen().await;
        lounge.say("hello").await;
        for _ in 0..2 {
            assert_eq!(events.expect().await.json["messageChange"], "posted");
        }
        assert_eq!(lounge.used().await["usedSeconds"], 0);
        assert_eq!(lounge.dashboard().await["todayUsageMinutes"], 0);
    }

    /// A question that requests text uses no minutes.
    async fn text_can_be_asked_for(lounge: Lounge) {
        let mut events = lounge.listen().await;
        ok(lounge.ask(json!(false)).await);
        for _ in 0..2 {
            assert_eq!(events.expect().await.json["messageChange"], "posted");
        }
        assert!(lounge.voice.requests().is_empty());
        lounge.model.respond_with(answer(&["Good night."]));
        lounge.voice.respond_with(wav(2_000));
        ok(lounge.ask(json!(true)).await);
        for kind in ["posted", "posted", "spoken"] {
            assert_eq!(events.expect().await.json["messageChange"], kind);
        }
        assert_eq!(lounge.used().await["usedSeconds"], 2);
    }

    /// A lounge without an agent refuses messages, which would have no reader.
    async fn without_an_agent_nobody_answers(lounge: Lounge) {
        lounge.change(json!({ "defaultAgentListingId": null })).await;
        let refused = lounge.say("hello").await;
        assert_eq!((refused.status, &refused.json["code"]), (409, &json!("CONFLICT")), "{}", refused.text);
        let history = lounge.listener.get(&format!("/api/conversations/{}/messages", lounge.talk)).await;
        assert_eq!(history.json["messages"], json!([]));
    }

    /// Leaving and a ban end subscriptions to the chat.
    async fn leaving_ends_the_stream(lounge: Lounge) {
        let mut events = lounge.listen().await;
        let left = lounge.listener.post_empty(&format!("/api/communities/{}/leave", lounge.id)).await;
        assert_eq!(left.status, 200, "{}", left.text);
        while let Some(told) = events.next().await {
            assert!(told.json["messageChange"].is_null(), "{}", told.json);
        }
        let again = lounge.listener.post_empty(&format!("/api/lounge/{}/start-chat", lounge.id)).await;
        assert_eq!(again.json["existing"], true);
        let mut events = lounge.listen().await;
        let ban = "mutation($input: BanMemberInput!) { banMember(input: $input) { ban { id } } }";
        let input = json!({ "communityId": lounge.id, "userId": lounge.listener.id });
        ok(lounge.creator.graphql(ban, json!({ "input": input })).await);
        while events.next().await.is_some() {}
    }
}
