//! Messages that arrive at once are posted in one transaction, and each of them as if it came alone.

use std::pin::pin;

use entity::{conversation_event, message, user};
use futures_util::{future::join_all, poll};
use plaza::{
    database::Transaction,
    domain::{
        IdempotencyKey, User,
        conversations::{self, MessageRow, NewMessage, Target, find_readable},
    },
    error::{Code, Error, Result},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QueryOrder, Statement,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::{chat, text};
use crate::support::{Caller, Program, Server, TestPostgres, on_both};

/// A community with these members.
async fn club(owner: &Caller, members: &[&Caller]) -> String {
    let made = owner.post("/api/communities", json!({ "name": "Chess" })).await;
    let id = text(&made.json["id"]).to_owned();
    for member in members {
        assert_eq!(member.post_empty(&format!("/api/communities/{id}/join")).await.status, 200);
    }
    id
}

async fn user(server: &Server, caller: &Caller) -> User {
    let found = user::Entity::find_by_id(&caller.id).one(server.app.db.read()).await;
    found.expect("reads").expect("an account")
}

async fn room(server: &Server, member: &User, club: &str) -> Uuid {
    let target = Target::Room(club.parse().expect("an id"));
    let seat = find_readable(&server.app, member, &target).await.expect("reads");
    seat.expect("a room").into_readable().id
}

/// A transaction that keeps everybody else from writing into a conversation.
async fn hold(server: &Server, conversation: Uuid) -> Transaction {
    let tx = server.app.db.begin().await.expect("begins");
    let sql = format!("UPDATE conversations SET last_seq = last_seq WHERE scope <> '{conversation}'");
    tx.execute_unprepared(&sql).await.expect("locks");
    tx
}

async fn post(
    server: &Server,
    author: &User,
    room: Uuid,
    content: &str,
    key: Option<&str>,
) -> Result<MessageRow> {
    let new = NewMessage {
        target: Target::Conversation(room),
        content: content.to_owned(),
        client_key: key.map(str::to_owned),
        reply_to: None,
    };
    conversations::post(&server.app, author, new).await
}

/// The messages of a conversation, and the numbers of its events.
async fn stored(server: &Server, room: Uuid) -> (Vec<message::Model>, Vec<i64>) {
    let messages = message::Entity::find()
        .filter(message::Column::ConversationId.eq(room))
        .order_by_asc(message::Column::Number)
        .all(server.app.db.read())
        .await
        .expect("reads");
    let events = conversation_event::Entity::find()
        .filter(conversation_event::Column::ConversationId.eq(room))
        .order_by_asc(conversation_event::Column::Seq)
        .all(server.app.db.read())
        .await
        .expect("reads");
    (messages, events.into_iter().map(|event| event.seq).collect())
}

/// Counts from 1 without gaps.
#[track_caller]
fn assert_counts(numbers: impl IntoIterator<Item = i64>, up_to: usize) {
    let numbers: Vec<i64> = numbers.into_iter().collect();
    let all: Vec<i64> = (1..).take(up_to).collect();
    assert_eq!(numbers, all);
}

#[track_caller]
fn code(result: &Result<MessageRow>) -> Code {
    result.as_ref().expect_err("is refused").code()
}

on_both! {
    async fn sixty_four_at_once_are_in_one_order(server: Server) {
        let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
        let club = club(&ann, &[&bob]).await;
        let (ann, bob) = (user(&server, &ann).await, user(&server, &bob).await);
        let room = room(&server, &ann, &club).await;
        let before = stored(&server, room).await;
        let holder = hold(&server, room).await;
        let texts: Vec<String> = (0..64).map(|number| format!("message {number}")).collect();
        let authors = [&ann, &bob];
        let posts = texts.iter().enumerate().map(|(at, text)| post(&server, authors[at % 2], room, text, None));
        let mut posts = pin!(join_all(posts));
        assert!(poll!(&mut posts).is_pending());
        server.statements();
        holder.commit().await.expect("commits");
        let posted: Vec<MessageRow> = posts.await.into_iter().map(|posted| posted.expect("is posted")).collect();
        let inserts = server.statements();
        let inserts = inserts.iter().filter(|sql| sql.contains("INSERT INTO \"messages\"")).count();
        assert!((1..=2).contains(&inserts), "{inserts} statements insert the messages");
        let (messages, events) = stored(&server, room).await;
        assert_counts(messages.iter().map(|message| message.number), 64);
        assert_counts(events, before.1.len() + 64);
        // In the order in which they arrived, each later than the one before.
        assert!(messages.iter().map(|message| &message.content).eq(&texts));
        assert!(messages.windows(2).all(|pair| pair[0].created_at < pair[1].created_at));
        for (message, row) in messages.iter().zip(&posted) {
            assert_eq!(message, &row.message);
        }
        let names: Vec<_> = posted.iter().take(2).map(|row| row.author.as_ref().expect("an author").name.as_str()).collect();
        assert_eq!(names, ["Ann", "Bob"]);
    }

    async fn a_refusal_is_that_of_one(server: Server) {
        let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
        let eve = server.member("Eve").await;
        let club = club(&ann, &[&bob, &eve]).await;
        let (ann, bob, eve) = (user(&server, &ann).await, user(&server, &bob).await, user(&server, &eve).await);
        let room = room(&server, &ann, &club).await;
        let holder = hold(&server, room).await;
        let posts = [
            post(&server, &ann, room, "one", None),
            post(&server, &eve, room, "refused", Some("key")),
            post(&server, &bob, room, "two", None),
            post(&server, &ann, room, "", None),
            post(&server, &ann, room, "three", None),
        ];
        let mut posts = pin!(join_all(posts));
        assert!(poll!(&mut posts).is_pending());
        // Eve's membership ends while her message waits.
        let gone = format!("DELETE FROM memberships WHERE user_id = '{}'", eve.id);
        holder.execute_unprepared(&gone).await.expect("deletes");
        holder.commit().await.expect("commits");
        let posted = posts.await;
        assert_eq!((code(&posted[1]), code(&posted[3])), (Code::Forbidden, Code::Invalid));
        let numbers = [0, 2, 4].map(|at: usize| posted[at].as_ref().expect("is posted").message.number);
        assert_eq!(numbers, [1, 2, 3]);
        assert_counts(stored(&server, room).await.0.iter().map(|message| message.number), 3);
    }

    async fn one_client_key_is_one_message(server: Server) {
        let ann = server.member("Ann").await;
        let club = club(&ann, &[]).await;
        let ann = user(&server, &ann).await;
        let room = room(&server, &ann, &club).await;
        let holder = hold(&server, room).await;
        let posts = [("one", "a"), ("one again", "a"), ("two", "b"), ("one at last", "a")]
            .map(|(content, key)| post(&server, &ann, room, content, Some(key)));
        let mut posts = pin!(join_all(posts));
        assert!(poll!(&mut posts).is_pending());
        holder.commit().await.expect("commits");
        // Only the database reads the words of a message, so a stored one is read without them.
        let posted = posts.await.into_iter().map(|posted| posted.expect("is posted").message);
        let posted: Vec<_> =
            posted.map(|message| message::Model { search_text: String::new(), ..message }).collect();
        assert_eq!((&posted[1], &posted[3]), (&posted[0], &posted[0]));
        let (messages, _) = stored(&server, room).await;
        assert!(messages.iter().map(|message| message.content.as_str()).eq(["one", "two"]));
        // Long after, too.
        let again = post(&server, &ann, room, "one", Some("a")).await.expect("is posted");
        assert_eq!(again.message, posted[0]);
        assert_counts(stored(&server, room).await.0.iter().map(|message| message.number), 2);
    }

    async fn one_idempotency_key_is_one_message(server: Server) {
        let (ann, eve) = (server.member("Ann").await, server.member("Eve").await);
        let club = club(&ann, &[&eve]).await;
        let (ann, eve) = (user(&server, &ann).await, user(&server, &eve).await);
        let room = room(&server, &ann, &club).await;
        let send = |author, content: &'static str, key: &str| {
            IdempotencyKey::scope(Some(IdempotencyKey::new(key.to_owned(), content)), post(&server, author, room, content, None))
        };
        let holder = hold(&server, room).await;
        let posts = [
            send(&ann, "one", "k"),
            send(&ann, "one", "k"),
            send(&eve, "hers", "k"),
            send(&ann, "another", "k"),
            send(&ann, "two", "l"),
        ];
        let mut posts = pin!(join_all(posts));
        assert!(poll!(&mut posts).is_pending());
        holder.commit().await.expect("commits");
        let posted = posts.await;
        let message = |at: usize| &posted[at].as_ref().expect("is posted").message;
        assert_eq!(message(0), message(1));
        assert_eq!(code(&posted[3]), Code::IdempotencyMismatch);
        let (messages, _) = stored(&server, room).await;
        assert!(messages.iter().map(|message| message.content.as_str()).eq(["one", "hers", "two"]));
        assert_eq!((message(2), message(4)), (&messages[1], &messages[2]));
        // A retry is judged as a new request first; a refusal keeps no key.
        let again = send(&ann, "one", "k").await.expect("is posted").message;
        assert_eq!(&again, message(0));
        let sql = format!("DELETE FROM memberships WHERE user_id = '{}'", eve.id);
        server.app.db.write().execute_unprepared(&sql).await.expect("deletes");
        assert_eq!(code(&send(&eve, "hers", "k").await), Code::Forbidden);
        assert_eq!(code(&send(&eve, "more", "m").await), Code::Forbidden);
        let sql = "SELECT COUNT(*) FROM idempotency_keys WHERE key = 'm'";
        let kept = Statement::from_string(server.app.db.backend(), sql);
        let kept = server.app.db.read().query_one_raw(kept).await.expect("reads").expect("a row");
        assert_eq!(kept.try_get_by_index::<i64>(0).expect("a number"), 0);
        assert_counts(stored(&server, room).await.0.iter().map(|message| message.number), 3);
    }

    async fn a_batch_that_fails_is_tried_one_by_one(server: Server) {
        let ann = server.member("Ann").await;
        let club = club(&ann, &[]).await;
        let ann = user(&server, &ann).await;
        let room = room(&server, &ann, &club).await;
        let posted = post_with_a_poisoned_one(&server, &ann, room).await;
        assert!(posted[1].as_ref().expect_err("fails").is_failure());
        let (messages, _) = stored(&server, room).await;
        assert_counts(messages.iter().map(|message| message.number), 3);
        for at in [0, 2, 3] {
            assert!(messages.contains(&posted[at].as_ref().expect("is posted").message));
        }
    }

    async fn one_who_leaves_takes_no_message_along(server: Server) {
        let ann = server.member("Ann").await;
        let club = club(&ann, &[]).await;
        let ann = user(&server, &ann).await;
        let room = room(&server, &ann, &club).await;
        let holder = hold(&server, room).await;
        let mut leaves = Box::pin(post(&server, &ann, room, "left", None));
        let mut stays = pin!(join_all(["one", "two"].map(|text| post(&server, &ann, room, text, None))));
        assert!(poll!(&mut leaves).is_pending());
        assert!(poll!(&mut stays).is_pending());
        drop(leaves);
        holder.commit().await.expect("commits");
        assert!(stays.await.iter().all(Result::is_ok));
        // Whether the first of them was in time does not matter to the others.
        let (messages, _) = stored(&server, room).await;
        assert_counts(messages.iter().map(|message| message.number), messages.len());
        assert!(messages.iter().filter(|message| message.content != "left").count() == 2);
    }

    async fn conversations_of_all_kinds_are_posted_at_once(server: Server) {
        let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
        let club = club(&ann, &[&bob]).await;
        let session = chat(&ann, std::slice::from_ref(&bob)).await;
        let official = json!({ "name": "Help", "type": "official", "csMode": "human_only" });
        let made = ann.post("/api/communities", official).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/api/communities/{}/start-chat", text(&made.json["id"]));
        let support = bob.post_empty(&path).await;
        let support = text(&support.json["conversationId"]).to_owned();
        let rooms = [format!("/api/communities/{club}"), format!("/api/conversations/{session}"), format!("/api/conversations/{support}")];
        server.statements();
        let posts = (0..60).map(|number| {
            let path = format!("{}/messages", rooms[number % 3]);
            let bob = &bob;
            async move { bob.post(&path, json!({ "content": format!("{number}: write to bob@example.com") })).await }
        });
        let answers = join_all(posts).await;
        for answer in &answers {
            assert_eq!(answer.status, 201, "{}", answer.text);
        }
        for path in &rooms {
            let page = bob.get(&format!("{path}/messages?limit=100")).await;
            let rows = page.json["messages"].as_array().unwrap_or_else(|| panic!("{}", page.text)).len();
            let system = page.text.matches("\"system\"").count();
            assert_eq!(rows - system, 20, "{}", page.text);
        }
        // Each request was part of a batch.
        let alone = server.statements();
        let alone = alone.iter().filter(|sql| sql.starts_with("UPDATE \"conversations\"") && sql.contains("RETURNING")).count();
        assert_eq!(alone, 0, "{alone} messages were posted alone");
    }
}

