//! Customer service: an agent that answers, people who take over, and a team.

mod desk;
mod driving;
mod events;
mod hours;
mod journey;
mod notes;
mod rights;
mod takeover;
mod timers;

use serde_json::{Value, json};

use crate::{
    agents::{ok, write},
    support::{Answer, Caller, Events, Server, openai::FakeOpenAi},
};

/// Fee of a question in the room, which customers do not pay.
const FEE: i64 = 10;
/// Coins that the customer has at first.
const COINS: i64 = 100;

/// An official account with an agent, a team and a customer.
struct Shop {
    server: Server,
    model: FakeOpenAi,
    creator: Caller,
    moderator: Caller,
    ann: Caller,
    ben: Caller,
    customer: Caller,
    /// Path of the community.
    path: String,
    community: String,
}

impl Shop {
    /// Creates a shop with this mode.
    async fn open(server: Server, model: FakeOpenAi, mode: &str) -> Self {
        let creator = server.member("Creator").await;
        let agent =
            write(&creator, json!({ "agentName": "Guide", "systemPrompt": "You are a guide." })).await;
        let (moderator, ann) = (server.member("Moderator").await, server.member("Ann").await);
        let (ben, customer) = (server.member("Ben").await, server.member("Customer").await);
        server.give(&customer, COINS).await;
        let body = json!({ "name": "Shop", "type": "official", "csMode": mode, "agentCallFee": FEE,
            "defaultAgentListingId": agent });
        let made = creator.post("/api/communities", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let community = made.json["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/communities/{community}");
        for who in [&moderator, &ann, &ben] {
            let invited = creator.post(&format!("{path}/invite-cs"), json!({ "userId": who.id })).await;
            assert_eq!(invited.status, 200, "{}", invited.text);
        }
        let query = "mutation($c: ID!, $u: ID!) {
            setMemberRole(input: { communityId: $c, userId: $u, role: MODERATOR }) { membership { id } } }";
        ok(creator.graphql(query, json!({ "c": community, "u": moderator.id })).await);
        Self { server, model, creator, moderator, ann, ben, customer, path, community }
    }

    /// Sets another mode.
    async fn serve(&self, mode: &str) {
        let changed = self.creator.put(&self.path, json!({ "csMode": mode })).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }

    /// Updates the support settings: the members of the input without the community.
    async fn set(&self, mut input: Value) {
        input["communityId"] = json!(self.community);
        let query = "mutation($input: UpdateSupportSettingsInput!) { updateSupportSettings(input: $input) { supportSettings { callFee } } }";
        ok(self.creator.graphql(query, json!({ "input": input })).await);
    }

    async fn begin(&self, who: &Caller) -> String {
        let started = who.post_empty(&format!("{}/start-chat", self.path)).await;
        assert!(matches!(started.status, 200 | 201), "{}", started.text);
        started.json["conversationId"].as_str().expect("an id").to_owned()
    }

    async fn say(&self, who: &Caller, chat: &str, content: &str) -> Answer {
        who.post(&format!("/api/conversations/{chat}/messages"), json!({ "content": content })).await
    }

    /// Posts a message, which must be accepted.
    async fn tell(&self, who: &Caller, chat: &str, content: &str) {
        let said = self.say(who, chat, content).await;
        assert_eq!(said.status, 201, "{}", said.text);
    }

    async fn transfer(&self, who: &Caller) {
        let asked = who.post_empty(&format!("{}/transfer-human", self.path)).await;
        assert_eq!(asked.status, 200, "{}", asked.text);
    }

    async fn about(&self, who: &Caller, verb: &str, chat: &str) -> Answer {
        who.post(&format!("{}/{verb}", self.path), json!({ "conversationId": chat })).await
    }

    async fn accept(&self, who: &Caller, chat: &str) {
        let taken = self.about(who, "accept-transfer", chat).await;
        assert_eq!(taken.status, 200, "{}", taken.text);
    }

