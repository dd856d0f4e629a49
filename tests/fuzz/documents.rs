//! GraphQL documents and their variables, up to what is executed.

use async_graphql::Variables;
use plaza::{
    document::{Limits, Model, Prepared, complexity, prepare},
    graphql,
};
use serde_json::Value;

use crate::random::{Random, attempt, seeds};

const SOUND: &[&str] = &[
    include_str!("../it/graphql/introspection.graphql"),
    include_str!("../../src/rest/operations/spaces.graphql"),
    include_str!("../../src/rest/operations/communities.graphql"),
    "query Q($n: Int = 5, $a: String, $w: Boolean!) { spaces(first: $n, after: $a) { nodes { ...F } totalCount } }\n\
     fragment F on Space { id @include(if: $w) owner { id name } sessions(last: 3) { nodes { state } } }",
    "mutation M($i: CreateSpaceInput!) { createSpace(input: $i) { space { id definition } } }",
    "mutation { createSpace(input: {name: \"a\\u00e9\\n\", tags: [\"x\", \"y\"], definition: {a: [1, 2.5e3, null, true]}}) { space { id } } }",
    "query { communities { nodes { __typename ... on Club { id } ... on Lounge { days: voice { status } } } } }",
    "subscription($c: ID!) { conversationEvents(conversationId: $c) { position ... on MessageEvent { message { id } } } }",
    "{ a: __typename b: __type(name: \"Space\") { fields(includeDeprecated: true) { name type { kind ofType { name } } } } }",
    "query { community(id: \"x\") { members(first: 3) { edges { cursor node { user { id } } } pageInfo { hasNextPage } } } }",
];

const WORDS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "...",
    "$",
    "@include(if: true)",
    "@skip(if: $w)",
    "fragment F on Space",
    "on",
    "null",
    "-1",
    "9223372036854775808",
    "1e400",
    "\"\"\"",
    "\"",
    "\\u{110000}",
    "\\ud800",
    "#",
    "\u{feff}",
    "first: 2147483647",
    "...F",
    "__schema { types { fields { args { type { name } } } } }",
    "query",
    "mutation",
    "subscription",
    "Space",
    "nodes",
    "id",
    "first: $n",
    "last: -5",
    "id: \"x\"",
    "a: id",
    "\r",
    ",",
    "=",
    "!",
    "|",
    "&",
    "é",
    "{ id }",
    "$n: Int",
];

const VARIABLES: &[&str] = &[
    "{}",
    "{\"n\": 5, \"a\": null, \"w\": true}",
    "{\"n\": 2147483648, \"w\": \"true\"}",
    "{\"i\": {\"name\": \"a\", \"tags\": [\"x\"], \"definition\": {\"a\": [1, {\"b\": null}]}}}",
    "{\"c\": \"00000000-0000-0000-0000-000000000000\"}",
];

fn check(random: &Random, model: &Model, text: &str) {
    let limits = Limits::default();
    let Ok(prepared) =
        prepare(model, &limits, text, random.pick(&[&None, &Some("Q"), &Some("M")]).to_owned())
    else {
        return;
    };
    let Prepared { document, .. } = &prepared;
    let cost = complexity(model, document, &Variables::default());
    assert!(prepared.varies() || cost <= limits.complexity, "{cost} is too much: {text}");
    let variables =
        random.change_text(random.pick(VARIABLES), &["null", "[", "]", "-0", "1e99", "\"n\"", "true", "{}"]);
    let Ok(Value::Object(variables)) = serde_json::from_str(&variables) else { return };
    if let Ok(bound) = prepared.bind(model, &limits, Variables::from_json(Value::Object(variables))) {
        assert!(bound.demand.complexity <= limits.complexity, "{text}");
    }
}

#[tokio::test]
async fn documents() {
    let model = graphql::model().expect("the schema");
    for seed in seeds() {
        attempt("documents", seed, async |random| {
            let text = random.change_text(random.pick(SOUND), WORDS);
            check(random, &model, &text);
        })
        .await;
    }
}
