//! Voice cloning by a server that speaks the ElevenLabs protocol.

use std::time::Duration;

use plaza::{
    adapters::{
        Adapters, ProviderError, Retry, client,
        speech::SpeechError,
        voice::{CloneRequest, Cloned, ElevenLabs, Sample, VoiceCloning},
    },
    config::Settings,
    media::Media,
    security::secret::Secret,
};
use serde_json::json;

use crate::support::{
    openai::{FakeOpenAi, Step, send},
    sound::{mp3, wav},
};

const KEY: &str = "xi-very-secret";

fn server(fake: &FakeOpenAi) -> ElevenLabs {
    let client = client(Duration::from_secs(5)).expect("a client");
    let url = fake.root().parse().expect("an address");
    ElevenLabs::new(client, url, Secret::new(KEY), "eleven_multilingual_v2")
        .retry(Retry { times: 2, wait: Duration::from_millis(1) })
}

fn wish() -> CloneRequest {
    let samples = [(wav(100), Media::Wav), (mp3(10), Media::Mp3)];
    CloneRequest {
        name: "Alice's lounge".to_owned(),
        description: "Made by Plaza".to_owned(),
        samples: samples.map(|(bytes, media)| Sample { bytes: bytes.into(), media }).into(),
    }
}

fn answer(status: u16, body: &str) -> Vec<Step> {
    vec![Step::Whole(status, "application/json", body.as_bytes().to_vec())]
}

/// An error in the vendor's format.
fn refusal(status: u16, message: &str) -> Vec<Step> {
    answer(status, &json!({ "detail": { "status": "some_status", "message": message } }).to_string())
}

fn refused(status: u16, message: &str) -> ProviderError {
    ProviderError::Refused { status, message: message.to_owned() }
}

fn malformed(message: &str) -> ProviderError {
    ProviderError::Malformed(message.to_owned())
}

