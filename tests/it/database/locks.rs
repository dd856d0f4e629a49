//! Locks of other processes: requests that wait for them end as unavailable, all others continue.

use plaza::database::Database;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use serde_json::json;
use tokio::task::JoinSet;

use super::{chat, number, post, text, unavailable};
use crate::support::{Server, within};

/// Waits until this number of statements waits for a lock.
async fn until_locked(db: &Database, count: i64) {
    const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    within("statements that wait for a lock", async { while number(db, WAITING).await < count {} }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_room_stops_nobody_elsewhere() {
    let server = Server::on_postgres_with(|settings| {
        settings.database_lock_timeout = 1;
        settings.database_acquire_timeout = 2;
    })
    .await;
    let Some(server) = server else { return };
    let mut people = Vec::new();
    for name in 0..12 {
        people.push(server.member(&format!("Person{name}")).await);
    }
    let (locked, open) = (chat(&people[0], &people[1..]).await, chat(&people[0], &people[1..]).await);
    let other = Database::connect(&server.database_url()).await.expect("connects");
    let lock = other.begin().await.expect("begins");
    let sql = format!("SELECT id FROM conversations WHERE id = '{locked}' FOR UPDATE");
    lock.execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await.expect("locks");

    let mut waiting = JoinSet::new();
    for person in people.iter().cycle().take(36) {
        let (person, room) = (person.clone(), locked.clone());
        waiting.spawn(async move { post(&person, &room, "waits").await });
    }
    until_locked(&other, 4).await;
    for person in &people {
        let answer = post(person, &open, "goes on").await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(person.get("/api/spaces").await.status, 200);
        assert_eq!(person.get("/readyz").await.status, 200);
    }
    let answer = people[0]
        .graphql(
            "mutation($c: ID!) { postMessage(input: { conversationId: $c, content: \"waits\" }) { message { id } } }",
            json!({ "c": locked }),
        )
        .await;
    let error = &answer.json["errors"][0];
    assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{}", answer.text);
    assert!(error["extensions"]["retryAfter"].as_u64() >= Some(1), "{}", answer.text);
    for answer in waiting.join_all().await {
        unavailable(&answer);
        assert_eq!(answer.json["code"], "UNAVAILABLE", "{}", answer.text);
    }
    drop(lock);
    // The rollback of the lock is pending: the next statement on the same connection follows it.
    other.close().await;
    let answer = post(&people[1], &locked, "afterwards").await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(text(&answer.json["content"]), "afterwards");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_table_is_unavailable_and_the_rest_is_not() {
    let server = Server::on_postgres_with(|settings| settings.database_lock_timeout = 1).await;
    let Some(server) = server else { return };
    let person = server.member("Person").await;
    let other = Database::connect(&server.database_url()).await.expect("connects");
    let lock = other.begin().await.expect("begins");
    lock.execute_unprepared("LOCK TABLE spaces IN ACCESS EXCLUSIVE MODE").await.expect("locks");
    let answer = person.get("/api/spaces").await;
    unavailable(&answer);
    assert_eq!(person.get("/readyz").await.status, 200);
    assert_eq!(person.get("/api/communities").await.status, 200);
    drop(lock);
    other.close().await;
    assert_eq!(person.get("/api/spaces").await.status, 200);
}

/// Another process writes to the SQLite file: waiting requests end as unavailable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_file_is_unavailable_and_reading_goes_on() {
    let server = Server::with(|settings| settings.database_lock_timeout = 1).await;
    let person = server.member("Person").await;
    let other = Database::connect(&server.database_url()).await.expect("opens");
    let lock = other.begin().await.expect("begins");
    let answer = person.post("/api/spaces", json!({ "name": "Waits" })).await;
    unavailable(&answer);
    assert_eq!(person.get("/api/spaces").await.status, 200);
    let answer = person.get("/readyz").await;
    unavailable(&answer);
    assert_eq!(answer.json["error"], "The database does not answer in time", "{}", answer.text);
    drop(lock);
    other.close().await;
    assert_eq!(person.post("/api/spaces", json!({ "name": "Goes on" })).await.status, 201);
}

/// An overloaded server refuses at once, and what runs goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_operations_are_refused_early() {
    let server = Server::on_postgres_with(|settings| settings.max_running_operations = 8).await;
    let Some(server) = server else { return };
    let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
    let other = Database::connect(&server.database_url()).await.expect("connects");
    let lock = other.begin().await.expect("begins");
    lock.execute_unprepared("LOCK TABLE spaces IN ACCESS EXCLUSIVE MODE").await.expect("locks");
    let mut waiting = JoinSet::new();
    // Two different reads: equal ones share a statement.
    for path in ["/api/spaces", "/api/spaces?limit=5"] {
        let ann = ann.clone();
        waiting.spawn(async move { ann.get(path).await });
    }
    until_locked(&other, 2).await;
    let refused = ann.get("/api/wallet/balance").await;
    unavailable(&refused);
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(refused.json["error"], "The server is overloaded; try again soon");
    let refused = ann.graphql("{ viewer { id } }", json!({})).await;
    assert_eq!(refused.json["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{}", refused.text);
    assert_eq!(bob.get("/api/wallet/balance").await.status, 200, "another caller has a share");
    assert_eq!(ann.get("/readyz").await.status, 200);
    drop(lock);
    other.close().await;
    for answer in waiting.join_all().await {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(ann.get("/api/wallet/balance").await.status, 200);
}
