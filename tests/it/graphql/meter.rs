//! The memory of an answer while it is made: an answer beyond the limit is abandoned before it is complete.

#![cfg(target_os = "linux")]

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Answer, Program};

/// Spaces, each with a long definition: one list of them has some 3 MB.
const SPACES: usize = 50;
/// Bytes of a definition.
const DEFINITION: usize = 62_000;
/// How often the query has the list.
const LISTS: usize = 20;
/// Bytes of the whole answer.
const WHOLE: usize = LISTS * SPACES * DEFINITION;
/// Memory in kilobytes that a refused answer may take: less than a third of the whole answer's bytes.
const MOST: usize = WHOLE / 1024 / 3;

/// A server whose answers have at most this number of bytes.
fn serve(folder: &Path, most: usize) -> Program {
    let database = format!("sqlite://{}", folder.join("plaza.db").display());
    let (most, held) = (most.to_string(), (4 * most).to_string());
    let settings = [("PLAZA_RESPONSE_BYTES", most.as_str()), ("PLAZA_ANSWER_MEMORY_BYTES", held.as_str())];
    Program::serve_with(folder, &database, &settings)
}

/// Asks for the whole answer; returns it with the kilobytes by which the server's peak of memory grew.
async fn ask(program: &Program) -> (Answer, usize) {
    let caller = program.caller("", "");
    // The first request of a process takes memory of its own.
    let small = caller.graphql("{ spaces(limit: 1) { nodes { id definition } } }", Value::Null).await;
    assert!(small.json["errors"].is_null(), "{}", small.text);
    let lists: String = (0..LISTS)
        .map(|number| format!("l{number}: spaces(limit: {SPACES}) {{ nodes {{ definition }} }} "))
        .collect();
    let before = program.peak();
    let answer = caller.graphql(&format!("{{ {lists} }}"), Value::Null).await;
    (answer, program.peak() - before)
}

/// The same query on the same data: refused, it takes a bounded part of the memory that the whole answer takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_given_up_early() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut program = serve(folder.path(), 1024 * 1024);
    let owner = program.member("Owner").await;
    for number in 0..SPACES {
        let body =
            json!({ "name": format!("Space {number}"), "definition": { "text": "a".repeat(DEFINITION) } });
        assert_eq!(owner.post("/api/spaces", body).await.status, 201);
    }
    assert_eq!(program.stop(), Some(0));

    let mut program = serve(folder.path(), 1024 * 1024);
    let (refused, grown) = ask(&program).await;
    assert_eq!(refused.json["errors"][0]["extensions"]["code"], "RESPONSE_TOO_LARGE", "{}", refused.text);
    let message = "The response is larger than 1048576 bytes; request less data";
    assert_eq!(
        (&refused.json["errors"][0]["message"], &refused.json["data"]),
        (&json!(message), &Value::Null)
    );
    assert!(grown < MOST, "a refused answer took {grown} KiB, {MOST} are allowed");
    assert_eq!(program.stop(), Some(0));

    // With room for it, the answer is there, and its memory is beyond the bound.
    let program = serve(folder.path(), 2 * WHOLE);
    let (whole, grown) = ask(&program).await;
    assert!(whole.json["errors"].is_null() && whole.text.len() > WHOLE, "{} bytes", whole.text.len());
    assert!(grown > 3 * MOST, "the whole answer took {grown} KiB only");
}
