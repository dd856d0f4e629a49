//! The program is killed while an agent answers: the next process ends the reply and returns the fee.

use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ok, write};
use crate::support::{
    Caller, Events, Program, TestPostgres,
    openai::{FakeOpenAi, Step, piece, send},
};

async fn balance(who: &Caller) -> Value {
    who.get("/api/wallet/balance").await.json["balance"].clone()
}

async fn crash(folder: &TempDir, url: &str) {
    let model = FakeOpenAi::start([vec![Step::Stream, send(piece("The lighthouse is")), Step::Hang]]).await;
    let settings = [
        ("PLAZA_MODEL_BASE_URL", model.url.as_str()),
        ("PLAZA_MODEL_DEFAULT", "gpt-test"),
        ("PLAZA_SPEECH_PROGRAM", "off"),
        ("PLAZA_TOPUP", "on"),
    ];
    let mut program = Program::serve_with(folder.path(), url, &settings);
    let (creator, asker) = (program.member("Creator").await, program.member("Asker").await);
    let agent = write(&creator, json!({ "agentName": "Guide", "systemPrompt": "You are a guide." })).await;
    let club = creator.post("/api/communities", json!({ "name": "Harbour", "agentCallFee": 10 })).await;
    let path = format!("/api/communities/{}", club.json["id"].as_str().expect("an id"));
    assert_eq!(creator.post(&format!("{path}/agents"), json!({ "listingId": agent })).await.status, 201);
    assert_eq!(asker.post_empty(&format!("{path}/join")).await.status, 200);
    assert_eq!(asker.post("/api/wallet/topup", json!({ "amount": 100 })).await.status, 200);
    let question = json!({ "content": "What stands there?", "listingId": agent });
    let ask = |who: &Caller| who.request(Method::POST, &format!("{path}/agent-chat")).json(&question);
    let mut events = Events::of(ask(&asker).header("idempotency-key", "k1")).await;
    assert_eq!(events.expect().await.json["type"], "meta");
    let last = events.expect().await;
    assert_eq!(last.json["content"], "The lighthouse is");
    assert_eq!(balance(&asker).await, 90, "the fee is held");
    program.kill();
    drop(program);

    // A minute later, the lease has expired.
    let later = [settings.as_slice(), &[("PLAZA_TIME_SHIFT", "61s")]].concat();
    let program = Program::serve_with(folder.path(), url, &later);
    let asker = program.caller(&asker.id, &asker.token);
    let mut events = Events::of(ask(&asker).header("last-event-id", last.id)).await;
    let error = json!({ "type": "error", "message": "The server stopped while answering" });
    assert_eq!(events.expect().await.json, error);
    assert_eq!(events.expect().await.json, json!({ "type": "done" }));
    assert!(events.next().await.is_none());
    assert_eq!(balance(&asker).await, 100, "the fee is given back");
    let query =
        "query($id: ID!) { messages(communityId: $id, limit: 10) { content isIncomplete agentName } }";
    let id = path.rsplit('/').next();
    let said = ok(asker.graphql(query, json!({ "id": id })).await)["messages"].clone();
    assert_eq!(said.as_array().map(Vec::len), Some(2), "{said}");
    assert_eq!(
        said[1],
        json!({ "content": "The lighthouse is", "isIncomplete": true, "agentName": "Guide" })
    );
    drop(program);
    let checked = Command::new(env!("CARGO_BIN_EXE_plaza"))
        .current_dir(folder.path())
        .args(["ledger", "check", "--database-url", url])
        .output()
        .expect("runs");
    assert!(checked.status.success(), "{checked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_answer_is_ended_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("plaza.db").display());
    crash(&folder, &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_answer_is_ended_on_postgres() {
    let Some(postgres) = TestPostgres::migrated().await else { return };
    crash(&TempDir::new().expect("a folder"), &postgres.url).await;
}
