//! The validation rules of the specification, and the cost of hostile texts.

use super::*;

const ONE_OF: &str = "
directive @oneOf on INPUT_OBJECT
type Query { aim(target: Target, all: [Target!]): Int many(list: [Int!]! = [1], n: Int! = 1): Int }
input Target @oneOf { id: ID slug: String }";

fn accepts(bench: &Bench, query: &str) {
    assert!(bench.prepare(query).is_ok(), "{query}: {:?}", bench.prepare(query).err());
}

fn refuses(bench: &Bench, query: &str, text: &str) {
    let failure = bench.prepare(query).expect_err(query);
    let messages: Vec<_> = failure.errors.iter().map(|error| error.message.as_str()).collect();
    assert!(failure.code == INVALID && messages.iter().any(|message| message.contains(text)), "{messages:?}");
    assert!(failure.errors.iter().all(|error| !error.locations.is_empty()), "{query}: without a place");
}

#[tokio::test]
async fn variables_stand_where_their_types_fit() {
    let bench = Bench::new();
    let paint = |definition: &str, member: &str| {
        format!("mutation({definition}) {{ pay {{ id }} paint(input: {{ name: \"a\", {member} }}) }}")
    };
    for (definition, member) in [
        ("$x: Int", "coats: $x"),
        ("$x: Int!", "coats: $x"),
        ("$x: [String!]", "tags: $x"),
        ("$x: String!", "tags: [$x]"),
        ("$x: String = \"a\"", "tags: [$x]"),
        ("$x: Paint", "inner: $x"),
    ] {
        accepts(&bench, &paint(definition, member));
    }
    for (definition, member) in [
        ("$x: String!", "coats: $x"),
        ("$x: Float", "coats: $x"),
        ("$x: String", "tags: [$x]"),
        ("$x: String!", "tags: $x"),
        ("$x: [String]", "tags: $x"),
        ("$x: [String!]", "tags: [$x]"),
        ("$x: String = null", "tags: [$x]"),
        ("$x: ID", "inner: { name: $x }"),
    ] {
        refuses(&bench, &paint(definition, member), "is expected");
    }
    refuses(&bench, "query($s: Int) { number @include(if: $s) }", "is expected");
    refuses(
        &bench,
        "query($s: Boolean) { ...F } fragment F on Query { number @skip(if: $s) }",
        "is expected",
    );
    accepts(&bench, "query($s: Boolean = false) { number @skip(if: $s) }");
    refuses(&bench, "query($n: Int) { number }", "never used");
    refuses(&bench, "{ number(n: $n) }", "not defined");
    assert_eq!(bench.count.pay.load(Ordering::SeqCst), 0);
    // A null for a variable with a default is refused when it is bound.
    let query = "mutation($x: String = \"a\") { pay { id } paint(input: { name: \"a\", tags: [$x] }) }";
    assert!(bench.run(query, value!({})).await.is_ok());
    let failure = bench.run(query, value!({ "x": null })).await.unwrap_err();
    assert_eq!(refusal(&failure), (Code::Invalid, "\"input.tags[0]\" must not be null, but $x is".into()));
    assert_eq!(bench.count.pay.load(Ordering::SeqCst), 1);
}

#[test]
fn one_of_takes_no_nullable_variable() {
    let model = Model::from_sdl(ONE_OF).unwrap();
    let judge = |query: &str| prepare(&model, &Limits::default(), query, None).map(drop);
    assert!(judge("query($i: ID!) { aim(target: { id: $i }) }").is_ok());
    assert!(judge("query($i: ID!) { aim(all: [{ id: $i }, { slug: \"a\" }]) }").is_ok());
    for query in [
        "query($i: ID) { aim(target: { id: $i }) }",
        "query($i: ID = 1) { aim(target: { id: $i }) }",
        "query($i: ID!) { aim(target: { id: $i, slug: null }) }",
        "{ aim(target: {}) }",
        "{ aim(target: { id: null }) }",
        "{ aim(all: [{ id: 1 }, { id: 1, slug: \"a\" }]) }",
    ] {
        assert!(judge(query).is_err(), "{query}");
    }
    // An argument with a default accepts a nullable variable; an item of a list does not.
    assert!(judge("query($n: Int, $l: [Int!]) { many(n: $n, list: $l) }").is_ok());
    assert!(judge("query($n: Int) { many(list: [$n]) }").is_err());
}

