use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_graphql::{
    Context, EmptySubscription, Enum, ID, InputObject, Interface, Object, OneofObject, Request, Scalar,
    ScalarType, Schema, SimpleObject, Subscription, Union, ValidationMode, Variables,
    futures_util::{Stream, stream},
    parser::types::{OperationType, Type},
    value,
};

use super::{coerce, *};

#[derive(Default)]
struct Counters {
    pay: AtomicUsize,
    name: AtomicUsize,
    stamp: AtomicUsize,
}

type Count = Arc<Counters>;

struct DateTime(String);

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> async_graphql::InputValueResult<Self> {
        Ok(Self(value.to_string()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Colour {
    Red,
    DarkBlue,
}

#[derive(InputObject)]
struct Paint {
    name: String,
    #[graphql(default = 3)]
    coats: i32,
    colour: Option<Colour>,
    tags: Option<Vec<String>>,
    inner: Option<Box<Paint>>,
}

#[derive(OneofObject)]
enum Target {
    Id(ID),
    Slug(String),
}

#[derive(SimpleObject)]
struct Receipt {
    id: ID,
    name: String,
}

struct Club;
struct Lounge;

fn counted(ctx: &Context<'_>, name: &str) -> String {
    ctx.data_unchecked::<Count>().name.fetch_add(1, Ordering::SeqCst);
    name.to_owned()
}

#[Object]
impl Club {
    async fn name(&self, ctx: &Context<'_>) -> String {
        counted(ctx, "club")
    }
    async fn members(&self) -> i32 {
        7
    }
    async fn parent(&self) -> Option<Community> {
        Some(Community::Lounge(Lounge))
    }
}

#[Object]
impl Lounge {
    async fn name(&self, ctx: &Context<'_>) -> String {
        counted(ctx, "lounge")
    }
    async fn price(&self) -> i32 {
        5
    }
    async fn parent(&self) -> Option<Community> {
        None
    }
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "String"), field(name = "parent", ty = "Option<Community>"))]
enum Community {
    Club(Club),
    Lounge(Lounge),
}

#[derive(Union)]
enum Found {
    Club(Club),
    Receipt(Receipt),
}

#[derive(SimpleObject)]
struct Page {
    nodes: Vec<Receipt>,
}

struct Query;

#[Object]
impl Query {
    async fn community(&self, #[graphql(default)] lounge: bool) -> Community {
        if lounge { Community::Lounge(Lounge) } else { Community::Club(Club) }
    }
    async fn found(&self) -> Vec<Found> {
        vec![Found::Club(Club), Found::Receipt(receipt())]
    }
    async fn spaces(&self, #[graphql(default = 20)] first: i32) -> Page {
        Page { nodes: (0..first).map(|_| receipt()).collect() }
    }
    async fn plain(&self) -> Vec<Receipt> {
        vec![]
    }
    async fn number(&self, #[graphql(default = 20)] n: i32) -> i32 {
        n
    }
    async fn me(&self) -> Query {
        Query
    }
}

fn receipt() -> Receipt {
    Receipt { id: "r".into(), name: "receipt".into() }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn pay(&self, ctx: &Context<'_>, #[graphql(default = 1)] amount: i32) -> Receipt {
        let _ = amount;
        ctx.data_unchecked::<Count>().pay.fetch_add(1, Ordering::SeqCst);
        receipt()
    }
    async fn stamp(&self, ctx: &Context<'_>, at: Option<DateTime>) -> bool {
        ctx.data_unchecked::<Count>().stamp.fetch_add(1, Ordering::SeqCst);
        at.is_some()
    }
    async fn paint(&self, input: Paint) -> String {
        let _ = (&input.colour, &input.tags, &input.inner);
        format!("{} {}", input.name, input.coats)
    }
    async fn aim(&self, target: Target) -> String {
        match target {
            Target::Id(id) => id.to_string(),
            Target::Slug(slug) => slug,
        }
    }
}

struct Ticks;

#[Subscription]
impl Ticks {
    async fn ticks(&self) -> impl Stream<Item = i32> {
        stream::iter([1])
    }
    async fn tocks(&self) -> impl Stream<Item = i32> {
        stream::iter([1])
    }
}

struct Bench {
    model: Model,
    check: Box<Check>,
    fast: Schema<Query, Mutation, Ticks>,
    count: Count,
}

impl Bench {
    fn new() -> Self {
        let strict = Schema::build(Query, Mutation, Ticks).extension(ValidateOnly).finish();
        let count = Count::default();
        let fast = Schema::build(Query, Mutation, Ticks)
            .validation_mode(ValidationMode::Fast)
            .data(count.clone())
            .finish();
        Self { model: Model::from_sdl(&fast.sdl()).unwrap(), check: check(strict), fast, count }
    }

    fn prepare(&self, query: &str) -> Result<Prepared, Failure> {
        prepare(&self.model, &Limits::default(), &*self.check, query, None)
    }

    fn refused(&self, query: &str) -> (Code, String) {
        told(&self.prepare(query).unwrap_err())
    }

    async fn run(&self, query: &str, variables: Value) -> Result<String, Failure> {
        let prepared = self.prepare(query)?;
        let (document, variables) =
            prepared.bind(&self.model, &Limits::default(), Variables::from_value(variables))?;
        let mut request = Request::new("").variables(variables);
        request.set_parsed_query(document);
        let response = self.fast.execute(request).await;
        assert!(response.errors.is_empty(), "{query}: {:?}", response.errors);
        Ok(serde_json::to_string(&response.data).unwrap())
    }

    async fn ran(&self, query: &str) -> String {
        self.run(query, value!({})).await.unwrap()
    }

    fn names(&self) -> usize {
        self.count.name.swap(0, Ordering::SeqCst)
    }

    fn coerced(&self, ty: &str, given: Value) -> Result<Value, Fault> {
        coerce::value(&self.model, &Type::new(ty).unwrap(), given, "input")
    }

    fn fault(&self, ty: &str, given: Value) -> (FaultKind, String) {
        let fault = self.coerced(ty, given).unwrap_err();
        (fault.kind, fault.message)
    }
}

fn told(failure: &Failure) -> (Code, String) {
    for error in &failure.errors {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        assert_eq!(code, Some(&Value::from(failure.code.as_str())));
    }
    (failure.code, failure.errors[0].message.clone())
}

const INVALID: Code = Code::GraphqlValidationFailed;
const COMPLEX: Code = Code::QueryTooComplex;

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
    // An object under a condition on its interface, and a selection of which nothing is left.
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
    ] {
        let (code, message) = bench.refused(query);
        assert!(code == INVALID && message.contains("conflict"), "{query}: {message}");
    }
    bench.prepare("{ community { ... on Club { x: members } ... on Lounge { x: name } } }").unwrap();
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
    says("x ".repeat(4001), "The document has 4001 tokens, 4000 are allowed");
    says("[".repeat(3000), "Brackets nest 3000 deep, 60 levels are allowed");
    says(
        format!("{{ {} number {} }}", "me {".repeat(15), "}".repeat(15)),
        "The query is 16 fields deep, 15 are allowed",
    );
    let aliases: String = (0..31).map(|n| format!(" a{n}: number")).collect();
    says(format!("{{ me {{ {aliases} }} }}"), "The document has 31 aliases, 30 are allowed");
    let directives = "number @skip(if: true) ".repeat(21);
    says(format!("{{ me {{ {directives} }} }}"), "The document has 21 directives, 20 are allowed");
    let roots: String = (0..21).map(|n| format!(" a{n}: number")).collect();
    says(format!("{{ {roots} }}"), "The document has 21 root fields, 20 are allowed");
    says(
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".into(),
        "Introspection goes through 3 lists of fields or types in each other, 2 are allowed",
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
    assert_eq!(cost("{ plain { id } }", value!({})), 11);
    assert_eq!(cost("{ community { ... on Club { name members } ... on Lounge { name } } }", value!({})), 3);
    let paged = "query($n: Int!) { spaces(first: $n) { nodes { id name } } }";
    assert_eq!(cost(paged, value!({"n": 2})), 7);
    let tight = Limits { complexity: 10, ..Limits::default() };
    let prepared = bench.prepare(paged).unwrap();
    let bind = |n: i32| prepared.bind(&bench.model, &tight, Variables::from_value(value!({ "n": n })));
    bind(2).unwrap();
    assert_eq!(
        told(&bind(50).unwrap_err()),
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
        prepare(&bench.model, &Limits::default(), &*bench.check, query, name)
            .map(|prepared| prepared.operation)
    };
    let two = "query A { number } mutation B { stamp }";
    assert_eq!(choose(two, Some("B")).unwrap(), OperationType::Mutation);
    assert_eq!(choose(two, Some("A")).unwrap(), OperationType::Query);
    for (query, name) in [(two, None), (two, Some("C")), ("{ number }", Some("A"))] {
        let (code, message) = told(&choose(query, name).unwrap_err());
        assert!(code == INVALID && message.contains("operation"), "{message}");
    }
    assert_eq!(choose("subscription { ticks }", None).unwrap(), OperationType::Subscription);
    assert_eq!(told(&choose("subscription { ticks tocks }", None).unwrap_err()).0, INVALID);
    assert_eq!(told(&choose("{ nothing }", None).unwrap_err()).0, INVALID);
    assert_eq!(told(&choose("query A { number } query B { nothing }", Some("A")).unwrap_err()).0, INVALID);
    let failure = choose("{ number", None).unwrap_err();
    assert_eq!((failure.code, failure.errors[0].locations.len()), (Code::GraphqlParseFailed, 1));
    let bare = Schema::build(Query, Mutation, EmptySubscription).extension(ValidateOnly).finish();
    let bare_check = check(bare);
    assert!(bare_check(&parse_query("subscription { ticks }").unwrap()).is_err());
}

