//! The program is killed during posts: acknowledged messages are stored once, and subscribers resume.

use std::collections::BTreeMap;

use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{chat, text};
use crate::support::{Caller, Events, Program, TestPostgres};

/// Posts until the server is gone; returns the acknowledged ids and the last unacknowledged message.
async fn post_until_killed(caller: Caller, room: String, writer: usize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let path = format!("/api/conversations/{room}/messages");
        let body = json!({ "content": format!("{writer}.{number}") });
        let Ok(answer) = caller.request(reqwest::Method::POST, &path).json(&body).send().await else { break };
        if answer.status() != 201 {
            break;
        }
        let Ok(answer) = answer.json::<serde_json::Value>().await else { break };
        acknowledged.push(text(&answer["id"]).to_owned());
    }
    acknowledged
}

async fn crash(folder: &TempDir, url: &str) {
    let mut program = Program::serve(folder.path(), url);
    let owner = program.member("Owner").await;
    let room = chat(&owner, &[]).await;
    let path = format!("/api/conversations/{room}/events");
    let mut events = Events::open(&owner, &path, None).await;
    events.expect().await;
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        writers.spawn(post_until_killed(owner.clone(), room.clone(), writer));
    }
    // All writers are active.
    let mut heard = Vec::new();
    while heard.len() < 120 {
        heard.push(events.expect().await);
    }
    program.kill();
    let acknowledged: Vec<String> = writers.join_all().await.into_iter().flatten().collect();
    assert!(acknowledged.len() >= 100, "{} were acknowledged", acknowledged.len());
    let last = heard.last().expect("events").id.clone();
    drop(program);

    let program = Program::serve(folder.path(), url);
    let owner = program.caller(&owner.id, &owner.token);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut before = String::new();
    loop {
        let page = owner.get(&format!("/api/conversations/{room}/messages?limit=100{before}")).await;
        let rows = page.json["messages"].as_array().unwrap_or_else(|| panic!("{}", page.text)).clone();
        let Some(first) = rows.first() else { break };
        before = format!("&before={}", text(&first["createdAt"]));
        for row in rows {
            *found.entry(text(&row["id"]).to_owned()).or_default() += 1;
        }
    }
    for id in &acknowledged {
        assert_eq!(found.get(id), Some(&1), "{id} is there once");
    }
    // Subscribers resume after their last event and receive the rest, acknowledged or not.
    let mut events = Events::open(&owner, &path, Some(&last)).await;
    for _ in heard.len()..found.len() {
        heard.push(events.expect().await);
    }
    let ids: Vec<&str> = heard.iter().map(|told| text(&told.json["message"]["id"])).collect();
    assert_eq!(ids.len(), found.len());
    assert!(ids.iter().all(|id| found.contains_key(*id)));
    let positions: Vec<i64> = heard.iter().map(|told| told.id.parse().expect("a number")).collect();
    assert!(positions.windows(2).all(|pair| pair[1] == pair[0] + 1), "in order and without gaps");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_messages_survive_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("plaza.db").display());
    crash(&folder, &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_messages_survive_on_postgres() {
    let Some(postgres) = TestPostgres::migrated().await else { return };
    crash(&TempDir::new().expect("a folder"), &postgres.url).await;
}
