//! The disk is full, and later it is not.

use std::collections::BTreeSet;

use plaza::database::Database;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tempfile::TempDir;

use super::{chat, contents, number, post, text, unavailable};
use crate::support::{Events, Program, Server};

/// A text that fills a page.
fn page(number: usize) -> String {
    format!("{number} {}", "x".repeat(3000))
}

/// SQLite ends the transaction by itself: no later request may be part of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_what_is_acknowledged_is_stored() {
    let server = Server::on_sqlite().await;
    let owner = server.member("Owner").await;
    let chat = chat(&owner, &[]).await;
    let mut events = Events::open(&owner, &format!("/api/conversations/{chat}/events"), None).await;
    events.expect().await;
    let db = &server.app.db;
    let mut acknowledged = Vec::new();
    for number in 0..40 {
        if number % 8 == 4 {
            // The writer's connection can no longer grow the file; its replacement can. The batch fails, and its post is
            // tried again by itself: stored there, or refused.
            let pages = self::number(db, "PRAGMA page_count").await;
            let sql = format!("PRAGMA max_page_count = {pages}");
            db.write().execute_unprepared(&sql).await.expect("limits the file");
        }
        let answer = post(&owner, &chat, &page(number)).await;
        match answer.status {
            201 => acknowledged.push(number),
            _ => {
                unavailable(&answer);
                assert_eq!(answer.json["code"], "UNAVAILABLE", "{}", answer.text);
            }
        }
    }
    assert!(acknowledged.len() >= 20, "{acknowledged:?} were acknowledged");
    let expected: Vec<String> = acknowledged.iter().map(|number| page(*number)).collect();
    // As another process sees it: committed data only.
    let file = server.database_url();
    let other = Database::connect(&file).await.expect("opens");
    let stored = self::number(&other, "SELECT count(*) FROM messages").await;
    other.close().await;
    assert_eq!(usize::try_from(stored).expect("a number"), acknowledged.len());
    assert_eq!(contents(&owner, &chat).await, expected);
    for content in &expected {
        assert_eq!(text(&events.expect().await.json["message"]["content"]), content);
    }
    assert_eq!(owner.get("/readyz").await.status, 200);
}

/// A process whose files may not grow, with a subscription, a wallet and a probe; then they may grow again,
/// and it is killed.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_that_was_acknowledged_or_delivered() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("plaza.db").display());
    let mut program = Program::serve(folder.path(), &url);
    let owner = program.member("Owner").await;
    let chat = chat(&owner, &[]).await;
    let path = format!("/api/conversations/{chat}/events");
    let mut events = Events::open(&owner, &path, None).await;
    events.expect().await;
    let (mut acknowledged, mut failed) = (BTreeSet::new(), BTreeSet::new());
    assert_eq!(owner.get("/readyz").await.status, 200);

    let largest = folder.path().join("plaza.db-wal").metadata().expect("the log is there").len();
    program.limit_files(Some(largest + 16 * 1024));
    for number in 0..30 {
        let answer = post(&owner, &chat, &page(number)).await;
        if answer.status == 201 {
            acknowledged.insert(page(number));
        } else {
            unavailable(&answer);
            if answer.json["code"] == "UNAVAILABLE" {
                failed.insert(page(number));
            }
        }
    }
    assert!(!failed.is_empty(), "the disk was full");
    let answer = owner.get("/readyz").await;
    unavailable(&answer);
    assert_eq!(answer.json["error"], "The database cannot be written", "{}", answer.text);
    // Reads continue.
    assert_eq!(contents(&owner, &chat).await.len(), acknowledged.len());

    program.limit_files(None);
    for number in 30..50 {
        let answer = post(&owner, &chat, &page(number)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        acknowledged.insert(page(number));
    }
    let mut delivered = BTreeSet::new();
    while !delivered.contains(&page(49)) {
        delivered.insert(text(&events.expect().await.json["message"]["content"]).to_owned());
    }
    assert_eq!(owner.get("/readyz").await.status, 200);
    program.kill();
    drop(program);

    let program = Program::serve(folder.path(), &url);
    let owner = program.caller(&owner.id, &owner.token);
    let stored: BTreeSet<String> = contents(&owner, &chat).await.into_iter().collect();
    assert!(acknowledged.is_subset(&stored), "what was acknowledged is there");
    assert!(delivered.is_subset(&stored), "what was delivered is there");
    assert!(failed.is_disjoint(&stored), "what failed is not");
    assert_eq!(post(&owner, &chat, "afterwards").await.json["content"], json!("afterwards"));
}
