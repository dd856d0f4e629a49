//! Variables and literals are coerced before execution.

use super::*;

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
    assert_eq!(refusal(&failure), (Code::Invalid, "\"n\" must not be null, but $n is".into()));
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
    assert_eq!(refusal(&failure).1, "\"input.name\" is required");
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
        ("Paint", value!({"name": null}), Missing, "\"input.name\" is required"),
        ("Paint", value!({"name": "a", "coats": null}), Missing, "\"input.coats\" must not be null"),
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
