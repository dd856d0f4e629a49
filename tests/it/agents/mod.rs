//! Agents: written, added to communities, asked, and their answers as they come.

mod chat;
mod crash;
mod endings;
mod leaving;
mod listings;
mod lounge;
mod mentions;
mod page;
mod places;
mod prompt;
mod races;
mod resume;
mod speech;

use std::{sync::Arc, time::Duration};

use entity::agent_reply;
use plaza::{
    adapters::{
        Adapters, Retry, client,
        model::{Models, OpenAi, Timeouts},
    },
    secret::Secret,
};
use reqwest::{Method, RequestBuilder};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{
    Answer, Caller, Server,
    openai::{self, FakeOpenAi, Step},
};

/// What a question costs in the room.
const FEE: i64 = 10;
/// What whoever asks has at first.
const COINS: i64 = 100;

/// A community with an agent in it, and a member who asks it.
struct Room {
    server: Server,
    model: FakeOpenAi,
    creator: Caller,
    asker: Caller,
    /// The community's path.
    path: String,
    community: String,
    /// The agent's listing.
    agent: String,
}

impl Room {
    async fn open(server: Server, model: FakeOpenAi) -> Self {
        let author = server.member("Author").await;
        let agent = write(&author, json!({ "agentName": "Guide", "systemPrompt": "You are a guide." })).await;
        let (creator, asker) = (server.member("Creator").await, server.member("Asker").await);
        let community = json!({ "name": "Harbour", "agentCallFee": FEE });
        let community = creator.post("/api/communities", community).await.json["id"].clone();
        let community = community.as_str().expect("an id").to_owned();
        let path = format!("/api/communities/{community}");
        let added = creator.post(&format!("{path}/agents"), json!({ "listingId": agent })).await;
        assert_eq!(added.status, 201, "{}", added.text);
        let joined = asker.post_empty(&format!("{path}/join")).await;
        assert_eq!(joined.status, 200, "{}", joined.text);
        server.give(&asker, COINS).await;
        Self { server, model, creator, asker, path, community, agent }
    }

    /// A question to the agent, to be shaped further.
    fn question(&self, who: &Caller, content: &str) -> RequestBuilder {
        let body = json!({ "content": content, "listingId": self.agent });
        who.request(Method::POST, &format!("{}/agent-chat", self.path)).json(&body)
    }

    /// Asks, and reads the answer to its end.
    async fn ask(&self, content: &str) -> Answer {
        self.asker.send(self.question(&self.asker, content)).await
    }

    /// Reads an answer behind an event to its end.
    async fn follow(&self, who: &Caller, reply: &str, after: u32) -> Answer {
        let request = self.question(who, "x").header("last-event-id", format!("{reply}.{after}"));
        let answer = who.send(request).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    /// The newest messages, oldest first.
    async fn history(&self) -> Vec<Value> {
        let answer = self.asker.get(&format!("{}/messages", self.path)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["messages"].as_array().expect("messages").clone()
    }

    /// All answers there were, oldest first.
    async fn replies(&self) -> Vec<agent_reply::Model> {
        let mut replies = agent_reply::Entity::find().all(self.server.app.db.read()).await.expect("reads");
        replies.sort_by_key(|reply| reply.id);
        replies
    }

    /// What the asker, the creator and the platform have; nothing is held, and nothing was made or lost.
    async fn coins(&self) -> [i64; 3] {
        let all = entity::ledger_account::Entity::find().all(self.server.app.db.read()).await.expect("reads");
        assert_eq!(all.iter().map(|account| account.balance).sum::<i64>(), 0);
        let held = all.iter().filter(|account| account.kind == entity::ledger_account::Kind::Held);
        assert_eq!(held.map(|account| account.balance).sum::<i64>(), 0, "nothing is held");
        [
            self.server.balance(&self.asker).await,
            self.server.balance(&self.creator).await,
            self.server.earnings().await,
        ]
    }
}

/// What the three have when one answer was paid, and when none was.
const PAID: [i64; 3] = [90, 7, 3];
const UNPAID: [i64; 3] = [100, 0, 0];

/// Writes an agent; gives back its id.
pub(crate) async fn write(caller: &Caller, input: Value) -> String {
    let query = "mutation($input: CreateAgentListingInput!) { createAgentListing(input: $input) { id } }";
    let data = ok(caller.graphql(query, json!({ "input": input })).await);
    data["createAgentListing"]["id"].as_str().expect("an id").to_owned()
}

#[track_caller]
pub(crate) fn ok(answer: Answer) -> Value {
    assert!(answer.json["errors"].is_null(), "{}", answer.text);
    answer.json["data"].clone()
}

#[track_caller]
pub(crate) fn code(answer: &Answer) -> &str {
    answer.json["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{}", answer.text))
}

/// The data of a stream's lines.
#[track_caller]
fn events(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let lines = answer.text.lines().filter_map(|line| line.strip_prefix("data: "));
    lines.map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The types of a stream's lines.
#[track_caller]
fn types(answer: &Answer) -> Vec<String> {
    events(answer).iter().map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
}

/// The text of a stream's chunks.
#[track_caller]
fn said(answer: &Answer) -> String {
    events(answer).iter().filter_map(|event| event["content"].as_str()).collect()
}

/// Makes a test of each function, on SQLite and on PostgreSQL, in a room whose agent's model is a local fake.
macro_rules! in_a_room {
    ($($(#[$meta:meta])* async fn $name:ident($room:ident: Room) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn run($room: Room) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    let model = $crate::support::openai::FakeOpenAi::start([]).await;
                    let server = $crate::support::Server::reaching($crate::agents::asking(&model), |_| {}).await;
                    run(Room::open(server, model).await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let model = $crate::support::openai::FakeOpenAi::start([]).await;
                    let adapters = $crate::agents::asking(&model);
                    let Some(server) = $crate::support::Server::on_postgres_reaching(adapters).await else { return };
                    run(Room::open(server, model).await).await;
                }
            }
        )+
    };
}
use in_a_room;

/// The outside world where this fake answers for all agents.
pub(crate) fn asking(model: &FakeOpenAi) -> Adapters {
    serving(Some("gpt-test"), "", model)
}

/// The outside world where this fake answers for agents whose model's name begins so; those that name none have this.
fn serving(default: Option<&str>, prefix: &str, model: &FakeOpenAi) -> Adapters {
    let client = client(Duration::from_secs(5)).expect("a client");
    let base = model.url.parse().expect("an address");
    let timeouts = Timeouts { first_byte: Duration::from_secs(30), idle: Duration::from_secs(1) };
    let retry = Retry { times: 2, wait: Duration::from_millis(1) };
    let server = OpenAi::new(client, base, Secret::new("sk-test"), timeouts).retry(retry);
    let models = Models::new(default.map(str::to_owned), vec![(prefix.to_owned(), Arc::new(server))]);
    Adapters { models, ..Adapters::none() }
}

/// A stream that begins with a piece and waits before what follows.
pub(crate) fn begun(piece: &str, gate: &Arc<tokio::sync::Notify>, rest: Vec<Step>) -> Vec<Step> {
    let mut steps = vec![Step::Stream, openai::send(openai::piece(piece)), Step::Wait(gate.clone())];
    steps.extend(rest);
    steps
}

/// What follows a piece, up to the end.
pub(crate) fn ended(piece: &str) -> Vec<Step> {
    openai::answer(&[piece]).split_off(1)
}