#[test]
fn what_is_refused_is_quoted_in_short() {
    let bench = Bench::new();
    let name = "a".repeat(256);
    for query in [
        format!("{{ {name} }}"),
        format!("{{ number({name}: 1) }}"),
        format!("{{ number @{name} }}"),
        format!("{{ ...{name} }}"),
        format!("{{ ... on {name} {{ id }} }}"),
        format!("query(${name}: Int) {{ number }}"),
        format!("query($n: {name}) {{ number(n: $n) }}"),
        format!("mutation {{ paint(input: {{ {name}: 1 }}) }}"),
        format!("query {name} {{ number }} query {name} {{ number }}"),
        name.clone(),
    ] {
        let failure = bench.prepare(&query).unwrap_err();
        for error in failure.errors {
            assert!(error.message.len() < 200, "{}", error.message);
        }
    }
    let longer = "a".repeat(257);
    let (code, message) = bench.refused(&format!("mutation {{ {longer} }}"));
    assert_eq!(code, Code::GraphqlParseFailed);
    assert_eq!(message, "Syntax error: a name is longer than 256 characters");
    let many = "a".repeat(70_000);
    let (code, message) = bench.refused(&format!("mutation {{ {many} }}"));
    assert_eq!((code, message.as_str()), (COMPLEX, "The document is longer than 65536 bytes"));
    assert_eq!(bench.refused(&format!("# {many}")).0, COMPLEX);
    let comments = "#".repeat(60_000);
    assert_eq!(bench.refused(&comments).0, Code::GraphqlParseFailed);
}