#[tokio::test]
async fn a_voice_is_made_and_deleted() {
    let fake = FakeOpenAi::start([
        answer(200, r#"{"voice_id":"c38kUX8pkfYO2kHyqfFy","requires_verification":false}"#),
        answer(200, r#"{"voice_id":"second","requires_verification":true}"#),
        answer(200, r#"{"status":"ok"}"#),
        refusal(404, "No such voice"),
        refusal(400, "A voice with voice_id second was not found."),
    ])
    .await;
    let server = server(&fake);
    let made = |id: &str, requires_verification| Ok(Cloned { id: id.to_owned(), requires_verification });
    assert_eq!(server.clone_voice(&wish()).await, made("c38kUX8pkfYO2kHyqfFy", false));
    assert_eq!(server.clone_voice(&wish()).await, made("second", true));
    for _ in 0..3 {
        assert_eq!(server.delete_voice("second").await, Ok(()));
    }

    let asked = fake.requests();
    assert!(asked[0].head.starts_with("POST /v1/voices/add HTTP"), "{}", asked[0].head);
    assert!(asked.iter().all(|asked| asked.header("xi-api-key") == Some(KEY)));
    assert!(asked.iter().all(|asked| asked.header("authorization").is_none()));
    let parts = asked[0].parts();
    let names: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.file_name.as_deref())).collect();
    let files = [("files", Some("sample1.wav")), ("files", Some("sample2.mp3"))];
    assert_eq!(names, [&[("name", None), ("description", None)][..], &files].concat());
    assert_eq!(parts[0].content, b"Alice's lounge");
    assert_eq!((&parts[2].content, &parts[3].content), (&wav(100), &mp3(10)));
    assert_eq!(parts[3].kind.as_deref(), Some("audio/mpeg"));
    assert!(asked[2].head.starts_with("DELETE /v1/voices/second HTTP"), "{}", asked[2].head);
}

#[tokio::test]
async fn a_server_that_fails() {
    let limit = Duration::from_millis(200);
    let unprocessable = r#"{"detail":[{"loc":["body","files"],"msg":"field required","type":"missing"}]}"#;
    for (script, error) in [
        (refusal(401, &format!("Invalid API key {KEY}")), refused(401, "Invalid API key [secret]")),
        (answer(422, unprocessable), refused(422, "field required")),
        (answer(400, r#"{"detail":"No"}"#), refused(400, "No")),
        (answer(502, "<h1>Bad gateway</h1>"), refused(502, "<h1>Bad gateway</h1>")),
        (answer(200, "{}"), malformed("the answer has no voice_id")),
        (answer(200, r#"{"voice_id":"../../x"}"#), malformed("the answer has no voice_id")),
        (
            answer(200, r#"{"voice_id""#),
            malformed("not JSON: EOF while parsing an object at line 1 column 11"),
        ),
        (vec![Step::Hang], ProviderError::Timeout(limit)),
        (vec![Step::Stream, send("{"), Step::Hang], ProviderError::Timeout(limit)),
    ] {
        let fake = FakeOpenAi::start(vec![script; 3]).await;
        let mut server = server(&fake);
        if matches!(error, ProviderError::Timeout(_)) {
            server = server.timeout(limit);
        }
        assert_eq!(server.clone_voice(&wish()).await, Err(error));
        // A repeated clone could leave an unknown voice.
        assert_eq!(fake.requests().len(), 1);
    }
    let fake = FakeOpenAi::start([vec![Step::Stream, send("{"), Step::Cut]]).await;
    assert!(matches!(server(&fake).clone_voice(&wish()).await, Err(ProviderError::Broken(_))));

    // Deletion is idempotent, so it is repeated.
    let fake = FakeOpenAi::start([answer(500, "busy"), vec![Step::Cut], answer(200, "{}")]).await;
    assert_eq!(server(&fake).delete_voice("x").await, Ok(()));
    assert_eq!(fake.requests().len(), 3);
    let fake = FakeOpenAi::start([refusal(401, "No")]).await;
    assert_eq!(server(&fake).delete_voice("x").await, Err(refused(401, "No")));
    for id in ["", "../voices", "a/b", "a?b", "é"] {
        let error = malformed("this is not the id of a voice");
        assert_eq!(server(&fake).delete_voice(id).await, Err(error), "{id}");
    }
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn voices_are_found_by_their_name() {
    let voices = json!({ "voices": [
        { "voice_id": "a", "name": "mine", "category": "cloned" },
        { "voice_id": "b", "name": "Mine" },
        { "name": "mine" },
        { "voice_id": "c", "name": "mine" },
    ] });
    let fake = FakeOpenAi::start([
        answer(200, &voices.to_string()),
        answer(404, "{}"),
        answer(200, "{}"),
        answer(200, "<"),
        answer(401, "{}"),
    ])
    .await;
    let server = server(&fake);
    assert_eq!(server.list_named("mine").await, Ok(vec!["a".to_owned(), "c".to_owned()]));
    assert_eq!(fake.requests()[0].path, "/v1/voices");
    assert_eq!(server.list_named("mine").await, Ok(Vec::new()));
    assert_eq!(server.list_named("mine").await, Err(malformed("the answer has no voices")));
    assert!(matches!(server.list_named("mine").await, Err(ProviderError::Malformed(_))));
    assert_eq!(server.list_named("mine").await, Err(refused(401, "{}")));
}

#[tokio::test]
async fn a_voice_that_was_made_speaks() {
    let sound = vec![Step::Whole(200, "audio/mpeg", mp3(100))];
    let fake = FakeOpenAi::start([sound, refusal(404, "No such voice"), refusal(401, KEY)]).await;
    let speech = server(&fake).speech();
    let spoken = speech.speak("Grüße.", Some("c38kUX8pkfYO2kHyqfFy")).await.expect("sound");
    assert_eq!((spoken.media, spoken.duration), (Media::Mp3, Duration::from_millis(2400)));
    let asked = &fake.requests()[0];
    assert_eq!(asked.path, "/v1/text-to-speech/c38kUX8pkfYO2kHyqfFy");
    assert_eq!(asked.header("xi-api-key"), Some(KEY));
    assert_eq!(asked.body, json!({ "text": "Grüße.", "model_id": "eleven_multilingual_v2" }));
    let unknown = |voice: &str| Err(SpeechError::UnknownVoice(voice.to_owned()));
    assert_eq!(speech.speak("Hi.", Some("gone")).await, unknown("gone"));
    let no_key = SpeechError::Refused { status: 401, message: "[secret]".to_owned() };
    assert_eq!(speech.speak("Hi.", Some("x")).await, Err(no_key));
    assert_eq!(speech.speak("Hi.", Some("../x")).await, unknown("../x"));
    assert_eq!(speech.speak("Hi.", None).await, unknown(""));
    assert_eq!(speech.speak(&"x".repeat(4001), Some("x")).await, Err(SpeechError::TooLong));
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn the_settings_choose_who_makes_voices() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let fake = FakeOpenAi::start([answer(200, r#"{"voice_id":"v"}"#)]).await;
    let settings =
        Settings { storage_url: folder.path().to_str().expect("text").to_owned(), ..Settings::default() };
    assert!(Adapters::new(&settings).expect("adapters").voices.is_none());
    let settings =
        Settings { voice_base_url: fake.root().to_owned(), voice_api_key: Secret::new(KEY), ..settings };
    let adapters = Adapters::new(&settings).expect("adapters");
    assert!(!format!("{adapters:?} {settings:?}").contains(KEY));
    let voices = adapters.voices.expect("a server");
    assert_eq!(voices.provider(), fake.root().trim_start_matches("http://"));
    assert_eq!(voices.clone_voice(&wish()).await.expect("a voice").id, "v");
}
