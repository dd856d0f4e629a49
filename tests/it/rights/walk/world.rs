//! Viewers with every kind of right, and their messages and settings, marked by unique words.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use crate::{
    agents::{asking, write},
    support::{
        Answer, Caller, Server, changed,
        openai::{self, FakeOpenAi},
    },
};

/// A server with its viewers, and the ids of its objects.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) people: Vec<(&'static str, Caller)>,
    pub(super) communities: Vec<String>,
    pub(super) conversations: Vec<String>,
    pub(super) spaces: Vec<String>,
    pub(super) sessions: Vec<String>,
    pub(super) listings: Vec<String>,
    pub(super) replies: Vec<String>,
    _model: FakeOpenAi,
}

/// The accounts, named `Account-…`.
const NAMES: [&str; 24] = [
    "owner",
    "member",
    "expired",
    "muted",
    "banned",
    "left",
    "removed",
    "moderator",
    "cs",
    "customer",
    "other",
    "kept_out",
    "subscriber",
    "lapsed",
    "host",
    "guest",
    "player",
    "gone",
    "kicked",
    "blocked",
    "admin",
    "stranger",
    "suspended",
    "deleted",
];

#[track_caller]
fn ok(answer: Answer) -> Value {
    assert!(answer.status < 300 && answer.json["errors"].is_null(), "{}", answer.text);
    answer.json
}

fn id(of: &Value) -> String {
    of.as_str().unwrap_or_else(|| panic!("no id: {of}")).to_owned()
}

/// Runs a mutation with one input; returns its result.
pub(super) async fn act(who: &Caller, verb: &str, input: Value, selection: &str) -> Value {
    let kind = format!("{}{}Input", verb[..1].to_uppercase(), &verb[1..]);
    let changed = changed(verb);
    let query = format!("mutation($input: {kind}!) {{ {verb}(input: $input) {{ {changed} {selection} }} }}");
    ok(who.graphql(&query, json!({ "input": input })).await)["data"][verb][changed].clone()
}

async fn say(who: &Caller, place: Value, content: &str) -> String {
    let mut input = place;
    input["content"] = json!(content);
    id(&act(who, "postMessage", input, "{ id }").await["id"])
}

impl World {
    pub(super) fn who(&self, name: &str) -> &Caller {
        let found = self.people.iter().find(|(known, _)| *known == name);
        &found.unwrap_or_else(|| panic!("no {name}")).1
    }

    /// The world on SQLite, or on PostgreSQL; `None` where no PostgreSQL answers.
    pub(super) async fn build(on_postgres: bool) -> Option<Self> {
        let model = FakeOpenAi::start([]).await;
        let unlimited = |settings: &mut plaza::config::Settings| {
            settings.rate_limits = plaza::config::Switch::Off;
        };
        let server = if on_postgres {
            Server::on_postgres_reaching_with(asking(&model), unlimited).await?
        } else {
            Server::reaching(asking(&model), unlimited).await
        };
        let mut people = Vec::new();
        for name in NAMES {
            let who = if name == "admin" { server.admin(name).await } else { server.member(name).await };
            act(&who, "updateProfile", json!({ "name": format!("Account-{name}") }), "{ id }").await;
            server.give(&who, 1000).await;
            people.push((name, who));
        }
        let mut world = Self {
            server,
            people,
            communities: Vec::new(),
            conversations: Vec::new(),
            spaces: Vec::new(),
            sessions: Vec::new(),
            listings: Vec::new(),
            replies: Vec::new(),
            _model: model,
        };
        world.open_club().await;
        world.open_shop().await;
        world.open_lounge().await;
        world.open_space().await;
        world.close().await;
        Some(world)
    }

    async fn room(&self, community: &str) -> String {
        let query = "query($c: ID!) { community(id: $c) { conversation { id } } }";
        let found = ok(self.who("owner").graphql(query, json!({ "c": community })).await);
        id(&found["data"]["community"]["conversation"]["id"])
    }

    async fn expire(&self, community: &str, name: &str) {
        let (db, now) = (&self.server.app.db, self.server.app.clock.now());
        let community = community.parse().expect("a UUID");
        let found =
            plaza::domain::communities::find_membership(db.read(), community, &self.who(name).id).await;
        let mut row = found.expect("reads").expect("a member").into_active_model();
        row.paid_until = Set(Some(now - TimeDelta::days(1)));
        row.update(db.write()).await.expect("writes");
    }

