//! The same operations through the stock handlers of `async-graphql-axum` and through this server: where the protocol leaves no
//! choice, the answers are equal. The differences that remain are on purpose, and listed with their reasons.

use std::sync::Arc;

use async_graphql::{Data, Executor, Request, Response, ValidationMode};
use async_graphql_axum::{GraphQL, GraphQLSubscription};
use axum::Router;
use futures_util::stream::BoxStream;
use plaza::{
    auth::{Viewer, by_token},
    graphql::{self, Graph, Site},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Answer, Caller, Opening, Server};

/// The schema of a server with the validation of the library, for one viewer.
#[derive(Clone)]
struct Stock {
    graph: Graph,
    viewer: Viewer,
}

impl Executor for Stock {
    async fn execute(&self, request: Request) -> Response {
        self.graph.execute(request.data(self.viewer.clone())).await
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        self.graph.execute_stream(request.data(self.viewer.clone()), session)
    }
}

/// A caller of this server, and the same caller of the stock handlers on its database.
struct Both {
    ours: Caller,
    stock: Caller,
    url: String,
}

impl Both {
    async fn of(server: &Server, ours: Caller) -> Self {
        let viewer = by_token(&server.app, &ours.token, Default::default()).await.expect("a viewer");
        let schema = graphql::schema(&server.app, Site::default(), ValidationMode::Strict);
        let stock = Stock { graph: Graph::new(schema, usize::MAX), viewer };
        let router = Router::new()
            .route_service("/graphql", GraphQL::new(stock.clone()))
            .route_service("/graphql/ws", GraphQLSubscription::new(stock));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let stock = ours.at(&url);
        Self { ours, stock, url }
    }

    async fn run(&self, query: &str, variables: &Value) -> (Answer, Answer) {
        (
            self.ours.graphql(query, variables.clone()).await,
            self.stock.graphql(query, variables.clone()).await,
        )
    }
}

/// Removes the ids and times of new objects.
fn without_new(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_new = |name: &str| {
                matches!(name, "id" | "createdAt" | "updatedAt" | "cursor" | "startCursor" | "endCursor")
            };
            let members = members.iter().filter(|(name, _)| !is_new(name));
            members.map(|(name, value)| (name.clone(), without_new(value))).collect()
        }
        Value::Array(values) => values.iter().map(without_new).collect(),
        other => other.clone(),
    }
}

/// Valid operations, with their variables. `SPACE` is the id of a space.
fn valid(space: &str) -> Vec<(&'static str, Value)> {
    let of_space = json!({ "id": space });
    vec![
        ("{ __typename }", json!({})),
        ("{ viewer { name kind: __typename } }", json!({})),
        ("query A { viewer { __typename } }", json!({})),
        (
            "query($id: ID!) { space(id: $id) { id name owner { name } tags definition createdAt } }",
            of_space.clone(),
        ),
        (
            "query($id: ID!) { a: space(id: $id) { ...F } b: space(id: $id) { ...F name } } fragment F on Space { id ... on Space { isPublic } }",
            of_space.clone(),
        ),
        (
            "query($id: ID!) { node(id: $id) { id ... on Space { name } ... on Community { name } } }",
            of_space.clone(),
        ),
        (
            "query($id: ID!, $with: Boolean = false) { space(id: $id) { id name @include(if: $with) isPublic @skip(if: $with) } }",
            of_space.clone(),
        ),
        (
            "query($id: ID!, $with: Boolean = false) { space(id: $id) { id name @include(if: $with) } }",
            json!({ "id": space, "with": true }),
        ),
        (
            "query($n: Int) { spaces(first: $n) { totalCount edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }",
            json!({ "n": 1 }),
        ),
        ("{ spaces(first: 1, search: \"first\", category: \"games\") { nodes { name } } }", json!({})),
        // Refused fields are null, and the rest of the answer is there.
        ("{ platform { __typename } spaces { totalCount } }", json!({})),
        ("{ space(id: \"00000000-0000-7000-8000-000000000000\") { name } }", json!({})),
        ("query($id: ID!) { spaceSession(id: $id) { id } space(id: $id) { name } }", of_space),
        (
            "mutation($i: CreateSpaceInput!) { createSpace(input: $i) { space { id name tags } } }",
            json!({ "i": { "name": "Second", "tags": ["a", "b"] } }),
        ),
        (
            "mutation { a: createSpace(input: { name: \"Third\" }) { space { name } } b: createSpace(input: { name: \"\" }) { space { name } } }",
            json!({}),
        ),
        ("mutation { topUpWallet(input: { amount: 5 }) { wallet { __typename } } }", json!({})),
    ]
}

