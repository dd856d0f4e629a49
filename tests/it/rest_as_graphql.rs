//! Each REST document and the same operation on `/graphql` return the same rows, refusals and statements.

use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{Caller, Server};

const SPACES: &str = include_str!("../../src/rest/operations/spaces.graphql");
const WALLET: &str = include_str!("../../src/rest/operations/wallet.graphql");
const COMMUNITIES: &str = include_str!("../../src/rest/operations/communities.graphql");
const AGENTS: &str = include_str!("../../src/rest/operations/agents.graphql");
const VERIFICATION: &str = include_str!("../../src/rest/operations/verification.graphql");
const OFFICIAL: &str = include_str!("../../src/rest/operations/official.graphql");
const CONVERSATIONS: &str = include_str!("../../src/rest/operations/conversations.graphql");
const ADMIN: &str = include_str!("../../src/rest/operations/admin.graphql");
const ACCOUNTS: &str = include_str!("../../src/rest/operations/accounts.graphql");

/// Returns the documents as plain GraphQL, without the directives of the REST engine.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        plain.push_str(&rest[..at]);
        let name = rest[at + 1..].chars().take_while(char::is_ascii_alphabetic).count();
        rest = &rest[at + 1 + name..];
        if rest.starts_with('(') {
            let mut in_string = false;
            let end = rest.find(|c| {
                in_string ^= c == '"';
                c == ')' && !in_string
            });
            rest = &rest[end.expect("it closes") + 1..];
        }
    }
    PAGED.iter().fold(plain + rest, |plain, (all, page)| plain.replace(all, page))
}

/// Complete lists of REST documents, and the pages that GraphQL clients have of them.
const PAGED: [(&str, &str); 5] = [
    ("sessions: allSessions { ...SpaceSession }", "sessions(first: 50) { nodes { ...SpaceSession } }"),
    (
        "communities: allCreatedCommunities { ...CommunityDetail }",
        "createdCommunities(first: 50) { nodes { ...CommunityDetail } }",
    ),
    (
        "communities: allCreatedCommunities { id name memberCount monthlyRevenue status }",
        "createdCommunities(first: 50) { nodes { id name memberCount monthlyRevenue status } }",
    ),
    (
        "communities: allJoinedCommunities { ...CommunityDetail }",
        "memberships(first: 50) { nodes { community { ...CommunityDetail } } }",
    ),
    (
        "conversations: allConversations { ...Conversation }",
        "conversations(first: 50) { nodes { ...Conversation } }",
    ),
];

/// Operations with such a list: the page is read by another statement, and at most one more.
const READ_BY_PAGE: [&str; 4] =
    ["GetSpace", "ListConversations", "ListCreatedCommunities", "ListJoinedCommunities"];

/// Lists without pages count with their maximum number of rows.
fn costly(settings: &mut plaza::config::Settings) {
    settings.query_complexity = 10_000_000;
}

/// Returns all scalars of an answer, sorted; enum values in lower case, as REST writes them.
fn scalars(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| scalars(value, into)),
        Value::Object(map) => map.values().for_each(|value| scalars(value, into)),
        scalar => into.push(scalar.to_string().to_lowercase()),
    }
}

/// Returns the statements of a request, sorted, because loaders of one turn start in any order. Jobs of
/// support chats may run statements meanwhile.
fn of_request(server: &Server) -> Vec<String> {
    let tends = |sql: &String| {
        sql.starts_with("SELECT \"support_chats\".\"conversation_id\" FROM")
            || sql.contains("WHERE \"support_chats\".\"due_at\" IS NOT NULL")
    };
    let mut statements: Vec<String> = server.statements().into_iter().filter(|sql| !tends(sql)).collect();
    statements.sort();
    statements
}

