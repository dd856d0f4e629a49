//! A walk over all fields of the schema with many viewers; the results of each are one table.

mod document;
mod world;

use std::{collections::BTreeSet, fmt::Write, sync::Arc};

use async_graphql::{Executor, Request};
use plaza::{
    auth::{self, ALLOWED_WHEN_BANNED, Viewer},
    domain::accounts::Device,
    graphql::{self, Graph, Site},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use self::{
    document::{Field, Model, Selection, prune, write},
    world::World,
};
use crate::support::{Caller, Events};

/// Markers that are searched in all answers.
const MARKS: [&str; 58] = [
    "Mark from-member",
    "Mark from-expired",
    "Mark from-deleted",
    "Mark-question",
    "Mark-answer",
    "Mark-bad",
    "Mark-prompt",
    "Mark-knowledge",
    "Mark-label",
    "Mark-report",
    "Mark-closing",
    "Mark-ban",
    "Mark-mute",
    "Mark-business",
    "Mark-papers",
    "Mark-canned",
    "Mark-note",
    "Mark-rating",
    "Mark ask-customer",
    "Mark ask-other",
    "Mark ask-kept_out",
    "Mark-samples",
    "Mark-space",
    "Mark-definition",
    "Mark-state",
    "Mark played-player",
    "Mark-archived",
    "Mark-held",
    "Mark said in archived",
    "Mark said in held",
    "Mark-reason",
    "Mark-grant",
    "Mark-account-ban",
    "Alias-member",
    "Alias-left",
    "Alias-banned",
    "Alias-deleted",
    "Account-member",
    "Account-expired",
    "Account-muted",
    "Account-banned",
    "Account-left",
    "Account-removed",
    "Account-moderator",
    "Account-blocked",
    "Account-deleted",
    "Account-customer",
    "Account-kicked",
    "Account-stranger",
    "owner@example.com",
    "member@example.com",
    "left@example.com",
    "customer@example.com",
    "host@example.com",
    "stranger@example.com",
    "admin@example.com",
    "deleted@example.com",
    "suspended@example.com",
];

/// A marker, and the viewers that find it.
const TABLE: &str = include_str!("table.txt");

/// Returns a viewer's answer to a selection; refused fields are removed until none is refused.
async fn read(graph: &Graph, viewer: &Viewer, mut selection: Selection) -> String {
    if viewer.identity.as_ref().is_some_and(|identity| identity.is_banned()) {
        selection.retain(|key, _| ALLOWED_WHEN_BANNED.iter().any(|open| key.starts_with(open)));
    }
    for _ in 0..12 {
        let mut text = String::from("{__typename");
        write(&selection, &mut text);
        text.push('}');
        let answer = graph.execute(Request::new(text).data(viewer.clone())).await;
        let json = serde_json::to_value(&answer).expect("JSON");
        let Some(errors) = json["errors"].as_array().filter(|errors| !errors.is_empty()) else {
            return json.to_string();
        };
        for error in errors {
            assert_ne!(error["extensions"]["code"], "INTERNAL", "{error}");
            let path = error["path"].as_array().unwrap_or_else(|| panic!("{error}"));
            prune(&mut selection, &path.iter().filter_map(Value::as_str).collect::<Vec<_>>());
        }
    }
    panic!("refused again and again");
}

/// Returns whether a root returns anything to a viewer.
async fn is_there(graph: &Graph, viewer: &Viewer, key: &str, field: &Field) -> bool {
    let answer = graph.execute(Request::new(field.shallow(key)).data(viewer.clone())).await;
    let json = serde_json::to_value(&answer.data).expect("JSON");
    !(json[key].is_null() || json[key].as_array().is_some_and(Vec::is_empty))
}

/// Returns the first events of every subscription, by GraphQL and REST.
async fn hear(world: &World, who: &Caller) -> String {
    let mut heard = String::new();
    let said = "position messages { content author { name } replyTo { content } conversation { title } } conversation { title lastMessage { content } }";
    let mut questions = vec![(
        "subscription { inbox { conversations { title access lastMessage { content } messages { nodes { content } } } } }".to_owned(),
        json!({}),
    )];
    for id in &world.conversations {
        let query = format!(
            "subscription($id: ID!) {{ conversationEvents(conversationId: $id) {{ ... on ConversationSnapshot {{ {said} }} }} }}"
        );
        questions.push((query, json!({ "id": id })));
    }
    for id in &world.communities {
        let query = "subscription($id: ID!) { supportQueue(communityId: $id) { chats { customer { name } conversation { lastMessage { content } } } } }";
        questions.push((query.to_owned(), json!({ "id": id })));
    }
    for id in &world.replies {
        let query = "subscription($id: ID!) { agentReply(id: $id) { ... on AgentReplyMeta { reply { text asker { name } message { content } question { content } } } } }";
        questions.push((query.to_owned(), json!({ "id": id })));
    }
    for (query, variables) in questions {
        let request =
            who.request(reqwest::Method::POST, "/graphql/stream").header("accept", "text/event-stream");
        let request = request.json(&json!({ "query": query, "variables": variables }));
        let response = request.try_clone().expect("a copy").send().await.expect("an answer");
        if response.status() == 200 {
            drop(response);
            let mut events = Events::of(request).await;
            if let Some(told) = events.next().await {
                heard.push_str(&told.json.to_string());
            }
        } else {
            heard.push_str(&response.text().await.expect("a body"));
        }
    }
    let mut paths: Vec<String> = [
        "spaces",
        "communities",
        "communities/my",
        "communities/joined",
        "conversations",
        "auth/get-session",
        "creator/api-keys",
        "creator/api-keys/whoami",
        "creator/community",
        "creator/spaces",
        "wallet/balance",
        "wallet/transactions",
        "admin/verification-requests",
    ]
    .map(str::to_owned)
    .to_vec();
    let places = [
        (&world.spaces, ["spaces/{}", "spaces/{}/sessions"].as_slice()),
        (&world.conversations, &["conversations/{}/messages"]),
        (
            &world.communities,
            &[
                "communities/{}",
                "communities/{}/members",
                "communities/{}/messages",
                "communities/{}/agents",
                "communities/{}/cs-queue",
                "lounge/{}/dashboard",
            ],
        ),
    ];
    for (ids, templates) in places {
        paths.extend(ids.iter().flat_map(|id| templates.iter().map(move |path| path.replace("{}", id))));
    }
    for path in paths {
        heard.push_str(&who.get(&format!("/api/{path}")).await.text);
    }
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_finds_what_is_theirs_and_no_more_on_sqlite() {
    walk(World::build(false).await.expect("SQLite is always there")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_finds_what_is_theirs_and_no_more_on_postgres() {
    if let Some(world) = World::build(true).await {
        walk(world).await;
    }
}

async fn walk(world: World) {
    let graph = Graph::new(graphql::fast(&world.server.app, Site::default()), usize::MAX);
    let model = Model::read(&graph).await;
    let quoted = |ids: &[String]| ids.iter().map(|id| Some(format!("\"{id}\""))).collect::<Vec<_>>();
    let fill = |field: &str, argument: &str, required: bool| -> Vec<Option<String>> {
        let found = match (field, argument) {
            ("space", "id") | (_, "spaceId") => quoted(&world.spaces),
            ("spaceSession", "id") | (_, "sessionId") => quoted(&world.sessions),
            ("conversation", "id") | (_, "conversationId") => quoted(&world.conversations),
            // `graphql::nodes` tests these: their types are those of the other roots.
            ("node" | "user", "id") => vec![Some("\"unknown\"".to_owned())],
            ("nodes", "ids") => vec![Some("[]".to_owned())],
            ("searchUsers", "text") => vec![Some("\"unknown\"".to_owned())],
            ("agentListing", "id") => quoted(&world.listings),
            ("agentReply", "id") => quoted(&world.replies),
            ("community" | "lounge", "id") | (_, "communityId" | "loungeId") => quoted(&world.communities),
            ("communitiesByStatus", "status") => {
                ["ACTIVE", "SUSPENDED", "ARCHIVED"].map(|status| Some(status.to_owned())).to_vec()
            }
            _ => Vec::new(),
        };
        if required { found } else { std::iter::once(None).chain(found).collect() }
    };
    let all: Selection = model.roots("Query", &fill).into_iter().collect();
    let mut people: Vec<(String, Caller)> =
        world.people.iter().map(|(name, who)| ((*name).to_owned(), who.clone())).collect();
    let query = "mutation { createApiKey(input: { name: \"k\" }) { key } }";
    let made = world.who("member").graphql(query, json!({})).await.json["data"]["createApiKey"].clone();
    people.push(("key".to_owned(), world.server.bearer(made["key"].as_str().expect("a key"))));
    people.push(("nobody".to_owned(), world.server.anon()));
    let (world, all, graph) = (Arc::new(world), Arc::new(all), Arc::new(graph));
    let mut walks = JoinSet::new();
    for (name, who) in people {
        let (world, all, graph) = (world.clone(), all.clone(), graph.clone());
        walks.spawn(async move {
            let known = auth::by_token(&world.server.app, &who.token, Device::default()).await;
            let viewer = known.unwrap_or_default();
            let mut seen = hear(&world, &who).await;
            // Few fields at a time, so that a refused list removes no others.
            for (key, field) in all.iter() {
                if is_there(&graph, &viewer, key, field).await {
                    let one = Selection::from([(key.clone(), field.clone())]);
                    seen.push_str(&read(&graph, &viewer, one).await);
                }
            }
            (name, seen)
        });
    }
    let mut found: Vec<BTreeSet<String>> = vec![BTreeSet::new(); MARKS.len()];
    while let Some(walked) = walks.join_next().await {
        let (name, seen) = walked.expect("walks");
        for (mark, finders) in MARKS.iter().zip(&mut found) {
            if seen.contains(mark) {
                finders.insert(name.clone());
            }
        }
    }
    let mut table = String::new();
    for (mark, finders) in MARKS.iter().zip(&found) {
        let finders: Vec<&str> = finders.iter().map(String::as_str).collect();
        writeln!(table, "{mark}: {}", finders.join(" ")).expect("writes");
    }
    assert_eq!(table, TABLE, "\n{table}");
}