/// A trigger that refuses one text.
fn poison(backend: DatabaseBackend) -> &'static [&'static str] {
    match backend {
        DatabaseBackend::Postgres => &[
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF new.content = 'poison' THEN RAISE EXCEPTION 'poison'; END IF; RETURN new; END $$",
            "CREATE TRIGGER poison BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION poison()",
        ],
        _ => &["CREATE TRIGGER poison BEFORE INSERT ON messages WHEN new.content = 'poison' \
                BEGIN SELECT RAISE(ABORT, 'poison'); END"],
    }
}

/// Posts four messages at once, the second of which the database refuses.
async fn post_with_a_poisoned_one(server: &Server, author: &User, room: Uuid) -> Vec<Result<MessageRow>> {
    for sql in poison(server.app.db.backend()) {
        server.app.db.write().execute_unprepared(sql).await.expect("a trigger");
    }
    let holder = hold(server, room).await;
    let texts = ["one", "poison", "two", "three"];
    let mut posts = pin!(join_all(texts.map(|text| post(server, author, room, text, None))));
    assert!(poll!(&mut posts).is_pending());
    holder.commit().await.expect("commits");
    posts.await
}

/// Posts `count` messages one after another. Returns their numbers.
async fn write(caller: Caller, club: String, name: &'static str, count: usize) -> Vec<i64> {
    let mut numbers = Vec::new();
    let query = "mutation($c: ID!, $t: String!) { postMessage(input: { communityId: $c, content: $t }) { message { number } } }";
    for number in 0..count {
        let variables = json!({ "c": club, "t": format!("{name} {number}") });
        let answer = caller.graphql(query, variables).await;
        let number = answer.json["data"]["postMessage"]["message"]["number"].as_i64();
        numbers.push(number.unwrap_or_else(|| panic!("{}", answer.text)));
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_post_into_one_room() {
    let Some(postgres) = TestPostgres::migrated().await else { return };
    let folder = TempDir::new().expect("a folder");
    let servers =
        [Program::serve(folder.path(), &postgres.url), Program::serve(folder.path(), &postgres.url)];
    let ann = servers[0].member("Ann").await;
    let club = club(&ann, &[]).await;
    let callers = servers.iter().map(|server| server.caller(&ann.id, &ann.token));
    let writers = callers.flat_map(|caller| {
        let club = &club;
        (0..8).map(move |_| write(caller.clone(), club.clone(), "text", 10))
    });
    let written: Vec<Vec<i64>> = join_all(writers).await;
    // Of one writer each message comes behind the one before, and of all no number is missing or there twice.
    assert!(written.iter().all(|own| own.is_sorted()));
    let mut all: Vec<i64> = written.into_iter().flatten().collect();
    all.sort_unstable();
    assert_counts(all, 160);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_tried_again_counts_once() {
    let server = Server::with(|settings| settings.posts_per_minute = 4).await;
    let ann = server.member("Ann").await;
    let club = club(&ann, &[]).await;
    let ann = user(&server, &ann).await;
    let room = room(&server, &ann, &club).await;
    let posted = post_with_a_poisoned_one(&server, &ann, room).await;
    for at in [0, 2, 3] {
        assert!(posted[at].is_ok(), "{:?}", posted[at].as_ref().err());
    }
    let fifth = post(&server, &ann, room, "four", None).await;
    assert!(matches!(fifth, Err(Error::RateLimited { .. })), "{fifth:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_who_posts_too_fast_waits() {
    let server = Server::with(|settings| settings.posts_per_minute = 3).await;
    let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
    let club = club(&ann, &[&bob]).await;
    let path = format!("/api/communities/{club}/messages");
    let post = |caller: &Caller, key: &str| {
        let (caller, body): (Caller, Value) =
            (caller.clone(), json!({ "content": "Hello", "clientKey": key }));
        let path = path.clone();
        async move { caller.post(&path, body).await }
    };
    for key in ["1", "2", "3"] {
        assert_eq!(post(&ann, key).await.status, 201);
    }
    let refused = post(&ann, "4").await;
    assert_eq!((refused.status, text(&refused.json["code"])), (429, "RATE_LIMITED"), "{}", refused.text);
    assert_eq!(refused.headers["retry-after"], "20");
    // A retry with the same key returns the first message. The limit is one per author, and waiting refills it.
    assert_eq!(post(&ann, "3").await.status, 201);
    assert_eq!(post(&bob, "1").await.status, 201);
    server.app.clock.advance(std::time::Duration::from_secs(20));
    assert_eq!(post(&ann, "4").await.status, 201);
    assert_eq!(post(&ann, "5").await.status, 429);
}