#[tokio::test]
async fn literals_are_what_the_specification_says() {
    let bench = Bench::new();
    for (literal, value) in [
        (r#""\uD83D\uDE00""#, "😀"),
        (r#""\u{1F600}""#, "😀"),
        (r#""\u00e9\n\"""#, "é\n\""),
        (r#""""a \""" b""""#, "a \"\"\" b"),
        ("\"\"\"\n    a\n      b\n\n    c\n    \"\"\"", "a\n  b\n\nc"),
        ("\"\"\"  a\n    b\"\"\"", "  a\nb"),
        ("\"\"\"a\\n\"\"\"", "a\\n"),
    ] {
        let answer = bench.ran(&format!("mutation {{ aim(target: {{ slug: {literal} }}) }}")).await;
        assert_eq!(answer, serde_json::json!({ "aim": value }).to_string(), "{literal}");
    }
    for text in [r#""\uD83D""#, r#""\u{110000}""#, r#""\u{}""#, r#""\x""#, "\"a\nb\"", "\"\"\"a"] {
        let query = format!("mutation {{ aim(target: {{ slug: {text} }}) }}");
        assert_eq!(bench.refused(&query).0, Code::GraphqlParseFailed, "{text}");
    }
    assert_eq!(bench.refused("{ number(n: 1e999) }").0, Code::GraphqlParseFailed);
    for query in
        ["queryQ { number }", "query Q() { number }", "{ number() }", "query Q { }", "{ number(n: 01) }"]
    {
        assert_eq!(bench.refused(query).0, Code::GraphqlParseFailed, "{query}");
    }
    let query = "\"What it does\" query Q($n: Int = 1, $l: [ Int ! ] = [1] @skip(if: true)) { number }";
    assert_eq!(bench.refused(query).0, INVALID);
    accepts(&bench, "\"What\" query Q($n: Int = 1) { ... on # comment\n Query { x: number(n: $n) } }");
    assert_eq!(bench.ran("{ number(n: -0) }").await, r#"{"number":0}"#);
}

#[test]
fn introspection_is_counted_by_what_it_returns() {
    let bench = Bench::new();
    let demand = |query: &str| {
        let prepared = bench.prepare(query)?;
        prepared.bind(&bench.model, &Limits::default(), Variables::default()).map(|bound| bound.demand)
    };
    let names = demand("{ __schema { types { name } } }").unwrap();
    let types = bench.model.type_names().count();
    assert!(names.introspection > types && names.introspection < types + 20, "{names:?}");
    assert_eq!(names.introspections, 1);
    assert_eq!(
        demand("{ __type(name: \"Club\") { name fields { name type { name } } } }").unwrap().introspection,
        1 + 2 + 3 * 3
    );
    for query in [
        "{ __schema { types { name } } __type(name: \"Club\") { name } }",
        "{ a: __schema { types { name } } b: __schema { types { name } } }",
        "{ ...F a: __schema { types { name } } } fragment F on Query { __schema { types { name } } }",
    ] {
        assert_eq!(bench.refused(query).0, COMPLEX, "{query}");
    }
    let tight = Limits { introspection: 100, ..Limits::default() };
    let wide = "{ __schema { types { fields { args { type { name } } type { name fields { name } } } } } }";
    assert_eq!(prepare(&bench.model, &tight, wide, None).unwrap_err().code, COMPLEX);
    let of = "query($t: String!) { __type(name: $t) { fields { name args { name } } } }";
    let prepared =
        prepare(&bench.model, &Limits { introspection: 10, ..Limits::default() }, of, None).unwrap();
    let bind = |name: &str| {
        let limits = Limits { introspection: 10, ..Limits::default() };
        prepared.bind(&bench.model, &limits, Variables::from_value(value!({ "t": name }))).map(drop)
    };
    assert!(bind("Receipt").is_ok() && bind("Nothing").is_ok());
    assert_eq!(bind("Query").unwrap_err().code, COMPLEX);
}

#[test]
fn a_batch_has_the_limits_of_one_request() {
    let bench = Bench::new();
    let limits = Limits::default();
    let demand = |query: &str| {
        let bound = bench.prepare(query).unwrap().bind(&bench.model, &limits, Variables::default());
        bound.unwrap().demand
    };
    let page = demand("{ spaces(first: 100) { nodes { id name } } }");
    assert!(limits.admit_batch([page; 10]).is_ok());
    assert_eq!(limits.admit_batch([page; 17]).unwrap_err().code, COMPLEX);
    let schema = demand("{ __schema { queryType { name } } }");
    assert!(limits.admit_batch([schema]).is_ok());
    assert_eq!(limits.admit_batch([schema, page, schema]).unwrap_err().code, COMPLEX);
    let aliases = demand("{ a: number b: number c: number d: number e: number f: number g: number }");
    assert_eq!(limits.admit_batch([aliases; 5]).unwrap_err().code, COMPLEX);
}

#[test]
fn hostile_documents_end_within_their_limits() {
    let bench = Bench::new();
    // The keys repeat under each concrete type at every level: comparing all pairs would take exponential
    // time.
    let level = "... on Club { p: parent { ";
    let deep = format!("{{ community {{ {}name{} }} }}", level.repeat(12), " } }".repeat(12));
    assert!(bench.prepare(&deep).is_ok(), "{:?}", bench.prepare(&deep).err());
    let wide = format!("{{ community {{ {} }} }}", "name ".repeat(3900));
    accepts(&bench, &wide);
    let fragments: String = (0..300).map(|n| format!(" fragment F{n} on Query {{ number }}")).collect();
    let spreads: String = (0..300).map(|n| format!(" ...F{n}")).collect();
    accepts(&bench, &format!("{{ me {{ {spreads} }} }} {fragments}"));
    let operations: String = (0..300).map(|n| format!(" query Q{n} {{ ...F }}")).collect();
    let text = format!("{operations} fragment F on Query {{ number }}");
    assert!(prepare(&bench.model, &Limits::default(), &text, Some("Q7")).is_ok());
    let variables: String = (0..400).map(|n| format!("$v{n}: Int ")).collect();
    refuses(&bench, &format!("query({variables}) {{ number }}"), "never used");
    let list = format!("query($v: {}Int{}) {{ number(n: $v) }}", "[".repeat(70), "]".repeat(70));
    assert_eq!(bench.refused(&list).0, COMPLEX);
    assert_eq!(bench.refused(&format!("{{ number(n: {}1{}) }}", "[".repeat(55), "]".repeat(55))).0, INVALID);
}

#[test]
fn prepared_documents_are_weighed() {
    let bench = Bench::new();
    let small = bench.prepare("{ number }").unwrap().size();
    let wide: String = (0..20).map(|n| format!("a{n}: number(n: {n}) ")).collect();
    let large = bench.prepare(&format!("{{ {wide} }}")).unwrap().size();
    assert!(small >= 400 && large > 10 * small, "{small} {large}");
}