async fn compare(server: &Server, who: &Caller, file: &str, operation: &str, path: &str, variables: Value) {
    // The caller is authenticated before the counting begins.
    who.get("/api/creator/api-keys/whoami").await;
    server.statements();
    let rest = who.get(path).await;
    let by_rest = of_request(server);
    let body = json!({ "query": plain(file), "operationName": operation, "variables": variables });
    let graphql = who.post("/graphql", body).await;
    let by_graphql = of_request(server);
    if READ_BY_PAGE.contains(&operation) {
        assert!(by_graphql.len() <= by_rest.len() + 1, "{by_rest:#?} {by_graphql:#?}");
    } else {
        assert_eq!(by_rest, by_graphql, "{operation}: the same statements");
    }
    if rest.status >= 400 {
        let error = &graphql.json["errors"][0];
        if rest.json["code"] != "NOT_FOUND" || !error.is_null() {
            assert_eq!(rest.json["error"], error["message"], "{operation}: the same refusal");
            assert_eq!(rest.json["code"], error["extensions"]["code"]);
        }
        return;
    }
    assert!(graphql.json["errors"].is_null(), "{operation}: {}", graphql.text);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    scalars(&rest.json, &mut a);
    scalars(&graphql.json["data"], &mut b);
    a.sort();
    b.sort();
    assert!(!a.is_empty(), "{operation}: there are rows to compare");
    assert_eq!(a, b, "{operation}: the same rows");
}

async fn communities(server: &Server, alice: &Caller) {
    let bob = server.member("Bob").await;
    let mut path = String::new();
    for number in 0..25 {
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let kind = if number % 2 == 0 { "club" } else { "official" };
        let body =
            json!({ "name": format!("Club {number}"), "type": kind, "category": "rpg", "tags": ["a"] });
        let made = alice.post("/api/communities", body).await;
        path = format!("/api/communities/{}", made.json["id"].as_str().expect("an id"));
        bob.post_empty(&format!("{path}/join")).await;
    }
    let id = path.rsplit('/').next().expect("an id").to_owned();
    let page = json!({ "page": 2, "limit": 5, "kind": "CLUB", "category": "rpg" });
    let query = "/api/communities?page=2&limit=5&type=club&category=rpg";
    compare(server, alice, COMMUNITIES, "BrowseCommunities", query, page).await;
    let search = json!({ "search": "club 1" });
    compare(server, alice, COMMUNITIES, "BrowseCommunities", "/api/communities?search=club+1", search).await;
    compare(server, &bob, COMMUNITIES, "GetCommunity", &path, json!({ "id": id })).await;
    let nowhere = "01900000-0000-7000-8000-000000000000";
    for unknown in [nowhere, "nonsense"] {
        let path = format!("/api/communities/{unknown}");
        compare(server, &bob, COMMUNITIES, "GetCommunity", &path, json!({ "id": unknown })).await;
    }
    for name in ["Guide", "Cook"] {
        let write =
            "mutation($n: String!) { createAgentListing(input: { agentName: $n }) { agentListing { id } } }";
        let agent =
            alice.graphql(write, json!({ "n": name })).await.json["data"]["createAgentListing"]["agentListing"]["id"].clone();
        alice.post(&format!("{path}/agents"), json!({ "listingId": agent })).await;
    }
    let query = format!("{path}/agents");
    compare(server, &bob, AGENTS, "ListCommunityAgents", &query, json!({ "id": id })).await;
    let members = json!({ "id": id, "role": "MEMBER" });
    let query = format!("{path}/members?role=member");
    compare(server, &bob, COMMUNITIES, "ListCommunityMembers", &query, members).await;
    compare(server, &bob, COMMUNITIES, "ListJoinedCommunities", "/api/communities/joined", json!({})).await;
    compare(server, alice, COMMUNITIES, "ListCreatedCommunities", "/api/communities/my", json!({})).await;
    compare(server, alice, COMMUNITIES, "ListCreatorCommunities", "/api/creator/community", json!({})).await;
}

async fn verification(server: &Server, alice: &Caller) {
    let admin = server.admin("Admin").await;
    for number in 0..3 {
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let body = json!({ "name": format!("Shop {number}"), "type": "official" });
        let made = alice.post("/api/communities", body).await;
        let id = made.json["id"].as_str().expect("an id");
        alice.post(&format!("/api/communities/{id}/verify"), json!({ "businessName": "Shop" })).await;
    }
    let path = "/api/admin/verification-requests";
    compare(server, &admin, VERIFICATION, "ListVerificationRequests", path, json!({})).await;
    compare(server, alice, VERIFICATION, "ListVerificationRequests", path, json!({})).await;
    let row = admin.get(path).await.json["requests"][0].clone();
    let first = format!("{path}/{}", row["id"].as_str().expect("an id"));
    assert_eq!(admin.put(&first, json!({ "status": "approved" })).await.status, 200);
    let search = json!({ "search": "example", "page": 1, "limit": 2 });
    let users = "/api/admin/users?search=example&page=1&limit=2";
    compare(server, &admin, ADMIN, "ListUsers", users, search).await;
    // A row with all its members: REST may write several nulls for one of GraphQL.
    let (shop, wanted) =
        (row["communityId"].as_str().expect("an id"), json!({ "communityId": row["communityId"] }));
    let log = format!("/api/admin/audit-events?communityId={shop}");
    compare(server, &admin, ADMIN, "ListAuditEvents", &log, wanted).await;
}