#[tokio::test]
async fn nothing_runs_when_a_literal_is_wrong() {
    let bench = Bench::new();
    for (query, field, text) in [
        (
            r#"mutation { pay { id } stamp(at: "bad") }"#,
            "at",
            "\"at\" must be a date and time as in 2026-01-31T12:00:00Z",
        ),
        ("mutation($c: String) { pay { id } paint(input: { name: $c, coats: 1, bogus: 2 }) }", "", ""),
        ("mutation($c: Int) { paint(input: { coats: $c }) }", "input.name", "\"input.name\" is required"),
        (
            r#"mutation { paint(input: { name: "a\u0000" }) }"#,
            "input.name",
            "\"input.name\" must not contain NUL",
        ),
        (
            r#"mutation { paint(input: { name: "a", colour: "RED" }) }"#,
            "input.colour",
            "\"input.colour\" must be one of: RED, DARK_BLUE",
        ),
        (
            r#"mutation($i: ID!) { aim(target: { id: $i, slug: "x" }) }"#,
            "target",
            "\"target\" must have exactly one of: id, slug",
        ),
    ] {
        let failure = bench.prepare(query).unwrap_err();
        assert_eq!(failure.code, INVALID, "{query}");
        if !field.is_empty() {
            let error = &failure.errors[0];
            assert_eq!(error.message, text);
            assert_eq!(error.extensions.as_ref().unwrap().get("field"), Some(&Value::from(field)));
            assert_eq!(error.locations.len(), 1);
        }
    }
    bench.ran(r#"mutation { stamp(at: "2026-01-31T12:00:00.5+01:00") paint(input: { name: "a", tags: "x", colour: RED }) }"#).await;
}

#[tokio::test]
async fn absent_variables_leave_the_default_to_the_argument() {
    let bench = Bench::new();
    let query = "query($n: Int) { number(n: $n) }";
    assert_eq!(bench.run(query, value!({})).await.unwrap(), r#"{"number":20}"#);
    assert_eq!(bench.run(query, value!({"n": 4, "other": 1})).await.unwrap(), r#"{"number":4}"#);
    let failure = bench.run(query, value!({ "n": null })).await.unwrap_err();
    assert_eq!(told(&failure), (Code::Invalid, "\"n\" must not be null, but $n is".into()));
    let query = "mutation($n: Int) { paint(input: { name: \"a\", coats: $n }) }";
    assert_eq!(bench.run(query, value!({})).await.unwrap(), r#"{"paint":"a 3"}"#);
}

#[tokio::test]
async fn variables_are_judged_before_anything_runs() {
    let bench = Bench::new();
    let query = "mutation($input: Paint!, $at: DateTime) { pay { id } paint(input: $input) stamp(at: $at) }";
    let failure = bench.run(query, value!({"input": {"coats": 1}, "at": "bad"})).await.unwrap_err();
    assert_eq!(failure.code, Code::Invalid);
    let fields: Vec<_> = failure
        .errors
        .iter()
        .map(|error| error.extensions.as_ref().unwrap().get("field").unwrap().to_string())
        .collect();
    assert_eq!(fields, [r#""input.name""#, r#""at""#]);
    assert_eq!(told(&failure).1, "\"input.name\" is required");
    assert_eq!(bench.count.pay.load(Ordering::SeqCst), 0);
    let given = value!({"input": {"name": "a", "colour": "DARK_BLUE", "tags": "t"}});
    assert_eq!(bench.run(query, given).await.unwrap(), r#"{"pay":{"id":"r"},"paint":"a 3","stamp":false}"#);
}

#[test]
fn values_fit_their_types_or_say_why_not() {
    use FaultKind::{Invalid, Missing, WrongType};
    let bench = Bench::new();
    assert_eq!(bench.coerced("Int", value!(5.0)).unwrap(), value!(5));
    assert_eq!(bench.coerced("Float", value!(5)).unwrap(), value!(5));
    assert_eq!(bench.coerced("ID!", value!(5)).unwrap(), value!("5"));
    assert_eq!(bench.coerced("[[Int]]", value!(5)).unwrap(), value!([[5]]));
    assert_eq!(bench.coerced("JSON", value!({"a": [1, null]})).unwrap(), value!({"a": [1, null]}));
    assert_eq!(bench.coerced("Coins", value!(5_000_000_000_i64)).unwrap(), value!(5_000_000_000_i64));
    let paint =
        bench.coerced("Paint", value!({"name": "a", "inner": {"name": "b"}, "colour": "RED"})).unwrap();
    assert_eq!(
        serde_json::to_string(&paint).unwrap(),
        r#"{"name":"a","coats":3,"colour":"RED","inner":{"name":"b","coats":3}}"#
    );
    for (ty, given, kind, text) in [
        ("Int", value!("5"), WrongType, "\"input\" must be an integer"),
        ("Int", value!(1.5), WrongType, "\"input\" must be an integer"),
        (
            "Int",
            value!(3_000_000_000_i64),
            WrongType,
            "\"input\" must be an integer between -2147483648 and 2147483647",
        ),
        ("Coins", value!(1.5), WrongType, "\"input\" must be a whole number"),
        ("String", value!(1), WrongType, "\"input\" must be a string"),
        ("Boolean", value!("true"), WrongType, "\"input\" must be true or false"),
        ("Int!", value!(null), Missing, "\"input\" is required"),
        ("[Int!]", value!([1, null]), WrongType, "\"input[1]\" must not be null"),
        ("Paint", value!([]), WrongType, "\"input\" must be an object"),
        ("Paint", value!({}), Missing, "\"input.name\" is required"),
        ("Paint", value!({"name": "a", "x": 1}), Invalid, "\"input.x\" is not a known member"),
        ("Paint", value!({"name": "a", "tags": ["x", 1]}), WrongType, "\"input.tags[1]\" must be a string"),
        (
            "Paint",
            value!({"name": "a", "colour": "red"}),
            WrongType,
            "\"input.colour\" must be one of: RED, DARK_BLUE",
        ),
        ("Target", value!({}), Invalid, "\"input\" must have exactly one of: id, slug"),
        ("Target", value!({"id": null}), Invalid, "\"input\" must have exactly one of: id, slug"),
        ("String", value!("a\0"), Invalid, "\"input\" must not contain NUL"),
        ("JSON", value!({"a": ["\0"]}), Invalid, "\"input\" must not contain NUL"),
    ] {
        assert_eq!(bench.fault(ty, given), (kind, text.to_owned()));
    }
    let deep = (0..70).fold(value!(1), |inner, _| value!([inner]));
    assert_eq!(bench.fault("JSON", deep.clone()).0, Invalid);
    let deep = (0..70).fold(value!(null), |inner, _| value!({"name": "a", "inner": inner}));
    assert_eq!(bench.fault("Paint", deep).0, Invalid);
}

#[test]
fn the_lexer_sees_what_the_parser_sees() {
    let shape = |query: &str| {
        let shape = scan(query);
        (shape.tokens, shape.nesting)
    };
    assert_eq!(shape("query Q($a: [Int!]! = [1, -2.5e+3]) { a(b: $a) ...F @x } # {{{{"), (30, 2));
    assert_eq!(shape(r#"{ a(s: "{{\"{{", t: """ {{ \""" {{ """) }"#), (11, 2));
    // A block string without an end is an empty string to the parser.
    assert_eq!(shape(r#"{ a(s: ["""{{"]) }"#).1, 3);
    assert_eq!(shape("\"{{{\n{"), (2, 1));
    assert_eq!(shape("\"abc\\"), (1, 0));
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
