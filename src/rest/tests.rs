//! Each word of the vocabulary, each refusal and their order, on a toy schema.

use std::sync::Arc;

use async_graphql::{
    Context, Enum, Error, ErrorExtensions, ID, InputObject, Json, Object, Request, Schema, SimpleObject,
    Subscription, ValidationMode,
    futures_util::{Stream, stream},
};
use axum::{
    body::{Body, to_bytes},
    http::Request as HttpRequest,
    response::Response,
};

use super::{ApiInfo, Caller, Engine, Refusal, Source};
use crate::{
    document::{Model, ValidateOnly, check},
    domain::Code,
    form,
    graphql::Upload,
};

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Kind {
    AiOnly,
    Hybrid,
}

#[derive(Clone, SimpleObject)]
struct Person {
    id: ID,
    name: Option<String>,
}

#[derive(Clone, SimpleObject)]
struct Room {
    id: ID,
    name: String,
    kind: Kind,
    kinds: Vec<Kind>,
    owner: Option<Person>,
    definition: Json<serde_json::Value>,
}

#[derive(SimpleObject)]
struct Page {
    nodes: Vec<Room>,
    page: i32,
    limit: i32,
    flag: Option<bool>,
    kind: Option<Kind>,
    tags: Vec<String>,
}

#[derive(SimpleObject)]
struct Joined {
    created: bool,
    room: Room,
}

#[derive(InputObject)]
struct NewRoom {
    /// What it is called.
    name: String,
    kind: Option<Kind>,
    #[graphql(default = 7)]
    fee: i32,
    inner: Option<Inner>,
}

#[derive(InputObject)]
struct Inner {
    kind: Kind,
}

fn room(id: &str, name: &str) -> Room {
    let owner = (id != "orphan").then(|| Person { id: "u1".into(), name: None });
    let definition = Json(serde_json::json!({"Kind": "AI_ONLY", "a": [1, 2.5, null]}));
    Room {
        id: id.into(),
        name: name.into(),
        kind: Kind::AiOnly,
        kinds: vec![Kind::Hybrid],
        owner,
        definition,
    }
}

struct Query;

#[Object]
impl Query {
    /// Rooms, newest first.
    async fn rooms(
        &self,
        #[graphql(desc = "Counted from 1.")] page: Option<i32>,
        limit: Option<i32>,
        flag: Option<bool>,
        kind: Option<Kind>,
        tags: Option<Vec<String>>,
    ) -> Page {
        let nodes = vec![room("r1", "line\n\"quoted\"\u{1}")];
        Page {
            nodes,
            page: page.unwrap_or(1),
            limit: limit.unwrap_or(20),
            flag,
            kind,
            tags: tags.unwrap_or_default(),
        }
    }

    async fn room(&self, id: ID) -> Option<Room> {
        (id != "none").then(|| room(&id, "a"))
    }

    async fn list(&self) -> Vec<Room> {
        vec![room("r1", "a"), room("orphan", "b")]
    }