    async fn resolve(&self, who: &Caller, chat: &str) {
        let done = self.about(who, "resolve", chat).await;
        assert_eq!(done.status, 200, "{}", done.text);
    }

    /// Returns these fields of the chat's support state, as this caller sees them.
    async fn support_of(&self, who: &Caller, chat: &str, fields: &str) -> Value {
        let query = format!("query($c: ID!) {{ conversation(id: $c) {{ support {{ {fields} }} }} }}");
        ok(who.graphql(&query, json!({ "c": chat })).await)["conversation"]["support"].clone()
    }

    async fn status(&self, chat: &str) -> String {
        let support = self.support_of(&self.creator, chat, "status").await;
        support["status"].as_str().expect("a status").to_owned()
    }

    /// Returns the messages of a chat, oldest first: `Author: text`.
    async fn history(&self, chat: &str) -> Vec<String> {
        let answer = self.creator.get(&format!("/api/conversations/{chat}/messages")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let rows = answer.json["messages"].as_array().expect("messages").iter().map(|row| {
            let who = row["userName"].as_str().or(row["agentName"].as_str()).unwrap_or("-");
            format!("{who}: {}", row["content"].as_str().expect("text"))
        });
        rows.collect()
    }

    /// Subscribes to a chat.
    async fn subscribe(&self, who: &Caller, chat: &str) -> Subscriber {
        let mut events = Events::open(who, &format!("/api/conversations/{chat}/events"), None).await;
        assert_eq!(events.expect().await.json["type"], "ConversationSnapshot");
        Subscriber(events)
    }

    /// Returns the coins of customer, creator and platform; checks that nothing is held and the sum is
    /// unchanged.
    async fn coins(&self) -> [i64; 3] {
        use sea_orm::EntityTrait;
        let all = entity::ledger_account::Entity::find().all(self.server.app.db.read()).await.expect("reads");
        assert_eq!(all.iter().map(|account| account.balance).sum::<i64>(), 0);
        let held = all.iter().filter(|account| account.kind == entity::ledger_account::Kind::Held);
        assert_eq!(held.map(|account| account.balance).sum::<i64>(), 0, "nothing is held");
        [
            self.server.balance(&self.customer).await,
            self.server.balance(&self.creator).await,
            self.server.earnings().await,
        ]
    }
}

/// A subscription to a chat.
struct Subscriber(Events);

impl Subscriber {
    /// Returns the next event: a message as `Author: text`, a support change as its status.
    async fn next(&mut self) -> String {
        let told = self.0.expect().await.json;
        match told["type"].as_str() {
            Some("SupportEvent") => told["status"].as_str().expect("a status").to_owned(),
            Some("MessageEvent") => {
                let row = &told["message"];
                let who = row["userName"].as_str().or(row["agentName"].as_str()).unwrap_or("-");
                format!("{who}: {}", row["content"].as_str().expect("text"))
            }
            _ => told.to_string(),
        }
    }

    /// Returns this many events.
    async fn take(&mut self, count: usize) -> Vec<String> {
        let mut heard = Vec::new();
        for _ in 0..count {
            heard.push(self.next().await);
        }
        heard
    }
}

/// Makes a test of each function, on SQLite and on PostgreSQL, in a shop whose agent's model is a local fake.
macro_rules! in_a_shop {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident: $mode:literal) $body:block)+) => {
        $(
            $(#[$meta])*
            async fn $name($shop: $crate::customers::Shop) $body

            mod $name {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    let model = $crate::support::openai::FakeOpenAi::start([]).await;
                    let server = $crate::support::Server::reaching($crate::agents::asking(&model), |_| {}).await;
                    super::$name($crate::customers::Shop::open(server, model, $mode).await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    let model = $crate::support::openai::FakeOpenAi::start([]).await;
                    let adapters = $crate::agents::asking(&model);
                    let Some(server) = $crate::support::Server::on_postgres_reaching(adapters).await else { return };
                    super::$name($crate::customers::Shop::open(server, model, $mode).await).await;
                }
            }
        )+
    };
}
use in_a_shop;
