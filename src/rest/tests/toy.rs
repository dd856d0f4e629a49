//! A toy schema and REST documents for it.

use std::sync::Arc;

use async_graphql::{
    Context, Enum, Error, ErrorExtensions, ID, InputObject, Json, Object, Schema, SimpleObject, Subscription,
    ValidationMode,
    futures_util::{Stream, stream},
};

use super::super::{Bodies, Engine, Source};
use crate::{config::Settings, document::Model, graphql::Upload, transport::form};

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
    /// Name of the toy.
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

pub(super) struct Query;

#[Object]
impl Query {
    /// Lists rooms, newest first.
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

pub(super) struct Mutation;

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

pub(super) struct Events;

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

pub(super) const ROOMS: &str = r#"
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

pub(super) type Toy = Schema<Query, Mutation, Events>;

pub(super) fn compile(text: &str) -> anyhow::Result<Engine<Toy>> {
    let schema = Schema::build(Query, Mutation, Events).validation_mode(ValidationMode::Fast).finish();
    let model = Arc::new(Model::from_sdl(&schema.sdl())?);
    let sources = [Source { name: "toys.graphql".into(), text: text.into() }];
    let engine = Engine::compile(&sources, model, schema, Bodies::new(Settings::default().bodies()))?;
    Ok(engine.with_forms(form::Limits { files: 3, file_bytes: 100 }))
}
