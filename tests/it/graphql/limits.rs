//! Limits on documents, and their errors.

use serde_json::{Value, json};

use crate::support::{Caller, Server};

async fn code(caller: &Caller, query: &str, variables: Value) -> (String, String) {
    let answer = caller.graphql(query, variables).await;
    let error = &answer.json["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_is_refused_by_its_own_name() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    let cases = [
        (format!("{{ {} }}", "__typename ".repeat(5000)), "token"),
        (
            format!("{{ viewer {{ {} }} }}", (0..40).map(|n| format!("a{n}: name ")).collect::<String>()),
            "alias",
        ),
        (
            format!("{{ {} }}", (0..25).map(|n| format!("a{n}: __typename ")).collect::<String>()),
            "root fields",
        ),
        (format!("{{ viewer {{ name {} }} }}", "@include(if: true)".repeat(30)), "directive"),
    ];
    for (query, word) in cases {
        let (code, message) = code(&anon, &query, json!({})).await;
        assert_eq!(code, "QUERY_TOO_COMPLEX", "{message}");
        assert!(message.to_lowercase().contains(word), "{word}: {message}");
    }
    let deep = format!(
        "{{ spaceSession(id: \"x\") {{ {} id {} }} }}",
        "space { sessions { nodes { ".repeat(8),
        "} } }".repeat(8)
    );
    assert_eq!(code(&anon, &deep, json!({})).await.0, "QUERY_TOO_COMPLEX");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn complexity_counts_the_page_size_of_variables() {
    let server = Server::with(|settings| settings.query_complexity = 200).await;
    let query = "query($n: Int) { spaces(first: $n) { nodes { id name category description } } }";
    let small = server.anon().graphql(query, json!({ "n": 5 })).await;
    assert!(small.json["errors"].is_null(), "{}", small.text);
    let (code, message) = code(&server.anon(), query, json!({ "n": 50 })).await;
    assert_eq!(code, "QUERY_TOO_COMPLEX");
    assert!(message.contains("200"), "{message}");
}

/// A search costs as much as 250 fields, so that one document does not hold many; a list without a search does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn searches_are_costly() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    for list in ["spaces", "communities", "agentListings"] {
        let many = |count: usize| {
            let fields: String =
                (0..count).map(|n| format!("f{n}: {list}(search: $s, first: 1) {{ totalCount }} ")).collect();
            format!("query($s: String) {{ {fields} }}")
        };
        let (refusal, message) = code(&anon, &many(20), json!({ "s": "chess" })).await;
        assert_eq!(refusal, "QUERY_TOO_COMPLEX", "{list}: {message}");
        for (count, variables) in [(10, json!({ "s": "chess" })), (20, json!({ "s": null })), (20, json!({}))]
        {
            let answer = anon.graphql(&many(count), variables).await;
            assert!(answer.json["errors"].is_null(), "{list}: {}", answer.text);
        }
        // One character that folds to four.
        let (refusal, message) = code(&anon, &many(1), json!({ "s": "\u{2057}".repeat(51) })).await;
        assert_eq!(
            (refusal.as_str(), message.as_str()),
            ("INVALID", "search must be at most 200 characters")
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fragment_bomb_ends_at_once() {
    let server = Server::on_sqlite().await;
    let mut query = "{ ...F0 } fragment F40 on Query { __typename }".to_owned();
    for number in 0..40 {
        let next = number + 1;
        query += &format!(" fragment F{number} on Query {{ ...F{next} ...F{next} }}");
    }
    assert_eq!(code(&server.anon(), &query, json!({})).await.0, "QUERY_TOO_COMPLEX");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_later_bad_input_stops_the_earlier_mutation() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let query = "mutation($bad: CreateSpaceInput!) { a: createSpace(input: { name: \"A\" }) { space { id } } b: createSpace(input: $bad) { space { id } } }";
    let (code, _) = code(&alice, query, json!({ "bad": { "name": 5 } })).await;
    assert_eq!(code, "INVALID");
    let count = alice.graphql("{ viewer { spaces { totalCount } } }", json!({})).await;
    assert_eq!(count.json["data"]["viewer"]["spaces"]["totalCount"], 0, "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_omitted_variable_leaves_the_default() {
    let server = Server::on_sqlite().await;
    let answer = server.anon().graphql("query($n: Int) { spaces(first: $n) { page } }", json!({})).await;
    assert_eq!(answer.json["data"]["spaces"]["page"], 1, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_field_is_an_error_on_the_fast_schema_too() {
    let server = Server::on_sqlite().await;
    assert_eq!(code(&server.anon(), "{ nonsense }", json!({})).await.0, "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(code(&server.anon(), "{ nonsense", json!({})).await.0, "GRAPHQL_PARSE_FAILED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_are_answered_in_order_and_capped() {
    let server = Server::on_sqlite().await;
    let ask = json!({ "query": "{ __typename }" });
    let two = server.anon().post("/graphql", json!([ask, { "query": "{ nonsense }" }])).await;
    assert_eq!(two.json[0]["data"]["__typename"], "Query");
    assert_eq!(two.json[1]["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let many = server.anon().post("/graphql", Value::Array(vec![ask; 11])).await;
    assert_eq!(many.status, 400);
    assert_eq!(many.json["errors"][0]["message"], "The batch has 11 requests; at most 10 are allowed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_persisted_query_is_known_once_it_was_sent() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    let hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let unknown = anon.post("/graphql", json!({ "extensions": extensions })).await;
    assert_eq!(unknown.json["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    let wrong =
        anon.post("/graphql", json!({ "query": "{ viewer { id } }", "extensions": extensions })).await;
    assert_eq!(wrong.json["errors"][0]["extensions"]["code"], "INVALID");
    // The document is already cached when its hash arrives.
    assert_eq!(anon.graphql("{__typename}", json!({})).await.json["data"]["__typename"], "Query");
    let sent = anon.post("/graphql", json!({ "query": "{__typename}", "extensions": extensions })).await;
    assert_eq!(sent.json["data"]["__typename"], "Query", "{}", sent.text);
    let known = anon.post("/graphql", json!({ "extensions": extensions })).await;
    assert_eq!(known.json["data"]["__typename"], "Query", "{}", known.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn introspection_can_be_switched_off() {
    let server = Server::with(|settings| settings.introspection = plaza::config::Switch::Off).await;
    let (code, _) = code(&server.anon(), "{ __schema { queryType { name } } }", json!({})).await;
    assert_eq!(code, "FORBIDDEN");
}
