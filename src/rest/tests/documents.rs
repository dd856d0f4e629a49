//! Compilation of documents: mistakes, the OpenAPI document, the routes.

use serde_json::Value;

use super::*;
use crate::rest::{Examples, ResponseHeader};

#[test]
fn mistakes_name_file_and_line() {
    let cases = [
        ("query A { list {", "toys.graphql:1:"),
        (
            r#"query A @rest(method: GET, path: "/api/a") { list { nothing } }"#,
            "toys.graphql:1:53: Unknown field",
        ),
        ("{ list { id } }", "toys.graphql:1:1: the operation needs a name"),
        ("query A { list { id } }", "toys.graphql:1:1: A has no @rest, and no stream names it"),
        (r#"query A @rest(method: GET) { list { id } }"#, r#"@rest needs "path""#),
        (
            r#"query A @rest(method: GET, path: "/api/a", oops: 1) { list { id } }"#,
            r#"toys.graphql:1:44: @rest has no argument "oops""#,
        ),
        (r#"query A @rest(method: "GET", path: "/api/a") { list { id } }"#, "an enum value without quotes"),
        (
            r#"query A @rest(method: GET, path: "/api/{id}") { list { id } }"#,
            "the path's {id} has no variable",
        ),
        (r#"query A @rest(method: GET, path: "/x") { list { id } }"#, "must begin with /api/"),
        (
            r#"query A @rest(method: GET, path: "/api/a") { list { ...No } }"#,
            "toys.graphql:1:56: there is no fragment No",
        ),
        (
            r#"query A @rest(method: GET, path: "/api/a") { list { owner @inline { id } id } }"#,
            r#"the body would have "id" twice"#,
        ),
        (r#"query A @rest(method: GET, path: "/api/a") { list { kinds @inline } }"#, "needs an object"),
        (
            r#"query A @rest(method: GET, path: "/api/a") { list { id @status(true: 200, false: 201) } }"#,
            "boolean",
        ),
        (
            r#"query A @rest(method: GET, path: "/api/a") @param(name: "z") { list { id } }"#,
            "there is no variable $z",
        ),
        (
            r#"mutation A($input: NewRoom!) @rest(method: GET, path: "/api/a") { createRoom(input: $input) { id } }"#,
            "which only a body can supply",
        ),
        (
            r#"mutation A($p: Upload!) @rest(method: DELETE, path: "/api/a") { hang(id: 1, picture: $p) { id } }"#,
            "$p is an object or a file, which only a body can supply",
        ),
        (
            r#"mutation A @rest(method: POST, path: "/api/a", stream: "No") { signOut }"#,
            "there is no subscription No",
        ),
        (
            r#"query A @rest(method: GET, path: "/api/a") { list { id @inline(suffix: "x") } }"#,
            r#"toys.graphql:1:64: @inline has no argument "suffix""#,
        ),
        (
            r#"query A($id: ID!) @rest(method: GET, path: "/api/{id}") { room(id: $id) { id } }
               query B($x: ID!) @rest(method: GET, path: "/api/{x}") { room(id: $x) { id } }"#,
            "toys.graphql:2:33: GET /api/{x} of B has the path of A in toys.graphql",
        ),
    ];
    for (text, expected) in cases {
        let error = compile(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(expected), "{text}\n{error}\n{expected}");
    }
}

/// Recorded examples, one of an operation that has no route.
const TOY_EXAMPLES: &str = r#"{
  "Rooms": {"parameters": {"page": 2}, "answers": {"200": {"rooms": []}}},
  "Create": {"body": {"name": "Duck"}},
  "Gone": {"answers": {"200": {}}}
}"#;

#[test]
fn openapi_lists_everything() {
    let info = ApiInfo {
        title: "Toys".into(),
        version: "1".into(),
        description: "Toys.".into(),
        server_url: "http://localhost".into(),
        contact: "http://localhost".into(),
        license: "MIT".into(),
        response_bytes: usize::MAX,
        tags: vec![("toys".into(), "All toys.".into())],
        headers: vec![ResponseHeader {
            name: "X-Toy",
            description: "Number of toys.",
            schema: serde_json::json!({"type": "integer"}),
            example: 3.into(),
            required: true,
        }],
        examples: Examples::read(&[("toys.json", TOY_EXAMPLES)]).unwrap(),
    };
    let document = engine().openapi(&info);
    if let Ok(path) = std::env::var("OPENAPI_OUT") {
        std::fs::write(path, document.to_string()).unwrap();
    }
    let rooms = &document["paths"]["/api/rooms"]["get"];
    assert_eq!(rooms["operationId"], "Rooms");
    assert_eq!(rooms["description"], "Lists rooms, newest first.");
    assert_eq!(rooms["parameters"][0]["description"], "Counted from 1.");
    assert_eq!(rooms["parameters"][1]["schema"]["maximum"], 50);
    assert_eq!(rooms["security"], serde_json::json!([]));
    assert_eq!(
        (&rooms["parameters"][0]["example"], &rooms["parameters"][1]["example"]),
        (&2.into(), &Value::Null)
    );
    let found = &rooms["responses"]["200"];
    assert_eq!(found["content"]["application/json"]["example"], serde_json::json!({"rooms": []}));
    let create = &document["paths"]["/api/rooms"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(create["example"], serde_json::json!({"name": "Duck"}));
    assert_eq!(document["components"]["headers"]["X-Toy"]["schema"]["type"], "integer");
    let names = |status: &str| -> Vec<&String> {
        rooms["responses"][status]["headers"].as_object().map(|all| all.keys().collect()).unwrap_or_default()
    };
    assert_eq!(names("200"), ["Cache-Control", "ETag", "X-Toy"]);
    assert_eq!(names("429"), ["Retry-After", "X-Toy"]);
    assert_eq!(names("414"), Vec::<&String>::new(), "the HTTP server gives it by itself");
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["RoomsResult"]["properties"]["rooms"]["items"]["$ref"], "#/components/schemas/Row");
    let row = &schemas["Row"];
    assert_eq!(row["properties"]["ownerId"]["type"], serde_json::json!(["string", "null"]));
    assert_eq!(row["properties"]["kind"]["enum"], serde_json::json!(["ai_only", "hybrid"]));
    assert_eq!(schemas["CreateBody"]["required"], serde_json::json!(["name"]));
    assert_eq!(document["tags"][0]["description"], "All toys.");
    let hang = &document["paths"]["/api/rooms/{id}/picture"]["post"]["requestBody"];
    assert_eq!(hang["content"]["multipart/form-data"]["schema"]["$ref"], "#/components/schemas/HangBody");
    let form = &schemas["HangBody"];
    assert_eq!(form["required"], serde_json::json!(["picture"]));
    assert_eq!(form["properties"]["picture"]["format"], "binary");
    assert_eq!(form["properties"]["caption"]["type"], "string");
    assert_eq!(form["properties"]["more"]["items"]["format"], "binary");
    assert!(hang["content"].get("application/json").is_none());
    assert_eq!(document["paths"]["/api/admin"]["get"]["x-required-role"], "admin");
    assert_eq!(
        document["paths"]["/api/rooms/{id}"]["put"]["responses"]["409"]["x-error-codes"],
        serde_json::json!(["CONFLICT"])
    );
    assert!(document["paths"]["/api/rooms/{id}/join"]["post"]["responses"].get("201").is_some());
    let graphql = &rooms["x-graphql"];
    let text = graphql["document"].as_str().unwrap();
    assert!(text.starts_with("query Rooms("), "{text}");
    assert!(!text.contains("@rest") && !text.contains("@inline"), "{text}");
    assert!(text.contains("\n\nfragment "), "{text}");
    assert!(crate::document::parse(text).is_ok(), "{text}");
    assert_eq!(graphql["variables"]["page"]["in"], "query");
    let room = &document["paths"]["/api/rooms/{id}"]["put"]["x-graphql"];
    assert_eq!(room["variables"]["id"]["names"], serde_json::json!(["id"]));
}

#[test]
fn routes_are_listed() {
    assert!(engine().routes().any(|route| route.1 == "/api/rooms/{room_id}" && route.2 == "Room"));
}
