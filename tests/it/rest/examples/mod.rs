//! The examples of the OpenAPI document are what a server of the demo data really answers.
//!
//! `PLAZA_UPDATE_EXAMPLES=1 cargo test --test it rest::examples` writes them anew.

mod calls;
mod people;
mod recorder;
mod redaction;

use std::{fs, path::Path};

use serde_json::{Map, Value};

use self::{people::People, recorder::Recorder, redaction::Redaction};
use crate::support::contract::{OPENAPI, operations};

/// Variable that has the examples written instead of compared.
const UPDATE: &str = "PLAZA_UPDATE_EXAMPLES";

/// Performs all calls on a new server; returns what was sent and answered, by operation.
async fn record() -> Value {
    let people = People::of_the_demo().await;
    let mut recorder = Recorder::new(&people.server.app.clock);
    calls::perform(&people, &mut recorder).await;
    recorder.examples()
}

/// Returns the examples by the file that has them, which is named after their tag.
fn files(examples: &Value) -> Map<String, Value> {
    let mut files = Map::new();
    for (name, operation) in operations() {
        let tag = operation["tags"][0].as_str().expect("a tag").to_lowercase();
        let file = files.entry(format!("{tag}.json")).or_insert_with(|| Value::Object(Map::new()));
        file[name] = examples[name].clone();
    }
    files
}

/// Two servers differ only in ids, tokens and the like, which get fixed values; everything else is as it was answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_are_real() {
    let (one, other) = (record().await, record().await);
    let examples = Redaction::default().apply(&one, &other);
    for (name, operation) in operations() {
        recorder::check(name, operation, &examples[name]);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rest/examples");
    for (name, examples) in files(&examples) {
        let (path, text) =
            (folder.join(&name), serde_json::to_string_pretty(&examples).expect("JSON") + "\n");
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&path, text).expect("writes");
            continue;
        }
        let known = fs::read_to_string(&path).expect("reads");
        assert!(
            known == text,
            "{name} has other examples than the server gives; {UPDATE}=1 writes them:\n{text}"
        );
    }
}

/// Every operation has an example of its request and of its answer.
#[test]
fn every_operation_has_examples() {
    for (name, operation) in operations() {
        let media = operation["requestBody"]["content"].as_object().into_iter().flatten();
        for (kind, media) in media {
            assert!(media.get("example").is_some(), "{name} has no example of its {kind}");
        }
        let responses = operation["responses"].as_object().expect("responses");
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
            for (kind, media) in response["content"].as_object().into_iter().flatten() {
                assert!(media.get("example").is_some(), "{name} has no example of its {kind} for {status}");
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &parameter["schema"];
            let is_obvious = schema["type"] == "boolean"
                || schema.get("enum").is_some()
                || schema.get("default").is_some();
            assert!(
                is_obvious || parameter.get("example").is_some(),
                "{name} has no example of {}",
                parameter["name"]
            );
        }
    }
    assert!(OPENAPI["paths"].as_object().is_some_and(|paths| paths.len() > 40));
}