    /// A club with a monthly fee: its room, its agent, a report, a ban and a mute.
    async fn open_club(&mut self) {
        let (owner, member) = (self.who("owner").clone(), self.who("member").clone());
        let agent = write(
            &owner,
            json!({ "agentName": "Guide", "systemPrompt": "Mark-prompt",
            "knowledge": [{ "title": "Facts", "text": "Mark-knowledge" }] }),
        )
        .await;
        let club =
            id(&ok(owner.post("/api/communities", json!({ "name": "Club", "monthlyFee": 5 })).await)["id"]);
        let here = json!({ "communityId": club });
        for name in
            ["member", "expired", "muted", "banned", "left", "removed", "moderator", "blocked", "deleted"]
        {
            ok(self.who(name).post_empty(&format!("/api/communities/{club}/join")).await);
            let named = json!({ "communityId": club, "displayName": format!("Alias-{name}") });
            act(self.who(name), "updateMembership", named, "{ id }").await;
            say(self.who(name), here.clone(), &format!("Mark from-{name}")).await;
        }
        ok(owner.post(&format!("/api/communities/{club}/agents"), json!({ "listingId": agent })).await);
        self._model.respond_with(openai::answer(&["Mark-answer"]));
        let question = json!({ "content": "Mark-question", "listingId": agent });
        ok(member.post(&format!("/api/communities/{club}/agent-chat"), question).await);
        let role = json!({ "communityId": club, "userId": self.who("moderator").id, "role": "MODERATOR" });
        act(&owner, "setMemberRole", role, "{ id }").await;
        let bad = say(self.who("blocked"), here.clone(), "Mark-bad").await;
        act(
            &member,
            "blockUser",
            json!({ "userId": self.who("blocked").id, "label": "Mark-label" }),
            "{ userId }",
        )
        .await;
        let report = json!({ "messageId": bad, "reason": "SPAM", "note": "Mark-report" });
        let report = act(&member, "createReport", report, "{ id }").await;
        let closed = json!({ "reportId": report["id"], "outcome": "UPHELD", "note": "Mark-closing" });
        act(self.who("moderator"), "closeReport", closed, "{ id }").await;
        let at = |name: &str, reason: &str| json!({ "communityId": club, "userId": self.who(name).id, "reason": reason });
        act(&owner, "banMember", at("banned", "Mark-ban"), "{ id }").await;
        act(&owner, "muteMember", at("muted", "Mark-mute"), "{ id }").await;
        let removed = json!({ "communityId": club, "userId": self.who("removed").id });
        act(&owner, "removeMember", removed, "{ id }").await;
        act(self.who("left"), "leaveCommunity", here.clone(), "{ id }").await;
        self.expire(&club, "expired").await;
        let room = self.room(&club).await;
        self.conversations.push(room);
        let replies =
            entity::agent_reply::Entity::find().all(self.server.app.db.read()).await.expect("reads");
        self.replies = replies.iter().map(|reply| reply.id.to_string()).collect();
        self.listings.push(agent);
        self.communities.push(club);
    }

    /// An official account with a team and customers.
    async fn open_shop(&mut self) {
        let owner = self.who("owner").clone();
        let body = json!({ "name": "Shop", "type": "official", "csMode": "human_only" });
        let shop = id(&ok(owner.post("/api/communities", body).await)["id"]);
        let path = format!("/api/communities/{shop}");
        ok(owner.post(&format!("{path}/invite-cs"), json!({ "userId": self.who("cs").id })).await);
        let documents = json!({ "communityId": shop, "businessName": "Mark-business",
            "documentsUrl": "https://example.com/Mark-papers" });
        act(&owner, "requestVerification", documents, "{ id }").await;
        let canned = json!({ "communityId": shop, "title": "Hello", "text": "Mark-canned" });
        act(&owner, "createCannedAnswer", canned, "{ id }").await;
        for name in ["customer", "other", "kept_out"] {
            let who = &self.who(name).clone();
            let chat = id(&ok(who.post_empty(&format!("{path}/start-chat")).await)["conversationId"]);
            say(who, json!({ "conversationId": chat }), &format!("Mark ask-{name}")).await;
            self.conversations.push(chat.clone());
            if name == "customer" {
                let about = json!({ "conversationId": chat });
                ok(self.who("cs").post(&format!("{path}/accept-transfer"), about.clone()).await);
                act(
                    self.who("cs"),
                    "addSupportNote",
                    json!({ "conversationId": chat, "text": "Mark-note" }),
                    "{ id }",
                )
                .await;
                ok(self.who("cs").post(&format!("{path}/resolve"), about).await);
                let rating = json!({ "conversationId": chat, "rating": 2, "comment": "Mark-rating" });
                act(who, "rateSupportChat", rating, "{ id }").await;
            }
        }
        let ban = json!({ "communityId": shop, "userId": self.who("kept_out").id });
        act(&owner, "banMember", ban, "{ id }").await;
        self.communities.push(shop);
    }

