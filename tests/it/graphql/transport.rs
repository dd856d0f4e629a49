//! Methods, media types and statuses.

use reqwest::Method;
use serde_json::json;

use crate::support::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mutation_by_get_is_refused() {
    let server = Server::on_sqlite().await;
    let answer = server.anon().get("/graphql?query=mutation%7BsignOut%7BdeletedId%7D%7D").await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers["allow"], "POST");
    assert_eq!(answer.json["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_methods_are_refused() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let answer =
            anon.send(anon.request(method, "/graphql").json(&json!({ "query": "{ __typename }" }))).await;
        assert_eq!(
            (answer.status, &answer.headers["allow"]),
            (405, &"GET, HEAD, POST".parse().expect("a value"))
        );
        assert_eq!(answer.json["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED", "{}", answer.text);
    }
    let answer = anon.get("/graphql?query=%7B__typename%7D&variables=x").await;
    assert_eq!(answer.names_invalid("variables"), "variables must be a JSON object");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_named_twice_runs_once() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let query = "mutation { createSpace(input: { name: \"Once\" }) { space { id } } createSpace(input: { name: \"Once\" }) { space { name } } }";
    let answer = alice.graphql(query, json!({})).await;
    assert_eq!(answer.json["data"]["createSpace"]["space"]["name"], "Once", "{}", answer.text);
    let total = alice.graphql("{ viewer { spaces { totalCount } } }", json!({})).await;
    assert_eq!(total.json["data"]["viewer"]["spaces"]["totalCount"], 1);
}
