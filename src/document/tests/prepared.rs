//! Documents are merged, checked and limited before execution.

use std::time::{Duration, Instant};

use async_graphql::EmptySubscription;

use super::*;

#[tokio::test]
async fn a_field_written_twice_runs_once() {
    let bench = Bench::new();
    let query = "mutation { pay { id } ...More ... on Mutation { pay { name } } } fragment More on Mutation { pay { name } }";
    assert_eq!(bench.ran(query).await, r#"{"pay":{"id":"r","name":"receipt"}}"#);
    assert_eq!(bench.count.pay.load(Ordering::SeqCst), 1);
    assert_eq!(
        bench.ran("mutation { a: pay { id } b: pay { id } }").await,
        r#"{"a":{"id":"r"},"b":{"id":"r"}}"#
    );
    assert_eq!(bench.count.pay.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn interfaces_and_unions_ask_each_key_once() {
    let bench = Bench::new();
    let query = "{ community { ... on Club { name members } name ... on Lounge { name price } ... on Community { __typename } } }";
    assert_eq!(bench.ran(query).await, r#"{"community":{"name":"club","members":7,"__typename":"Club"}}"#);
    assert_eq!(bench.names(), 1);
    let query = "{ community { name ... on Community { name ...N } } } fragment N on Community { name parent { name } }";
    assert_eq!(bench.ran(query).await, r#"{"community":{"name":"club","parent":{"name":"lounge"}}}"#);
    assert_eq!(bench.names(), 2);
    let query = "{ found { __typename ... on Community { name } ... on Club { name members } ... on Receipt { id } } }";
    assert_eq!(
        bench.ran(query).await,
        r#"{"found":[{"__typename":"Club","name":"club","members":7},{"__typename":"Receipt","id":"r"}]}"#
    );
    assert_eq!(bench.names(), 1);
    let query = "{ community { parent { ... on Lounge { price } } ... on Club { parent { name } } } }";
    assert_eq!(bench.ran(query).await, r#"{"community":{"parent":{"price":5,"name":"lounge"}}}"#);
    // An object under a condition on its interface, and a selection that becomes empty.
    let query = "{ community { ... on Club { ... on Community { ... on Lounge { price } } } } }";
    assert_eq!(bench.ran(query).await, r#"{"community":{}}"#);
}

#[tokio::test]
async fn one_key_with_two_meanings_is_refused() {
    let bench = Bench::new();
    for query in [
        "{ x: number(n: 1) x: number(n: 2) }",
        "{ x: number x: plain { id } }",
        "{ community { ... on Club { x: members } ... on Community { x: name } } }",
        "query($a: Boolean!) { x: number(n: 1) ... @include(if: $a) { x: number } }",
        "{ community { ... on Club { x: members } ... on Lounge { x: name } } }",
    ] {
        let (code, message) = bench.refused(query);
        assert!(code == INVALID && message.contains("conflict"), "{query}: {message}");
    }
    bench.prepare("{ community { ... on Club { x: members } ... on Lounge { x: price } } }").unwrap();
}

#[tokio::test]
async fn conditions_follow_the_variables() {
    let bench = Bench::new();
    let query = "query Q($a: Boolean!, $b: Boolean = false) {
        x: number(n: 1) @include(if: $a) ...F @skip(if: $b) z: number(n: 3) @skip(if: true)
        c: community { name @include(if: $b) ... on Club @include(if: $a) { members } } }
        fragment F on Query { y: number(n: 2) @include(if: true) @skip(if: $a) }";
    let prepared = bench.prepare(query).unwrap();
    assert!(prepared.conditional);
    assert_eq!(prepared.name.as_deref(), Some("Q"));
    assert_eq!(prepared.root_fields, ["number", "number", "community"]);
    let run = |given| bench.run(query, given);
    assert_eq!(run(value!({"a": true})).await.unwrap(), r#"{"x":1,"c":{"members":7}}"#);
    assert_eq!(run(value!({"a": false})).await.unwrap(), r#"{"y":2,"c":{}}"#);
    assert_eq!(run(value!({"a": false, "b": true})).await.unwrap(), r#"{"c":{"name":"club"}}"#);
    assert!(!bench.prepare("{ number @include(if: true) }").unwrap().conditional);
}

#[test]
fn bombs_and_circles_end_at_once() {
    let bench = Bench::new();
    let started = Instant::now();
    let mut bomb = "{ ...F0 }".to_owned();
    for n in 0..25 {
        bomb += &format!(" fragment F{n} on Query {{ ...F{0} ...F{0} }}", n + 1);
    }
    bomb += " fragment F25 on Query { number }";
    let (code, message) = bench.refused(&bomb);
    assert_eq!((code, message.contains("allowed")), (COMPLEX, true), "{message}");
    let mut chain = "{ ...F0 }".to_owned();
    for n in 0..200 {
        chain += &format!(" fragment F{n} on Query {{ ...F{} }}", n + 1);
    }
    assert_eq!(bench.refused(&chain).0, COMPLEX);
    let circle = "{ ...A } fragment A on Query { me { ...B } } fragment B on Query { me { ...A } }";
    assert_eq!(bench.refused(circle), (INVALID, "The fragment \"A\" spreads itself".into()));
    let aside = "{ number } fragment A on Query { ...A }";
    assert_eq!(bench.refused(aside), (INVALID, "The fragment \"A\" spreads itself".into()));
    let spread = "p: parent { ... on Club { name } parent { ... on Lounge { name } ";
    let wide = format!("{{ community {{ ... on Club {{ name }} {}{} }} }}", spread.repeat(6), "}}".repeat(6));
    assert_eq!(bench.refused(&wide).0, COMPLEX);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn each_limit_has_its_own_words() {
    let bench = Bench::new();
    let says = |query: String, text: &str| {
        let (code, message) = bench.refused(&query);
        assert_eq!((code, message.as_str()), (COMPLEX, text));
    };
    says("x ".repeat(4001), "The document has 4001 tokens; at most 4000 are allowed");
    says("[".repeat(3000), "Brackets nest 3000 deep; at most 60 levels are allowed");
    says(
        format!("{{ {} number {} }}", "me {".repeat(15), "}".repeat(15)),
        "The query is 16 fields deep; at most 15 are allowed",
    );
    let aliases: String = (0..31).map(|n| format!(" a{n}: number")).collect();
    says(format!("{{ me {{ {aliases} }} }}"), "The document has 31 aliases; at most 30 are allowed");
    let directives = "number @skip(if: true) ".repeat(21);
    says(format!("{{ me {{ {directives} }} }}"), "The document has 21 directives; at most 20 are allowed");
    let roots: String = (0..21).map(|n| format!(" a{n}: number")).collect();
    says(format!("{{ {roots} }}"), "The document has 21 root fields; at most 20 are allowed");
    says(
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".into(),
        "Introspection nests 3 lists of fields or types; at most 2 are allowed",
    );
}

#[test]
fn complexity_counts_pages() {
    let bench = Bench::new();
    let cost = |query: &str, given: Value| {
        let prepared = bench.prepare(query).unwrap();
        complexity(&bench.model, &prepared.document, &Variables::from_value(given))
    };
    assert_eq!(cost("{ number community { name } }", value!({})), 3);
    assert_eq!(cost("{ spaces { nodes { id name } } }", value!({})), 1 + 20 * 3);
    assert_eq!(cost("{ spaces(first: 1000) { nodes { id } } }", value!({})), 1 + 100 * 2);
    assert_eq!(cost("{ plain { id } }", value!({})), 101);
    let bounded = Model::from_sdl(&bench.fast.sdl()).unwrap().with_bounds(&[("Query.plain", 7)]);
    let plain = prepare(&bounded, &Limits::default(), "{ plain { id } }", None).unwrap();
    assert_eq!(plain.complexity(), 8);
    assert_eq!(cost("{ community { ... on Club { name members } ... on Lounge { name } } }", value!({})), 3);
    let paged = "query($n: Int!) { spaces(first: $n) { nodes { id name } } }";
    assert_eq!(cost(paged, value!({"n": 2})), 7);
    let tight = Limits { complexity: 10, ..Limits::default() };
    let prepared = bench.prepare(paged).unwrap();
    let bind = |n: i32| prepared.bind(&bench.model, &tight, Variables::from_value(value!({ "n": n })));
    bind(2).unwrap();
    assert_eq!(
        refusal(&bind(50).unwrap_err()),
        (COMPLEX, "The query's complexity is 151, 10 is allowed".into())
    );
}

#[tokio::test]
async fn introspection_passes() {
    let bench = Bench::new();
    let type_ref = format!("kind name {} {}", "ofType { kind name ".repeat(9), "}".repeat(9));
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} types {{ ...FullType }}
           directives {{ name args(includeDeprecated: true) {{ ...InputValue }} }} }} }}
         fragment FullType on __Type {{ kind name fields(includeDeprecated: true) {{ name args {{ ...InputValue }} type {{ ...TypeRef }} }}
           inputFields {{ ...InputValue }} interfaces {{ ...TypeRef }} enumValues {{ name }} possibleTypes {{ ...TypeRef }} }}
         fragment InputValue on __InputValue {{ name type {{ ...TypeRef }} defaultValue }}
         fragment TypeRef on __Type {{ {type_ref} }}"
    );
    let data = bench.ran(&query).await;
    assert!(data.contains(r#""name":"Receipt""#), "{data}");
}

#[test]
fn operations_are_chosen_by_name() {
    let bench = Bench::new();
    let choose = |query: &str, name: Option<&str>| {
        prepare(&bench.model, &Limits::default(), query, name).map(|prepared| prepared.operation)
    };
    let two = "query A { number } mutation B { stamp }";
    assert_eq!(choose(two, Some("B")).unwrap(), OperationType::Mutation);
    assert_eq!(choose(two, Some("A")).unwrap(), OperationType::Query);
    for (query, name) in [(two, None), (two, Some("C")), ("{ number }", Some("A"))] {
        let (code, message) = refusal(&choose(query, name).unwrap_err());
        assert!(code == INVALID && message.contains("operation"), "{message}");
    }
    assert_eq!(choose("subscription { ticks }", None).unwrap(), OperationType::Subscription);
    assert_eq!(refusal(&choose("subscription { ticks tocks }", None).unwrap_err()).0, INVALID);
    assert_eq!(refusal(&choose("{ nothing }", None).unwrap_err()).0, INVALID);
    assert_eq!(refusal(&choose("query A { number } query B { nothing }", Some("A")).unwrap_err()).0, INVALID);
    let failure = choose("{ number", None).unwrap_err();
    assert_eq!((failure.code, failure.errors[0].locations.len()), (Code::GraphqlParseFailed, 1));
    let bare = Schema::build(Query, Mutation, EmptySubscription).finish();
    let bare = Model::from_sdl(&bare.sdl()).unwrap();
    assert!(prepare(&bare, &Limits::default(), "subscription { ticks }", None).is_err());
}

#[test]
fn the_lexer_sees_what_the_parser_sees() {
    let shape = |query: &str| {
        let shape = scan(query);
        (shape.tokens, shape.nesting)
    };
    assert_eq!(shape("query Q($a: [Int!]! = [1, -2.5e+3]) { a(b: $a) ...F @x } # {{{{"), (30, 2));
    assert_eq!(shape(r#"{ a(s: "{{\"{{", t: """ {{ \""" {{ """) }"#), (11, 2));
    // An unterminated string ends the scan.
    assert_eq!(shape(r#"{ a(s: ["""{{"]) }"#), (6, 3));
    assert_eq!(shape("a \"{{{\n{"), (1, 0));
    assert_eq!(shape("\"abc\\"), (0, 0));
}

#[test]
fn the_model_knows_the_schema() {
    let model = Bench::new().model;
    assert_eq!(model.possible_types("Community"), ["Club", "Lounge"]);
    assert_eq!(model.possible_types("Found"), ["Club", "Receipt"]);
    assert_eq!(model.possible_types("Club"), ["Club"]);
    assert!(model.find_type("Float").is_some());
    assert!(matches!(&model.find_type("Target").unwrap().kind, Kind::Input { one_of: true, .. }));
    let query = model.root(OperationType::Query).unwrap();
    let field = model.field(query, "spaces").unwrap();
    assert_eq!(named(&field.ty), "Page");
    assert_eq!(field.arguments["first"].default, Some(value!(20)));
}