    /// A lounge with a subscriber, and a user whose subscription and membership have ended.
    async fn open_lounge(&mut self) {
        let owner = self.who("owner").clone();
        let body = json!({ "name": "Lounge", "subscriptionPriceCents": 9,
            "voiceSamplesUrl": "https://example.com/Mark-samples" });
        let lounge = id(&ok(owner.post("/api/lounge", body).await)["id"]);
        for name in ["subscriber", "lapsed"] {
            let who = self.who(name);
            let started = ok(who.post_empty(&format!("/api/lounge/{lounge}/start-chat")).await);
            act(who, "subscribeToLounge", json!({ "loungeId": lounge }), "{ id }").await;
            self.conversations.push(id(&started["conversationId"]));
        }
        self.expire(&lounge, "lapsed").await;
        self.communities.push(lounge);
    }

    /// A space that became private: its owner, an invited user, participants, and former ones.
    async fn open_space(&mut self) {
        let host = self.who("host").clone();
        let body = json!({ "name": "Mark-space", "definition": { "secret": "Mark-definition" } });
        let space = id(&ok(host.post("/api/spaces", body).await)["id"]);
        let session = id(&ok(host.post_empty(&format!("/api/spaces/{space}/sessions")).await)["id"]);
        let here = json!({ "sessionId": session });
        for name in ["player", "gone", "kicked"] {
            ok(self.who(name).post_empty(&format!("/api/spaces/{space}/sessions/{session}/join")).await);
            say(self.who(name), here.clone(), &format!("Mark played-{name}")).await;
        }
        let state = json!({ "sessionId": session, "state": { "secret": "Mark-state" } });
        act(&host, "updateSpaceSession", state, "{ id }").await;
        ok(self.who("gone").post_empty(&format!("/api/spaces/{space}/sessions/{session}/leave")).await);
        let kicked = json!({ "sessionId": session, "userId": self.who("kicked").id });
        act(&host, "removeFromSpaceSession", kicked, "{ id }").await;
        act(&host, "inviteToSpace", json!({ "spaceId": space, "userId": self.who("guest").id }), "{ id }")
            .await;
        act(&host, "updateSpace", json!({ "spaceId": space, "isPublic": false }), "{ id }").await;
        let query = "query($s: ID!) { spaceSession(id: $s) { conversation { id } } }";
        let found = ok(host.graphql(query, json!({ "s": session })).await);
        self.conversations.push(id(&found["data"]["spaceSession"]["conversation"]["id"]));
        self.spaces.push(space);
        self.sessions.push(session);
    }

    /// Archived, suspended, banned and deleted objects.
    async fn close(&mut self) {
        let (owner, admin) = (self.who("owner").clone(), self.who("admin").clone());
        for name in ["Mark-archived", "Mark-held"] {
            self.server.app.clock.advance(Duration::from_secs(1));
            let community = id(&ok(owner.post("/api/communities", json!({ "name": name })).await)["id"]);
            ok(self.who("member").post_empty(&format!("/api/communities/{community}/join")).await);
            // A former member can no longer see it, and reported a user there before.
            ok(self.who("left").post_empty(&format!("/api/communities/{community}/join")).await);
            let said = say(
                self.who("member"),
                json!({ "communityId": community }),
                &format!("Mark said in {}", &name[5..]),
            )
            .await;
            act(self.who("left"), "createReport", json!({ "messageId": said, "reason": "SPAM" }), "{ id }")
                .await;
            act(self.who("left"), "leaveCommunity", json!({ "communityId": community }), "{ id }").await;
            if name == "Mark-held" {
                act(
                    &admin,
                    "suspendCommunity",
                    json!({ "communityId": community, "reason": "Mark-reason" }),
                    "{ id }",
                )
                .await;
            } else {
                ok(owner.delete(&format!("/api/communities/{community}")).await);
            }
            let room = self.room(&community).await;
            self.conversations.push(room);
            self.communities.push(community);
        }
        act(
            &admin,
            "grantCoins",
            json!({ "userId": self.who("member").id, "amount": 1, "note": "Mark-grant" }),
            "{ id }",
        )
        .await;
        act(
            &admin,
            "banUser",
            json!({ "userId": self.who("suspended").id, "reason": "Mark-account-ban" }),
            "{ id }",
        )
        .await;
        let gone = json!({ "password": "a long password" });
        let query = "mutation($input: DeleteAccountInput!) { deleteAccount(input: $input) { deletedId } }";
        ok(self.who("deleted").graphql(query, json!({ "input": gone })).await);
    }
}
