//! Answers that can be heard, and what becomes of those that cannot.

use std::{sync::Arc, time::Duration};

use entity::agent_reply::Audio;
use plaza::adapters::{Adapters, Retry, client, speech::OpenAiSpeech};
use plaza::secret::Secret;
use serde_json::json;

use super::{PAID, Room, asking, events, said, types};
use crate::support::{
    Events, Server,
    openai::{FakeOpenAi, Step, answer, refusal},
};

/// A WAV of so many milliseconds: mono, 16 bit, 24,000 a second.
fn wav(milliseconds: usize) -> Vec<Step> {
    let mut wav = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0data\xff\xff\xff\xff".to_vec();
    wav.resize(44 + milliseconds * 48, 7);
    vec![Step::Whole(200, "audio/wav", wav)]
}

/// A room whose agent is read aloud by a fake.
async fn room(voice: &FakeOpenAi) -> Room {
    let model = FakeOpenAi::start([]).await;
    let client = client(Duration::from_secs(5)).expect("a client");
    let mut speech =
        OpenAiSpeech::new(client, voice.url.parse().expect("an address"), Secret::new("sk-test"));
    speech.retry = Retry { times: 0, wait: Duration::from_millis(1) };
    let adapters = Adapters { speech: Some(Arc::new(speech)), ..asking(&model) };
    Room::open(Server::reaching(adapters, |_| {}).await, model).await
}

/// The answer is spoken sentence by sentence while it comes; the sound is told after the end, stands in the history and
/// is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_can_be_heard() {
    let voice = FakeOpenAi::start([wav(500), wav(700)]).await;
    let room = room(&voice).await;
    let mut listening =
        Events::open(&room.asker, &format!("/api/conversations/{}/events", conversation(&room).await), None)
            .await;
    listening.expect().await;
    room.model.will(answer(&["It is open. ", "Come in!"]));
    let answer = room.ask("open?").await;
    let types = types(&answer);
    assert_eq!(types.last().map(String::as_str), Some("audio_ready"), "{}", answer.text);
    assert_eq!(types[types.len() - 2], "done");
    let told = events(&answer).pop().expect("an event");
    let url = told["audioUrl"].as_str().expect("an address").to_owned();
    assert!(answer.text.ends_with(&format!("data: {{\"type\":\"audio_ready\",\"audioUrl\":\"{url}\"}}\n\n")));
    assert!(url.starts_with("/uploads/speech/") && url.ends_with(".wav"), "{url}");
    assert_eq!(room.history().await[1]["ttsAudioUrl"], url.as_str());
    let spoken: Vec<_> = voice.requests().iter().map(|asked| asked.body["input"].clone()).collect();
    assert_eq!(spoken, [json!("It is open."), json!("Come in!")]);
    let heard = room.server.anon().get(&url).await;
    assert_eq!((heard.status, heard.headers["content-type"].to_str().ok()), (200, Some("audio/wav")));
    assert_eq!(heard.headers["content-length"], (44 + 1200 * 48).to_string().as_str(), "both sentences");
    let changes = [listening.expect().await, listening.expect().await, listening.expect().await];
    let changes = changes.map(|told| told.json["messageChange"].clone());
    assert_eq!(changes, [json!("posted"), json!("posted"), json!("spoken")]);
    assert_eq!(room.coins().await, PAID);
    // Heard again later: the same events.
    let id = room.replies().await[0].id.to_string();
    assert_eq!(events(&room.follow(&room.asker, &id, 0).await), events(&answer));
}

/// Speech that fails does not touch the answer, and the stream ends without it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failing_speech_fails_nothing() {
    let voice = FakeOpenAi::start([refusal(400, "no voice")]).await;
    let room = room(&voice).await;
    let answer = room.ask("hi").await;
    assert_eq!(types(&answer), ["meta", "chunk", "done"]);
    assert_eq!(said(&answer), "Hello");
    assert_eq!(room.replies().await[0].audio, Audio::Failed);
    assert_eq!(room.coins().await, PAID);
    let id = room.replies().await[0].id.to_string();
    assert_eq!(types(&room.follow(&room.asker, &id, 0).await), ["meta", "chunk", "done"]);
}

/// What breaks off is not read aloud.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_not_spoken() {
    let voice = FakeOpenAi::start([]).await;
    let room = room(&voice).await;
    room.model.will(refusal(401, "bad key"));
    assert_eq!(types(&room.ask("hi").await), ["meta", "error", "done"]);
    assert_eq!(room.replies().await[0].audio, Audio::None);
    assert!(voice.requests().is_empty());
}

async fn conversation(room: &Room) -> String {
    let query = "query($id: ID!) { community(id: $id) { conversation { id } } }";
    let answer = room.asker.graphql(query, json!({ "id": room.community })).await;
    let id = answer.json["data"]["community"]["conversation"]["id"].as_str();
    id.unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}
