//! Agents: listings, communities, questions and streamed replies.

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
    security::secret::Secret,
};
use reqwest::{Method, RequestBuilder};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{
    Answer, Caller, Server,
    openai::{self, FakeOpenAi, Step},
};

/// Fee of a question in the room.
const FEE: i64 = 10;
/// Coins that the asker has at first.
const COINS: i64 = 100;

/// A community with an agent, and a member.
struct Room {
    server: Server,
    model: FakeOpenAi,
    creator: Caller,
    asker: Caller,
    /// Path of the community.
    path: String,
    community: String,
    /// Id of the agent's listing.
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

    /// Returns a request with a question, to be modified.
    fn question(&self, who: &Caller, content: &str) -> RequestBuilder {
        let body = json!({ "content": content, "listingId": self.agent });
        who.request(Method::POST, &format!("{}/agent-chat", self.path)).json(&body)
    }

    /// Asks, and reads the reply to its end.
    async fn ask(&self, content: &str) -> Answer {
        self.asker.send(self.question(&self.asker, content)).await
    }

    /// Reads a reply after an event to its end.
    async fn follow(&self, who: &Caller, reply: &str, after: u32) -> Answer {
        let request = self.question(who, "x").header("last-event-id", format!("{reply}.{after}"));
        let answer = who.send(request).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    /// Returns the newest messages, oldest first.
    async fn history(&self) -> Vec<Value> {
        let answer = self.asker.get(&format!("{}/messages", self.path)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["messages"].as_array().expect("messages").clone()
    }

    /// Returns all replies, oldest first.
    async fn replies(&self) -> Vec<agent_reply::Model> {
        let mut replies = agent_reply::Entity::find().all(self.server.app.db.read()).await.expect("reads");
        replies.sort_by_key(|reply| reply.id);
        replies
    }

    /// Returns the coins of asker, creator and platform; checks that nothing is held and the sum is
    /// unchanged.
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

/// Coins of the three after one paid reply, and after none.
const PAID: [i64; 3] = [90, 7, 3];
const UNPAID: [i64; 3] = [100, 0, 0];

/// Creates an agent; returns its id.
pub(crate) async fn write(caller: &Caller, input: Value) -> String {
    let query = "mutation($input: CreateAgentListingInput!) { createAgentListing(input: $input) { agentListing { id } } }";
    let data = ok(caller.graphql(query, json!({ "input": input })).await);
    data["createAgentListing"]["agentListing"]["id"].as_str().expect("an id").to_owned()
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

/// Returns the data of a stream's lines.
#[track_caller]
fn events(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let lines = answer.text.lines().filter_map(|line| line.strip_prefix("data: "));
    lines.map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Returns the types of a stream's lines.
#[track_caller]
fn types(answer: &Answer) -> Vec<String> {
    events(answer).iter().map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
}

/// Returns the text of a stream's chunks.
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

/// Adapters with this fake as the model of all agents.
pub(crate) fn asking(model: &FakeOpenAi) -> Adapters {
    serving(Some("gpt-test"), "", model)
}

/// Adapters with this fake for models with this prefix, and as the default.
fn serving(default: Option<&str>, prefix: &str, model: &FakeOpenAi) -> Adapters {
    let client = client(Duration::from_secs(5)).expect("a client");
    let base = model.url.parse().expect("an address");
    let timeouts = Timeouts { first_byte: Duration::from_secs(30), idle: Duration::from_secs(1) };
    let retry = Retry { times: 2, wait: Duration::from_millis(1) };
    let server = OpenAi::new(client, base, Secret::new("sk-test"), timeouts).retry(retry);
    let models = Models::new(default.map(str::to_owned), vec![(prefix.to_owned(), Arc::new(server))]);
    Adapters { models, ..Adapters::none() }
}

/// A stream that begins with a piece and waits before the rest.
pub(crate) fn begun(piece: &str, gate: &Arc<tokio::sync::Notify>, rest: Vec<Step>) -> Vec<Step> {
    let mut steps = vec![Step::Stream, openai::send(openai::piece(piece)), Step::Wait(gate.clone())];
    steps.extend(rest);
    steps
}

/// The rest of a stream after a piece.
pub(crate) fn ended(piece: &str) -> Vec<Step> {
    openai::answer(&[piece]).split_off(1)
}