/// Invalid operations: both refuse them, this server before anything runs. The texts differ, because ours are those of graphql-js.
const INVALID: &[(&str, &str)] = &[
    ("{ spaces { nodes { name }", "{}"),
    ("", "{}"),
    ("{ unknown }", "{}"),
    ("{ spaces { nodes { unknown } } }", "{}"),
    ("{ spaces }", "{}"),
    ("{ space(id: {}) { name } }", "{}"),
    ("{ space { name } }", "{}"),
    ("{ spaces(unknown: 1) { totalCount } }", "{}"),
    ("query($id: ID!) { space(id: $id) { name } }", "{}"),
    ("query($id: Int) { space(id: $id) { name } }", r#"{ "id": 1 }"#),
    ("query($id: Unknown) { space(id: $id) { name } }", "{}"),
    ("{ space(id: $id) { name } }", "{}"),
    ("query { spaces { totalCount } } fragment F on Space { name }", "{}"),
    ("{ ...F } fragment F on Query { ...F }", "{}"),
    ("{ spaces @unknown { totalCount } }", "{}"),
    ("query A { __typename } query A { __typename }", "{}"),
    ("{ __typename } { __typename }", "{}"),
    ("{ a: space(id: \"1\") { id } a: space(id: \"2\") { id } }", "{}"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn valid_operations_have_equal_answers() {
    let server = Server::on_sqlite().await;
    let member = server.member("Member").await;
    let first =
        json!({ "name": "First", "category": "games", "tags": ["x"], "definition": { "a": [1, null] } });
    let space = member.post("/api/spaces", first).await.json["id"].clone();
    let both = Both::of(&server, member).await;
    for (query, variables) in valid(space.as_str().expect("an id")) {
        let (ours, stock) = both.run(query, &variables).await;
        assert_eq!((ours.status, stock.status), (200, 200), "{query}: {} {}", ours.text, stock.text);
        assert_eq!(without_new(&ours.json), without_new(&stock.json), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_operations_are_refused_by_both() {
    let server = Server::on_sqlite().await;
    let both = Both::of(&server, server.member("Member").await).await;
    for (query, variables) in INVALID {
        let variables: Value = serde_json::from_str(variables).expect("JSON");
        let (ours, stock) = both.run(query, &variables).await;
        // The library notices some faults only when it resolves the field.
        assert!(ours.json.get("data").is_none_or(Value::is_null), "{query}: {}", ours.text);
        for answer in [&ours, &stock] {
            assert!(!answer.json["errors"][0]["message"].is_null(), "{query}: {}", answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_have_equal_frames() {
    let server = Server::on_sqlite().await;
    let member = server.member("Member").await;
    let both = Both::of(&server, member.clone()).await;
    let mut ours = server.socket().by(&member).await;
    let mut stock = Opening::of(&both.url).by(&member).await;
    let operations = [
        ("{ viewer { name } }", json!({})),
        ("query($n: Int!) { spaces(first: $n) { totalCount } platform { __typename } }", json!({ "n": 2 })),
        (
            "mutation($i: CreateSpaceInput!) { createSpace(input: $i) { space { name } } }",
            json!({ "i": { "name": "New" } }),
        ),
    ];
    for (query, variables) in operations {
        for socket in [&mut ours, &mut stock] {
            socket.subscribe("1", query, variables.clone()).await;
        }
        for _ in 0..2 {
            assert_eq!(ours.hear().await, stock.hear().await, "{query}");
        }
    }
    for socket in [&mut ours, &mut stock] {
        socket.say(json!({ "type": "ping" })).await;
        assert_eq!(socket.hear().await["type"], "pong");
    }
}

/// A page of another origin can send a GET, so a mutation by GET is refused. The stock handler runs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mutation_by_get_differs() {
    let server = Server::on_sqlite().await;
    let both = Both::of(&server, server.member("Member").await).await;
    let path = "/graphql?query=mutation%7BcreateSpace(input:%7Bname:%22A%22%7D)%7Bspace%7Bname%7D%7D%7D";
    assert_eq!(both.ours.get(path).await.status, 405);
    let run = both.stock.get(path).await;
    assert_eq!(run.json["data"]["createSpace"]["space"]["name"], "A", "{}", run.text);
}

/// Variables are checked against the places where they are used. The library forgets nullable variables in places that are not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nullable_variable_differs() {
    let server = Server::on_sqlite().await;
    let both = Both::of(&server, server.member("Member").await).await;
    let query = "mutation($name: String) { createSpace(input: { name: $name }) { space { name } } }";
    let (ours, stock) = both.run(query, &json!({ "name": "A" })).await;
    assert!(ours.json["data"].is_null(), "{}", ours.text);
    assert_eq!(stock.json["data"]["createSpace"]["space"]["name"], "A", "{}", stock.text);
}
