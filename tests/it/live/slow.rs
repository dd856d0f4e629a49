//! One who stops to read costs nothing but their own delay.

use serde_json::json;
use tempfile::TempDir;

use super::{chat, text};
use crate::support::{Events, Program};

/// Forty who do not read, and one who does: all is heard at once, and nothing piles up for the forty; when one of them
/// reads again, nothing is missing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_reading_holds_up_nobody() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("plaza.db").display());
    let program = Program::serve(folder.path(), &url);
    let owner = program.member("Owner").await;
    let room = chat(&owner, &[]).await;
    let path = format!("/api/conversations/{room}/events");
    let mut stopped = Vec::new();
    for _ in 0..40 {
        let mut events = Events::open(&owner, &path, None).await;
        events.expect().await;
        stopped.push(events);
    }
    let mut reading = Events::open(&owner, &path, None).await;
    reading.expect().await;
    let content = "x".repeat(4900);
    let mut before = 0;
    for number in 0..900 {
        let body = json!({ "content": format!("{number} {content}") });
        let posted = owner.post(&format!("/api/conversations/{room}/messages"), body).await;
        assert_eq!(posted.status, 201, "{}", posted.text);
        assert_eq!(reading.expect().await.json["message"]["id"], posted.json["id"]);
        // The caches are warm by then, and the sockets' own buffers full.
        if number == 400 {
            before = program.resident();
        }
    }
    // Kept for each of the forty it would be 100 MB.
    let grown = program.resident().saturating_sub(before);
    assert!(grown < 20_000, "{grown} kB more");
    let mut behind = stopped.pop().expect("one of them");
    for number in 0..900 {
        let told = behind.expect().await;
        let content = text(&told.json["message"]["content"]).split(' ').next().map(str::to_owned);
        assert_eq!(content, Some(number.to_string()));
    }
}