async fn official(server: &Server, alice: &Caller) {
    let made = alice.post("/api/communities", json!({ "name": "Shop", "type": "official" })).await;
    let id = made.json["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/communities/{id}");
    let mut chat = String::new();
    for number in 0..3 {
        let customer = server.member(&format!("Customer{number}")).await;
        let started = customer.post_empty(&format!("{path}/start-chat")).await;
        chat = started.json["conversationId"].as_str().expect("an id").to_owned();
        customer.post_empty(&format!("{path}/transfer-human")).await;
    }
    alice.post(&format!("{path}/accept-transfer"), json!({ "conversationId": chat })).await;
    let of_shop = json!({ "id": id });
    compare(server, alice, OFFICIAL, "GetSupportQueue", &format!("{path}/cs-queue"), of_shop).await;
    let query = format!("{path}/cs-status?conversationId={chat}");
    let both = json!({ "id": id, "conversationId": chat });
    compare(server, alice, OFFICIAL, "GetSupportStatus", &query, both).await;
    compare(server, alice, CONVERSATIONS, "ListConversations", "/api/conversations", json!({})).await;
}

async fn all(server: Server) {
    let alice = server.member("Alice").await;
    let mut id = String::new();
    for number in 0..25 {
        server.app.clock.advance(std::time::Duration::from_secs(1));
        let body = json!({ "name": format!("Space {number}"), "definition": { "players": number } });
        id = alice.post("/api/spaces", body).await.json["id"].as_str().expect("an id").to_owned();
    }
    alice.post_empty(&format!("/api/spaces/{id}/sessions")).await;
    alice.post("/api/creator/api-keys", json!({ "name": "robot" })).await;

    let page = json!({ "page": 2, "limit": 10, "search": "space" });
    compare(&server, &alice, SPACES, "BrowseSpaces", "/api/spaces?page=2&limit=10&search=space", page).await;
    compare(&server, &alice, SPACES, "GetSpace", &format!("/api/spaces/{id}"), json!({ "id": id })).await;
    let path = format!("/api/spaces/{id}/sessions");
    compare(&server, &alice, SPACES, "ListSpaceSessions", &path, json!({ "id": id })).await;
    compare(&server, &alice, SPACES, "ListOwnSpaces", "/api/creator/spaces", json!({})).await;
    compare(&server, &alice, SPACES, "GetSpace", "/api/spaces/nonsense", json!({ "id": "nonsense" })).await;
    let nowhere = "01900000-0000-7000-8000-000000000000";
    compare(&server, &alice, SPACES, "GetSpace", &format!("/api/spaces/{nowhere}"), json!({ "id": nowhere }))
        .await;
    let user = entity::user::Entity::find_by_id(&alice.id).one(server.app.db.read()).await.expect("reads");
    for coins in 1..=12 {
        let user = user.as_ref().expect("is there");
        plaza::domain::wallet::issue(&server.app, user, coins, "A gift").await.expect("issues");
    }
    compare(&server, &alice, WALLET, "GetBalance", "/api/wallet/balance", json!({})).await;
    let page = json!({ "page": 2, "limit": 5 });
    compare(&server, &alice, WALLET, "ListTransactions", "/api/wallet/transactions?page=2&limit=5", page)
        .await;
    communities(&server, &alice).await;
    official(&server, &alice).await;
    verification(&server, &alice).await;
    compare(&server, &alice, ACCOUNTS, "ListApiKeys", "/api/creator/api-keys", json!({})).await;
    compare(&server, &alice, ACCOUNTS, "GetSession", "/api/auth/get-session", json!({})).await;
    compare(&server, &alice, ACCOUNTS, "WhoAmI", "/api/creator/api-keys/whoami", json!({})).await;
}

// One worker: a second one could start a loader before all keys are known.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sqlite() {
    all(Server::with(costly).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn postgres() {
    let Some(server) = Server::on_postgres_with(costly).await else { return };
    all(server).await;
}
