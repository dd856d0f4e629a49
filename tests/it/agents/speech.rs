//! Replies with audio, and failures of speech.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use entity::agent_reply::Audio;
use plaza::{
    adapters::{
        Adapters, Retry, client,
        speech::{OpenAiSpeech, Program, Speech},
        storage::Storage,
    },
    app::App,
    clock::Clock,
    domain::agents,
    security::secret::Secret,
};
use serde_json::json;
use tokio::sync::Notify;

use super::{PAID, Room, asking, events, said, types};
use crate::support::{
    Events, Server,
    openai::{FakeOpenAi, Step, answer, refusal},
};

/// A WAV of this many milliseconds: mono, 16 bit, 24,000 Hz.
pub(super) fn wav(milliseconds: usize) -> Vec<Step> {
    let mut wav = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0data\xff\xff\xff\xff".to_vec();
    wav.resize(44 + milliseconds * 48, 7);
    vec![Step::Whole(200, "audio/wav", wav)]
}

/// A room whose agent speaks by a fake server.
async fn room(voice: &FakeOpenAi) -> Room {
    room_with(voice, Storage::memory()).await
}

/// The room with these files.
async fn room_with(voice: &FakeOpenAi, storage: Storage) -> Room {
    let model = FakeOpenAi::start([]).await;
    let client = client(Duration::from_secs(5)).expect("a client");
    let mut speech =
        OpenAiSpeech::new(client, voice.url.parse().expect("an address"), Secret::new("sk-test"));
    speech.retry = Retry { times: 0, wait: Duration::from_millis(1) };
    let adapters = Adapters { speech: Some(Arc::new(speech)), storage, ..asking(&model) };
    Room::open(Server::reaching(adapters, |_| {}).await, model).await
}

/// The reply is spoken sentence by sentence while it is generated. The audio is published after the end, and
/// is in the history and in the storage.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_can_be_heard() {
    let voice = FakeOpenAi::start([wav(500), wav(700)]).await;
    let room = room(&voice).await;
    let mut listening =
        Events::open(&room.asker, &format!("/api/conversations/{}/events", conversation(&room).await), None)
            .await;
    listening.expect().await;
    room.model.respond_with(answer(&["It is open. ", "Come in!"]));
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
    // A later reader receives the same events.
    let id = room.replies().await[0].id.to_string();
    assert_eq!(events(&room.follow(&room.asker, &id, 0).await), events(&answer));
}

/// Markup, addresses, tables, code and emoji are not spoken; the text is unchanged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_are_not_read_aloud() {
    let voice = FakeOpenAi::start((0..5).map(|_| wav(100))).await;
    let room = room(&voice).await;
    let pieces = [
        "# Hours\n\n**We are",
        " open.** See https://exa",
        "mple.com/a? 🎉\n\n| Day | Time |\n|--",
        "-|---|\n| Monday | 9:00 |\n\n```sh\nrm -rf\n``",
        "`",
    ];
    room.model.respond_with(answer(&pieces));
    let answer = room.ask("open?").await;
    assert_eq!(said(&answer), pieces.concat());
    let mut spoken: Vec<_> = voice.requests().iter().map(|asked| asked.body["input"].to_string()).collect();
    // Two sentences are spoken concurrently.
    spoken.sort();
    let mut wanted = ["Hours", "We are open.", "See example.com?", "Day, Time", "Monday, 9:00"]
        .map(|sentence| json!(sentence).to_string());
    wanted.sort();
    assert_eq!(spoken, wanted);
}

/// A speech failure does not affect the reply, and the stream ends without audio.
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

/// Audio that arrives after its lease was lost is neither published nor stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_sound_is_not_kept() {
    let gate = Arc::new(Notify::new());
    let mut slow = vec![Step::Wait(gate.clone())];
    slow.extend(wav(500));
    let voice = FakeOpenAi::start([slow]).await;
    let files = tempfile::TempDir::new().expect("a folder");
    let storage = Storage::folder(files.path()).expect("storage");
    let room = room_with(&voice, storage).await;
    let mut stream = Events::of(room.question(&room.asker, "hi")).await;
    for wanted in ["meta", "chunk", "done"] {
        assert_eq!(stream.expect().await.json["type"], wanted);
    }
    // Another server on the same database considers the reader gone.
    let clock = Clock::manual(room.server.app.clock.now() + TimeDelta::minutes(6));
    let other = App::new(room.server.app.db.clone(), clock, Default::default());
    agents::fail_abandoned(&other).await.expect("gives it up");
    assert_eq!(room.replies().await[0].audio, Audio::Failed);
    gate.notify_one();
    assert!(room.server.app.tasks.finish(Duration::from_secs(30)).await);
    assert_eq!(voice.requests().len(), 1);
    assert_eq!(room.replies().await[0].audio, Audio::Failed);
    let shelf = files.path().join("speech");
    assert!(shelf.is_dir(), "it was kept for a moment");
    assert_eq!(std::fs::read_dir(shelf).expect("reads").count(), 0);
}

/// The installed program speaks a reply, and its audio can be fetched.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn espeak_ng_reads_answers() {
    let path = Program::installed(None);
    if path.is_none() {
        assert!(std::env::var_os("CI").is_none(), "espeak-ng has to be installed where CI is set");
        eprintln!("skipped: espeak-ng is not installed");
    }
    let Some(path) = path else { return };
    let model = FakeOpenAi::start([answer(&["It is open. ", "Come in, all of you!"])]).await;
    let speech: Arc<dyn Speech> = Arc::new(Program::new(path, None, Duration::from_secs(60)));
    let adapters = Adapters { speech: Some(speech), ..asking(&model) };
    let room = Room::open(Server::reaching(adapters, |_| {}).await, model).await;
    let told = events(&room.ask("open?").await).pop().expect("an event");
    let url = told["audioUrl"].as_str().expect("an address");
    let heard = room.server.anon().request(reqwest::Method::GET, url).send().await.expect("an answer");
    assert_eq!(heard.headers()["content-type"], "audio/wav");
    let wav = heard.bytes().await.expect("a body");
    assert_eq!((&wav[..4], &wav[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    let data = u32::from_le_bytes(wav[40..44].try_into().expect("four bytes"));
    assert_eq!(data as usize, wav.len() - 44);
    assert!((1.0..10.0).contains(&(f64::from(data) / 44_100.0)), "{data} bytes of sound");
}

/// An interrupted reply is not spoken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_not_spoken() {
    let voice = FakeOpenAi::start([]).await;
    let room = room(&voice).await;
    room.model.respond_with(refusal(401, "bad key"));
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
