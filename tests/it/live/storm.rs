//! Two hundred subscribers, interrupted and resumed at random, while twenty writers post in transactions of
//! random length.

use std::sync::Arc;

use entity::conversation_event;
use plaza::config::{Settings, Switch};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use tokio::task::JoinSet;

use super::{
    chat,
    subscriber::{Heard, Subscriber, Transport},
};
use crate::support::{Caller, Server};

const LISTENERS: usize = 200;
const WRITERS: usize = 20;
const POSTS: i64 = 10;
/// Maximum time of an open transaction, in microseconds.
const OPEN: u64 = 4000;

/// The position at which an interrupted subscriber resumes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cursor {
    /// After the position of the last event.
    Position,
    /// After the time of the last event in whole seconds, as legacy cursors did.
    Seconds,
}

/// A seeded random generator, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Subscribes until `last`, with interruptions; returns all events after `from`.
async fn listen(
    server: Arc<Server>,
    caller: Caller,
    room: String,
    number: usize,
    (from, last): (i64, i64),
    cursor: Cursor,
) -> Vec<Heard> {
    let mut dice = Dice(number as u64 + 1);
    let transports = [Transport::Rest, Transport::Socket, Transport::GraphQl, Transport::Single];
    let mut heard: Vec<Heard> = Vec::new();
    let mut at = from;
    while at < last {
        let by = transports[(number + dice.roll(4) as usize) % 4];
        let mut subscriber = Subscriber::open(&server, &caller, by, &room, Some(at)).await;
        for _ in 0..=dice.roll(60) {
            if at >= last {
                break;
            }
            let event = subscriber.hear().await;
            at = event.0;
            heard.push(event);
        }
        drop(subscriber);
        if cursor == Cursor::Seconds && at < last {
            at = behind_its_second(&server, &room, at).await;
        }
    }
    heard
}

/// Returns the last position in the second of an event, where a cursor of whole seconds resumes.
async fn behind_its_second(server: &Server, room: &str, at: i64) -> i64 {
    let events = table(server, room, 0).await;
    let second = events.iter().find(|event| event.seq == at).map(|event| event.created_at.timestamp());
    let same = events.iter().filter(|event| Some(event.created_at.timestamp()) == second);
    same.map(|event| event.seq).max().unwrap_or(at)
}

async fn table(server: &Server, room: &str, after: i64) -> Vec<conversation_event::Model> {
    let room: uuid::Uuid = room.parse().expect("a UUID");
    conversation_event::Entity::find()
        .filter(conversation_event::Column::ConversationId.eq(room))
        .filter(conversation_event::Column::Seq.gt(after))
        .order_by_asc(conversation_event::Column::Seq)
        .all(server.app.db.read())
        .await
        .expect("reads")
}

/// Runs the storm; returns the number of subscribers whose events differ from the table.
async fn storm(server: Server, listeners: usize, cursor: Cursor) -> usize {
    let server = Arc::new(server);
    let owner = server.member("Owner").await;
    let mut people = Vec::new();
    for number in 0..WRITERS {
        people.push(server.member(&format!("Writer{number}")).await);
    }
    let room = chat(&owner, &people).await;
    let from = table(&server, &room, 0).await.last().map_or(0, |event| event.seq);
    let last = from + WRITERS as i64 * POSTS;
    server.delay_commits(OPEN);

    let mut subscribers = JoinSet::new();
    for number in 0..listeners {
        let caller = people[number % WRITERS].clone();
        subscribers.spawn(listen(server.clone(), caller, room.clone(), number, (from, last), cursor));
    }
    let mut writers = JoinSet::new();
    for writer in people {
        let room = room.clone();
        writers.spawn(async move {
            for number in 0..POSTS {
                let body = json!({ "content": format!("message {number}") });
                let answer = writer.post(&format!("/api/conversations/{room}/messages"), body).await;
                assert_eq!(answer.status, 201, "{}", answer.text);
            }
        });
    }
    writers.join_all().await;
    let heard = subscribers.join_all().await;
    let table: Vec<Heard> = table(&server, &room, from)
        .await
        .into_iter()
        .map(|event| (event.seq, event.message_id.map(|id| id.to_string())))
        .collect();
    assert_eq!(table.len() as i64, last - from, "every post is an event");
    heard.iter().filter(|heard| **heard != table).count()
}

fn unlimited(settings: &mut Settings) {
    settings.rate_limits = Switch::Off;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_on_sqlite() {
    let server = Server::with(unlimited).await;
    assert_eq!(storm(server, LISTENERS, Cursor::Position).await, 0, "0 lost, 0 twice, 0 out of order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_on_postgres() {
    let Some(server) = Server::on_postgres_with(unlimited).await else { return };
    assert_eq!(storm(server, LISTENERS, Cursor::Position).await, 0, "0 lost, 0 twice, 0 out of order");
}

/// The storm detects losses: a cursor other than the log's position loses events.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cursor_of_seconds_loses() {
    let server = Server::with(unlimited).await;
    assert!(storm(server, 20, Cursor::Seconds).await > 0, "the harness finds what is lost");
}
