//! Hostile documents, variables and answers are refused early, on every transport.

use std::fs;

use plaza::{config::Settings, http};
use serde_json::{Value, json};

use crate::support::{Caller, Server, on_both};

async fn refused(caller: &Caller, query: &str, variables: Value) -> (String, String) {
    let answer = caller.graphql(query, variables).await;
    assert!(answer.text.len() < 1000, "a short answer: {}", answer.text.len());
    let error = &answer.json["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_texts_and_names_are_refused_in_short() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    let long = "a".repeat(900_000);
    let limit = "The document is longer than 65536 bytes".to_owned();
    for query in [
        format!("mutation {{ {long} }}"),
        format!("# {long}"),
        format!("{{ space(id: \"{long}\") {{ id }} }}"),
    ] {
        assert_eq!(refused(&anon, &query, json!({})).await, ("QUERY_TOO_COMPLEX".to_owned(), limit.clone()));
    }
    let name = "a".repeat(250);
    for query in [
        format!("{{ {name} }}"),
        format!("{{ spaces({name}: 1) {{ page }} }}"),
        format!("{{ __typename @{name} }}"),
        format!("{{ communities(kind: {name}) {{ page }} }}"),
        format!("query(${name}: Int) {{ __typename }}"),
    ] {
        assert_eq!(refused(&anon, &query, json!({})).await.0, "GRAPHQL_VALIDATION_FAILED");
    }
    let input = "mutation($i: CreateSpaceInput!) { createSpace(input: $i) { space { id } } }";
    let keyed = json!({ "i": { "name": "a", name: 1 } });
    assert_eq!(refused(&anon, input, keyed).await.0, "INVALID");
    let kind = "query($k: CommunityKind) { communities(kind: $k) { page } }";
    assert_eq!(refused(&anon, kind, json!({ "k": long })).await.0, "INVALID");
    let asked = json!({ "query": "query A { __typename } query B { __typename }", "operationName": long });
    let answer = anon.post("/graphql", asked).await;
    assert!(answer.text.len() < 1000 && answer.text.contains("no operation"), "{}", answer.text.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_of_too_many_values_is_not_parsed() {
    let server = Server::on_sqlite().await;
    let alice = server.member("Alice").await;
    let query = "mutation($d: JSON) { createSpace(input: { name: \"a\", definition: $d }) { space { id } } }";
    let zeros = Value::Array(vec![json!(0); 60_000]);
    let (code, message) = refused(&alice, query, json!({ "d": zeros })).await;
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("INVALID", "The body is refused: it has more than 50000 values")
    );
    let rest = alice.post("/api/spaces", json!({ "name": "a", "definition": zeros })).await;
    assert_eq!(rest.status, 400, "{}", rest.text);
    assert!(rest.text.contains("more than 50000 values"), "{}", rest.text);
    let named = json!({ "d": { "k".repeat(300): 1 } });
    assert!(refused(&alice, query, named).await.1.contains("longer than 256"));
    let path = format!(
        "/graphql?query=%7B__typename%7D&variables=%7B%22a%22:{}0{}%7D",
        "%5B".repeat(70),
        "%5D".repeat(70)
    );
    let answer = alice.get(&path).await;
    assert!(answer.text.contains("nests deeper than 64"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn introspection_comes_once_a_request() {
    let server = Server::on_sqlite().await;
    let anon = server.anon();
    let fields = "fields { name description isDeprecated args { name } }";
    let types = format!("types {{ fields {{ type {{ ofType {{ {fields} }} {fields} }} }} }}");
    let aliased = |what: &str| (0..13).map(|n| format!("a{n}: {what} ")).collect::<String>();
    let roots = aliased(&format!("__schema {{ {types} }}"));
    assert!(
        refused(&anon, &format!("{{ {roots} }}"), json!({}))
            .await
            .1
            .contains("introspection fields at its root")
    );
    let wide = format!("{{ __schema {{ {} }} }}", aliased(&types));
    assert!(refused(&anon, &wide, json!({})).await.1.contains("would return more than"));
    let one = json!({ "query": "{ __schema { queryType { name } } }" });
    let batch = anon.post("/graphql", json!([one, { "query": "{ __typename }" }])).await;
    assert_eq!(batch.json[0]["data"]["__schema"]["queryType"]["name"], "Query", "{}", batch.text);
    let batch = anon.post("/graphql", json!([one, { "query": "{ __typename }" }, one])).await;
    assert_eq!(batch.status, 400);
    assert_eq!(batch.json["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{}", batch.text);
    let asked = anon.post("/graphql", json!({ "query": include_str!("introspection.graphql") })).await;
    assert!(asked.json["errors"].is_null(), "{}", asked.json["errors"]);
    let size = asked.text.len();
    assert!(size < Settings::default().response_bytes / 2, "{size} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_costs_what_its_requests_cost() {
    let server = Server::with(|settings| settings.requests_per_minute = 10).await;
    let anon = server.anon();
    let ask = json!({ "query": "{ __typename }" });
    let six = Value::Array(vec![ask.clone(); 6]);
    assert_eq!(anon.post("/graphql", six.clone()).await.status, 200);
    let second = anon.post("/graphql", six).await;
    assert_eq!(second.status, 429, "{}", second.text);

    let server = Server::with(|settings| settings.query_complexity = 100).await;
    let page = json!({ "query": "{ spaces(first: 10) { nodes { id name } } }" });
    assert_eq!(server.anon().post("/graphql", json!([page, page])).await.status, 200);
    let four = server.anon().post("/graphql", json!([page, page, page, page])).await;
    assert_eq!(four.status, 400);
    assert_eq!(four.json["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{}", four.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_has_a_limit_in_bytes() {
    let server = Server::with(|settings| settings.response_bytes = 1500).await;
    let alice = server.member("Alice").await;
    for number in 0..5 {
        let space = json!({ "name": format!("Space {number}"), "description": "x".repeat(450) });
        assert_eq!(alice.post("/api/spaces", space).await.status, 201);
    }
    let one = "{ spaces(first: 1) { nodes { name description } } }";
    let all = "{ spaces(first: 50) { nodes { name description } } }";
    assert!(alice.graphql(one, json!({})).await.json["errors"].is_null());
    let answer = alice.graphql(all, json!({})).await;
    assert_eq!(answer.json["errors"][0]["extensions"]["code"], "RESPONSE_TOO_LARGE", "{}", answer.text);
    assert!(answer.json["data"].is_null());
    let batch = alice.post("/graphql", json!([{ "query": one }, { "query": one }, { "query": one }])).await;
    assert_eq!(batch.json[0]["data"]["spaces"]["nodes"].as_array().map(Vec::len), Some(1));
    assert_eq!(batch.json[2]["errors"][0]["extensions"]["code"], "RESPONSE_TOO_LARGE", "{}", batch.text);
    let rest = alice.get("/api/spaces").await;
    assert_eq!((rest.status, rest.json["code"].as_str()), (400, Some("RESPONSE_TOO_LARGE")), "{}", rest.text);
}

on_both! {
    async fn variables_that_do_not_fit_run_nothing(server: Server) {
        let alice = server.member("Alice").await;
        let make = |place: &str, definition: &str| {
            format!(
                "mutation({definition}) {{ a: createSpace(input: {{ name: \"A\" }}) {{ space {{ id }} }} \
                 b: createSpace(input: {{ {place} }}) {{ space {{ id }} }} }}"
            )
        };
        for (place, definition) in [
            ("name: $x", "$x: String"),
            ("name: $x", "$x: Int!"),
            ("name: \"B\", tags: [$x]", "$x: String"),
            ("name: \"B\", isPublic: $x", "$x: String!"),
        ] {
            let (code, message) = refused(&alice, &make(place, definition), json!({ "x": null })).await;
            assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{place}: {message}");
        }
        let answer = alice.graphql("query($id: ID!) { space(id: $id) { id } }", json!({})).await;
        let error = &answer.json["errors"][0];
        assert_eq!(error["message"], "\"id\" is required");
        assert_eq!(error["locations"], json!([{ "line": 1, "column": 7 }]));
        let count = alice.graphql("{ viewer { spaces { totalCount } } }", json!({})).await;
        assert_eq!(count.json["data"]["viewer"]["spaces"]["totalCount"], 0, "nothing was made");
    }

    async fn moments_and_pages_at_their_ends(server: Server) {
        let alice = server.member("Alice").await;
        let club = alice.post("/api/communities", json!({ "name": "Club", "type": "club" })).await;
        let id = club.json["id"].as_str().expect("an id").to_owned();
        let query = "query($c: ID!, $b: DateTime) { messages(communityId: $c, before: $b) { id } }";
        for (before, fits) in [
            ("9999-12-31T23:59:59Z", true),
            ("0001-01-01T00:00:00Z", true),
            ("9999-12-31T23:59:59-14:00", false),
            ("0001-01-01T00:00:00+14:00", false),
            ("0000-06-01T00:00:00Z", false),
        ] {
            let answer = alice.graphql(query, json!({ "c": id, "b": before })).await;
            let error = &answer.json["errors"][0];
            assert_eq!(error.is_null(), fits, "{before}: {}", answer.text);
            let path = format!("/api/communities/{id}/messages?before={}", before.replace('+', "%2B"));
            let rest = alice.get(&path).await;
            assert_eq!(rest.status, if fits { 200 } else { 400 }, "{before}: {}", rest.text);
            if !fits {
                assert_eq!(error["extensions"]["code"], "INVALID");
                assert_eq!(error["extensions"]["field"], "b");
                assert_eq!(rest.json["field"], "before", "{}", rest.text);
            }
        }
        for number in 0..3 {
            assert_eq!(alice.post("/api/spaces", json!({ "name": format!("S{number}") })).await.status, 201);
        }
        let pages = "{ a: spaces(first: 0) { nodes { id } totalCount totalPages pageInfo { hasNextPage } }
                       b: spaces(last: 0) { nodes { id } pageInfo { hasPreviousPage } }
                       c: spaces(first: 2) { nodes { id } } }";
        let answer = alice.graphql(pages, json!({})).await;
        let data = &answer.json["data"];
        assert_eq!(data["a"]["nodes"], json!([]), "{}", answer.text);
        assert_eq!((&data["a"]["totalCount"], &data["a"]["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
        assert_eq!(data["a"]["totalPages"], 0);
        assert_eq!((&data["b"]["nodes"], &data["b"]["pageInfo"]["hasPreviousPage"]), (&json!([]), &json!(true)));
        assert_eq!(data["c"]["nodes"].as_array().map(Vec::len), Some(2));
        let say = "mutation($c: ID!) { postMessage(input: { communityId: $c, content: \"hi\" }) { message { id } } }";
        assert!(alice.graphql(say, json!({ "c": id })).await.json["errors"].is_null());
        let none = "query($c: ID!) { community(id: $c) { conversation { messages(last: 0) { nodes { id } } } } }";
        let answer = alice.graphql(none, json!({ "c": id })).await;
        assert_eq!(answer.json["data"]["community"]["conversation"]["messages"]["nodes"], json!([]), "{}", answer.text);
    }

    async fn strings_mean_what_the_specification_says(server: Server) {
        let alice = server.member("Alice").await;
        let text = r#"mutation { createSpace(input: { name: "\uD83D\uDE00\u{41}", description: """
            a \""" b
              c
        """ }) { space { name description } } }"#;
        let answer = alice.graphql(text, json!({})).await;
        let space = &answer.json["data"]["createSpace"]["space"];
        assert_eq!(space, &json!({ "name": "😀A", "description": "a \"\"\" b\n  c" }), "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rest_document_whose_variables_do_not_fit_stops_the_start() {
    let server = Server::on_sqlite().await;
    let folder = tempfile::tempdir().expect("a folder");
    let write = |ty: &str| {
        let text = format!(
            "query Seek($term: {ty}) @rest(method: GET, path: \"/api/seek\") {{ spaces(search: $term) {{ nodes {{ id }} }} }}"
        );
        fs::write(folder.path().join("own.graphql"), text).expect("writes");
        let settings = Settings { rest_dir: folder.path().to_owned(), ..Settings::default() };
        http::pipeline(&server.app, &settings).map(drop).map_err(|error| format!("{error:#}"))
    };
    assert_eq!(write("String"), Ok(()));
    let refused = write("Int!").expect_err("it does not fit");
    assert!(refused.contains("own.graphql:1:12") && refused.contains("\"Int!\" is used where"), "{refused}");
}