    async fn header(&self, key: String) -> String {
        key
    }

    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn fail(&self, ctx: &Context<'_>, code: String) -> Result<bool, Error> {
        ctx.append_http_header("set-cookie", "a=b");
        Err(Error::new("No").extend_with(|_, e| {
            if code != "bare" {
                e.set("code", code);
                e.set("field", "x");
                e.set("retryAfter", 9);
            }
        }))
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn create_room(&self, input: NewRoom) -> Room {
        let kind = input.inner.map(|inner| inner.kind).or(input.kind).unwrap_or(Kind::AiOnly);
        Room { kind, ..room(&input.fee.to_string(), &input.name) }
    }

    async fn rename(&self, id: ID, name: Option<String>, agent: Option<String>, fee: Option<i32>) -> Room {
        room(&id, &format!("{name:?} {agent:?} {fee:?}"))
    }

    async fn hang(
        &self,
        id: ID,
        picture: Upload,
        caption: Option<String>,
        more: Option<Vec<Upload>>,
    ) -> Room {
        let more: Vec<_> = more.unwrap_or_default().into_iter().map(|Upload(bytes)| bytes.len()).collect();
        room(&id, &format!("{} {caption:?} {more:?}", picture.0.len()))
    }

    async fn delete_room(&self, id: ID) -> bool {
        id == "r1"
    }

    async fn join(&self, id: ID, created: Option<bool>) -> Joined {
        Joined { created: created.unwrap_or(true), room: room(&id, "a") }
    }

    async fn sign_out(&self) -> bool {
        true
    }
}

#[derive(SimpleObject)]
struct Event {
    #[graphql(name = "type")]
    kind: String,
    id: ID,
    who: i32,
}

struct Events;

#[Subscription]
impl Events {
    async fn events(
        &self,
        ctx: &Context<'_>,
        id: ID,
        flag: Option<bool>,
    ) -> impl Stream<Item = Result<Event, Error>> {
        let who = ctx.data_opt::<i32>().copied().unwrap_or_default();
        let event = Event { kind: format!("meta{flag:?}"), id, who };
        stream::iter([Ok(event), Err(Error::new("broken"))])
    }
}

const ROOMS: &str = r#"
query Rooms($page: Int = 1, $limit: Int = 20, $flag: Boolean, $kind: Kind, $tags: [String!])
@rest(method: GET, path: "/api/rooms", auth: NONE, summary: "All rooms", tag: "toys")
@param(name: "limit", from: ["limit", "per_page"], min: 1, max: 50) {
  rooms(page: $page, limit: $limit, flag: $flag, kind: $kind, tags: $tags) @inline {
    rooms: nodes { ...Row }
    page limit flag kind tags
  }
}
fragment Row on Room {
  id title: name kind kinds definition
  owner @inline(prefix: "owner") { id name }
}
query Room($roomId: ID!) @rest(method: GET, path: "/api/rooms/{room_id}", missing: "Room not found") {
  room(id: $roomId) @inline { id name @hidden owner { id } owner { name } }
}
query Maybe($id: ID!) @rest(method: GET, path: "/api/maybe/{id}", auth: NONE, missing: null, missingStatus: 401) {
  room(id: $id) @inline { id }
}
query Empty($id: ID!) @rest(method: GET, path: "/api/empty/{id}", auth: NONE, missing: {members: []}) {
  room(id: $id) @inline { id }
}
query Bare @rest(method: GET, path: "/api/bare", auth: NONE) { list @inline { ...Row } }
query Header($key: String!) @rest(method: GET, path: "/api/header", auth: NONE)
@param(name: "key", header: "X-Key") { header(key: $key) }
query Fail($code: String!) @rest(method: GET, path: "/api/auth/fail/{code}", auth: NONE) { fail(code: $code) }
query Admin @rest(method: GET, path: "/api/admin", auth: ADMIN, deprecated: true) { list @hidden { id } }
mutation Create($input: NewRoom!) @rest(method: POST, path: "/api/rooms", status: 201)
@param(name: "fee", min: 0) {
  createRoom(input: $input) @inline { id name kind }
}
mutation Rename($id: ID!, $name: String!, $agent: String, $fee: Int)
@rest(method: PUT, path: "/api/rooms/{id}", errors: [CONFLICT], body: {success: true})
@param(name: "agent", from: ["listingId", "agentId", "agent_id"])
@param(name: "fee", default: 3, min: 0) {
  rename(id: $id, name: $name, agent: $agent, fee: $fee) { name }
}
mutation Delete($id: ID!) @rest(method: DELETE, path: "/api/rooms/{id}", status: 204) { deleteRoom(id: $id) }
mutation Join($id: ID!, $created: Boolean) @rest(method: POST, path: "/api/rooms/{id}/join") {
  join(id: $id, created: $created) @inline { created @hidden @status(true: 201, false: 200) room { id } }
}
mutation SignOut @rest(method: POST, path: "/api/auth/out", auth: NONE, body: {success: true}) { signOut @hidden }
mutation Ask($id: ID!) @rest(method: POST, path: "/api/rooms/{id}/ask", stream: "Answer") {
  join(id: $id) { room { id } }
}
mutation Hang($id: ID!, $picture: Upload!, $caption: String, $more: [Upload!])
@rest(method: POST, path: "/api/rooms/{id}/picture") {
  hang(id: $id, picture: $picture, caption: $caption, more: $more) @inline { name }
}
subscription Answer($id: ID!, $flag: Boolean) { events(id: $id, flag: $flag) @inline { type id who } }
"#;

type Toy = Schema<Query, Mutation, Events>;

fn compile(text: &str) -> anyhow::Result<Engine<Toy>> {
    let schema = Schema::build(Query, Mutation, Events).validation_mode(ValidationMode::Fast).finish();
    let model = Arc::new(Model::from_sdl(&schema.sdl())?);
    let sources = [Source { name: "toys.graphql".into(), text: text.into() }];
    let strict = Schema::build(Query, Mutation, Events).extension(ValidateOnly).finish();
    let engine = Engine::compile(&sources, model, &*check(strict), schema, 10 << 20)?;
    Ok(engine.with_forms(form::Limits { files: 3, file_bytes: 100 }))
}

fn engine() -> Engine<Toy> {
    compile(ROOMS).unwrap()
}

struct Said {
    status: u16,
    text: String,
    headers: axum::http::HeaderMap,
}

async fn said(response: Response) -> Said {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Said {
        status: parts.status.as_u16(),
        text: String::from_utf8(bytes.to_vec()).unwrap(),
        headers: parts.headers,
    }
}

async fn send(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Said {
    let mut request = HttpRequest::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.into()).unwrap();
    let response = engine()
        .handle(request, |parts, lenient| {
            let role = parts.headers.get("role").map(|role| role.to_str().unwrap().to_owned());
            async move {
                match role.as_deref() {
                    Some("banned") if !lenient => Err(Refusal::new(Code::AccountBanned, "Banned")),
                    Some("limited") => {
                        let mut refusal = Refusal::new(Code::RateLimited, "Slow down");
                        refusal.retry_after = Some(3);
                        Err(refusal)
                    }
                    role => Ok(Caller {
                        signed_in: role.is_some() && role != Some("anon"),
                        admin: role == Some("admin"),
                        request: Request::new("").data(42_i32),
                    }),
                }
            }
        })
        .await;
    said(response).await
}

async fn get(path: &str) -> Said {
    send("GET", path, &[("role", "user")], "").await
}

async fn post(path: &str, body: &str) -> Said {
    send("POST", path, &[("role", "user"), ("content-type", "application/json")], body.to_owned()).await
}

fn is(said: &Said, status: u16, text: &str) {
    assert_eq!((said.status, said.text.as_str()), (status, text));
}

#[tokio::test]
async fn lifts_prefixes_renames_and_lowers() {
    let row = r#"{"id":"r1","title":"line\n\"quoted\"\u0001","kind":"ai_only","kinds":["hybrid"],"definition":{"Kind":"AI_ONLY","a":[1,2.5,null]},"ownerId":"u1","ownerName":null}"#;
    let page = get("/api/rooms").await;
    is(&page, 200, &format!(r#"{{"rooms":[{row}],"page":1,"limit":20,"flag":null,"kind":null,"tags":[]}}"#));
    let bare = get("/api/bare").await;
    assert!(bare.text.starts_with("[{\"id\":\"r1\""), "{}", bare.text);
    assert!(bare.text.ends_with(r#""ownerId":null,"ownerName":null}]"#), "{}", bare.text);
    is(&get("/api/rooms/a%20b").await, 200, r#"{"id":"a b","owner":{"id":"u1","name":null}}"#);
}

#[tokio::test]
async fn reads_the_query_by_type() {
    let page = get("/api/rooms?page=3&per_page=500&flag=1&kind=hybrid&tags=a&tags=b&unknown=x").await;
    assert!(
        page.text.ends_with(r#""page":3,"limit":50,"flag":true,"kind":"hybrid","tags":["a","b"]}"#),
        "{}",
        page.text
    );
    assert!(get("/api/rooms?limit=-99999999999999999999").await.text.contains(r#""limit":1,"#));
    is(
        &get("/api/rooms?page=x").await,
        400,
        r#"{"error":"Invalid value for \"page\": must be an integer","code":"INVALID","field":"page"}"#,
    );
    for bad in ["limit=ten", "limit=", "page=99999999999", "flag=maybe", "kind=none", "tags=%00", "page=1.5"]
    {
        let bad = get(&format!("/api/rooms?{bad}")).await;
        assert_eq!(bad.status, 400, "{}", bad.text);
    }
    is(&get("/api/header").await, 400, r#"{"error":"Missing \"x-key\"","code":"INVALID","field":"x-key"}"#);
    is(&send("GET", "/api/header", &[("X-Key", "k")], "").await, 200, r#"{"header":"k"}"#);
    assert_eq!(get("/api/rooms/%ff").await.status, 400);
    assert_eq!(get("/api/rooms/%2").await.status, 400);
    assert_eq!(get("/api/rooms/%00").await.status, 400);
}

#[tokio::test]
async fn reads_the_body_by_type() {
    is(
        &post("/api/rooms", r#"{"name":"n","kind":"hybrid","x":1}"#).await,
        201,
        r#"{"id":"7","name":"n","kind":"hybrid"}"#,
    );
    is(
        &post("/api/rooms", r#"{"name":"n","kind":null,"fee":-5.0,"inner":{"kind":"Hybrid"}}"#).await,
        201,
        r#"{"id":"0","name":"n","kind":"hybrid"}"#,
    );
    is(
        &post("/api/rooms", "{}").await,
        422,
        r#"{"error":"Missing \"name\"","code":"UNPROCESSABLE","field":"name"}"#,
    );
    assert_eq!(post("/api/rooms", "").await.status, 422);
    is(
        &post("/api/rooms", r#"{"name":"n","fee":true}"#).await,
        422,
        r#"{"error":"Invalid value for \"fee\": must be an integer","code":"UNPROCESSABLE","field":"fee"}"#,
    );
    for bad in [
        r#"{"name":1}"#,
        r#"{"name":"n","fee":1.5}"#,
        r#"{"name":"n","fee":9999999999}"#,
        r#"{"name":"n","kind":"no"}"#,
        "[]",
        "null",
        "7",
    ] {
        let bad = post("/api/rooms", bad).await;
        assert_eq!(bad.status, 422, "{}", bad.text);
    }
    let bad = post("/api/rooms", r#"{"a":}"#).await;
    is(
        &bad,
        400,
        r#"{"error":"Body is not valid JSON: expected value at line 1 column 6","code":"INVALID"}"#,
    );
    for bad in [
        r#"{"name":"a\u0000"}"#.to_owned(),
        format!("{}1", "{\"a\":".repeat(5000)),
        "\u{0}".into(),
        r#"{"name":"\ud800"}"#.into(),
    ] {
        assert_eq!(post("/api/rooms", &bad).await.status, 400);
    }
    let form = [("role", "user"), ("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(send("POST", "/api/rooms", &form, "name=a&fee=2").await.status, 415);
    assert_eq!(send("POST", "/api/rooms", &[("role", "user")], "{}").await.status, 415);
    let large = send("POST", "/api/rooms", &[("role", "user")], vec![b' '; 11 << 20]).await;
    assert_eq!(large.status, 413);
    let big = send("POST", "/api/rooms", &[("role", "user"), ("content-type", "text/plain")], "hi").await;
    assert_eq!(big.status, 415);
}

/// A form of these parts: the name, the file's name if it is one, the content.
async fn post_form(parts: &[(&str, Option<&str>, &str)]) -> Said {
    let part = |(name, file, content): &(&str, Option<&str>, &str)| {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
    };
    let body = parts.iter().map(part).collect::<String>() + "--x--\r\n";
    let headers = [("role", "user"), ("content-type", "multipart/form-data; boundary=x")];
    send("POST", "/api/rooms/r1/picture", &headers, body).await
}

#[tokio::test]
async fn files_come_in_forms() {
    let picture = ("picture", Some("a.png"), "12345");
    is(&post_form(&[picture]).await, 200, r#"{"name":"5 None []"}"#);
    let all = [
        ("caption", None, "a b"),
        picture,
        ("more", Some("b"), "1"),
        ("more", Some("c"), "22"),
        ("other", None, "?"),
    ];
    is(&post_form(&all).await, 200, r#"{"name":"5 Some(\"a b\") [1, 2]"}"#);
    // One of many is a list of one; a text is no file, a file no text.
    is(&post_form(&[picture, ("more", Some("b"), "1")]).await, 200, r#"{"name":"5 None [1]"}"#);
    let missing = r#"{"error":"Missing \"picture\"","code":"UNPROCESSABLE","field":"picture"}"#;
    is(&post_form(&[("caption", None, "x")]).await, 422, missing);
    for parts in [
        &[("picture", None, "text")][..],
        &[("picture", None, "#__graphql_file__:0")],
        &[picture, ("caption", Some("a"), "x")],
        &[picture, picture],
    ] {
        assert_eq!(post_form(parts).await.status, 422, "{parts:?}");
    }
    let long = "x".repeat(101);
    for parts in [&[("picture", Some("a"), long.as_str())][..], &[picture, picture, picture, picture]] {
        assert_eq!(post_form(parts).await.status, 413);
    }
    assert_eq!(post_form(&[picture, ("caption", None, "a\0b")]).await.status, 400);
    let json = [("role", "user"), ("content-type", "application/json")];
    assert_eq!(send("POST", "/api/rooms/r1/picture", &json, r#"{"picture":"x"}"#).await.status, 415);
    is(&send("POST", "/api/rooms/r1/picture", &json[..1], "").await, 422, missing);
    // Where no file is taken, no form is.
    let form = [("role", "user"), ("content-type", "multipart/form-data; boundary=x")];
    assert_eq!(send("POST", "/api/rooms", &form, "--x--\r\n").await.status, 415);
    assert_eq!(send("POST", "/api/rooms/r1/picture", &[form[1]], "--x--\r\n").await.status, 401);
}

#[tokio::test]
async fn params_have_aliases_and_defaults() {
    let put = |method: &'static str, body: &'static str| {
        send(
            method,
            "/api/v1/rooms/r1",
            &[("role", "user"), ("content-type", "application/problem+json")],
            body,
        )
    };
    let expected = r#"{"success":true,"rename":{"name":"Some(\"n\") Some(\"z\") Some(3)"}}"#;
    is(&put("PUT", r#"{"name":"n","agent_id":"z","agent":"no"}"#).await, 200, expected);
    is(&put("PATCH", r#"{"name":"n","agentId":"z","agent_id":"y","fee":3}"#).await, 200, expected);
    let put = put("PUT", r#"{"agentId":"z"}"#).await;
    assert_eq!(put.status, 422);
}

#[tokio::test]
async fn statuses() {
    let gone = send("DELETE", "/api/rooms/r1", &[("role", "user")], "").await;
    is(&gone, 204, "");
    is(&send("POST", "/api/rooms/r/join", &[("role", "user")], "").await, 201, r#"{"room":{"id":"r"}}"#);
    is(&post("/api/rooms/r/join", r#"{"created":false}"#).await, 200, r#"{"room":{"id":"r"}}"#);
    is(&get("/api/rooms/none").await, 404, r#"{"error":"Room not found","code":"NOT_FOUND"}"#);
    is(&get("/api/maybe/none").await, 401, "null");
    is(&get("/api/empty/none").await, 200, r#"{"members":[]}"#);
    is(&post("/api/auth/out", "garbage").await, 200, r#"{"success":true}"#);
}

#[tokio::test]
async fn refusals_come_in_order() {
    is(&get("/api/nowhere").await, 404, r#"{"error":"Not found","code":"NOT_FOUND"}"#);
    let wrong = send("POST", "/api/rooms/x", &[("role", "limited")], "").await;
    is(&wrong, 405, r#"{"error":"Method not allowed","code":"METHOD_NOT_ALLOWED"}"#);
    assert_eq!(wrong.headers["allow"], "GET, PUT, DELETE, HEAD, PATCH");
    let large = vec![b' '; 11 << 20];
    assert_eq!(send("POST", "/api/rooms", &[("role", "limited")], large).await.status, 413);
    let limited = send("POST", "/api/rooms", &[("role", "limited")], "x").await;
    assert_eq!((limited.status, limited.headers["retry-after"].to_str().unwrap()), (429, "3"));
    is(
        &send("POST", "/api/rooms", &[], "x").await,
        401,
        r#"{"error":"Unauthorized","code":"UNAUTHENTICATED"}"#,
    );
    assert_eq!(send("GET", "/api/rooms", &[("role", "banned")], "").await.status, 403);
    assert_eq!(send("POST", "/api/auth/out", &[("role", "banned")], "").await.status, 200);
    assert_eq!(send("GET", "/api/admin", &[], "").await.status, 401);
    is(&get("/api/admin").await, 403, r#"{"error":"Admin only","code":"FORBIDDEN"}"#);
    is(&send("GET", "/api/admin", &[("role", "admin")], "").await, 200, "{}");
}

#[tokio::test]
async fn errors_keep_code_field_and_cookies() {
    let failed = get("/api/v1/auth/fail/RATE_LIMITED").await;
    is(&failed, 429, r#"{"error":"No","code":"RATE_LIMITED","field":"x","message":"No"}"#);
    assert_eq!(
        (failed.headers["set-cookie"].to_str().unwrap(), failed.headers["retry-after"].to_str().unwrap()),
        ("a=b", "9")
    );
    assert_eq!(get("/api/auth/fail/bare").await.status, 400);
    let odd = get("/api/auth/fail/ODD").await;
    assert_eq!(odd.status, 500);
    assert!(odd.text.contains("Internal error"));
}

#[tokio::test]
async fn answers_of_get_are_cached_by_tag() {
    let first = get("/api/rooms").await;
    let tag = first.headers["etag"].to_str().unwrap();
    assert_eq!(first.headers["cache-control"], "no-cache");
    assert_eq!(get("/api/rooms/r").await.headers["cache-control"], "private, no-cache");
    let again = send("GET", "/api/rooms", &[("if-none-match", tag)], "").await;
    is(&again, 304, "");
    assert_eq!(again.headers["etag"], tag);
    let head = send("HEAD", "/api/rooms", &[], "").await;
    is(&head, 200, "");
    assert_eq!(head.headers["content-length"], first.text.len().to_string().as_str());
    assert_eq!(send("HEAD", "/api/nowhere", &[], "").await.text, "");
}

#[tokio::test]
async fn a_mutation_feeds_a_stream() {
    let stream = post("/api/rooms/r9/ask", r#"{"flag":true}"#).await;
    assert_eq!(stream.headers["content-type"], "text/event-stream");
    is(
        &stream,
        200,
        "data: {\"type\":\"metaSome(true)\",\"id\":\"r9\",\"who\":42}\n\ndata: {\"type\":\"error\",\"message\":\"broken\"}\n\n",
    );
}

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
            r#"toys.graphql:1:44: @rest knows no "oops""#,
        ),
        (r#"query A @rest(method: "GET", path: "/api/a") { list { id } }"#, "a word without quotes"),
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
            "which nothing but a body can supply",
        ),
        (
            r#"mutation A($p: Upload!) @rest(method: DELETE, path: "/api/a") { hang(id: 1, picture: $p) { id } }"#,
            "$p is an object or a file, which nothing but a body can supply",
        ),
        (
            r#"mutation A @rest(method: POST, path: "/api/a", stream: "No") { signOut }"#,
            "there is no subscription No",
        ),
        (
            r#"query A @rest(method: GET, path: "/api/a") { list { id @inline(suffix: "x") } }"#,
            r#"toys.graphql:1:64: @inline knows no "suffix""#,
        ),
        (
            r#"query A($id: ID!) @rest(method: GET, path: "/api/{id}") { room(id: $id) { id } }
               query B($x: ID!) @rest(method: GET, path: "/api/{x}") { room(id: $x) { id } }"#,
            "toys.graphql:2:33: GET /api/{x} of B hangs there already: A in toys.graphql",
        ),
    ];
    for (text, expected) in cases {
        let error = compile(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(expected), "{text}\n{error}\n{expected}");
    }
}

#[test]
fn openapi_lists_everything() {
    let info = ApiInfo {
        title: "Toys".into(),
        version: "1".into(),
        description: "Toys.".into(),
        server_url: "http://localhost".into(),
    };
    let document = engine().openapi(&info);
    if let Ok(path) = std::env::var("OPENAPI_OUT") {
        std::fs::write(path, document.to_string()).unwrap();
    }
    let rooms = &document["paths"]["/api/rooms"]["get"];
    assert_eq!(rooms["operationId"], "Rooms");
    assert_eq!(rooms["description"], "Rooms, newest first.");
    assert_eq!(rooms["parameters"][0]["description"], "Counted from 1.");
    assert_eq!(rooms["parameters"][1]["schema"]["maximum"], 50);
    assert_eq!(rooms["security"], serde_json::json!([]));
    let row =
        &rooms["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["rooms"]["items"];
    assert_eq!(row["properties"]["ownerId"]["type"], serde_json::json!(["string", "null"]));
    assert_eq!(row["properties"]["kind"]["enum"], serde_json::json!(["ai_only", "hybrid"]));
    let create = &document["paths"]["/api/rooms"]["post"];
    assert_eq!(
        create["requestBody"]["content"]["application/json"]["schema"]["required"],
        serde_json::json!(["name"])
    );
    let hang = &document["paths"]["/api/rooms/{id}/picture"]["post"]["requestBody"];
    let form = &hang["content"]["multipart/form-data"]["schema"];
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
}

#[test]
fn routes_are_listed() {
    assert!(engine().routes().any(|route| route.1 == "/api/rooms/{room_id}" && route.2 == "Room"));
}
