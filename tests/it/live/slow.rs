//! A subscriber that stops reading delays only itself.

use serde_json::json;
use tempfile::TempDir;

use super::{chat, text};
use crate::support::{Events, Program};

/// Forty subscribers do not read, and one does: it receives every event at once, and nothing accumulates for
/// the forty. When one of them reads again, it misses nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_does_not_delay_others() {
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
        // By now the caches are warm and the sockets' buffers full.
        if number == 400 {
            before = program.resident();
        }
    }
    // A copy for each of the forty would be 100 MB.
    let grown = program.resident().saturating_sub(before);
    assert!(grown < 20_000, "{grown} kB more");
    let mut behind = stopped.pop().expect("one of them");
    for number in 0..900 {
        let told = behind.expect().await;
        let content = text(&told.json["message"]["content"]).split(' ').next().map(str::to_owned);
        assert_eq!(content, Some(number.to_string()));
    }
}
