//! Transcription by a server that speaks the OpenAI protocol.

use std::time::Duration;

use plaza::{
    adapters::{
        Adapters, ProviderError, Retry, client,
        transcription::{OpenAiTranscription, Recording, Transcription},
    },
    config::Settings,
    media::Media,
    security::secret::Secret,
};

use crate::support::{
    openai::{FakeOpenAi, Step, refusal, send},
    sound::{mp3, wav},
};

const KEY: &str = "sk-very-secret";

fn server(fake: &FakeOpenAi) -> OpenAiTranscription {
    let client = client(Duration::from_secs(5)).expect("a client");
    let url = fake.url.parse().expect("an address");
    OpenAiTranscription::new(client, url, Secret::new(KEY), "whisper-1")
        .retry(Retry { times: 2, wait: Duration::from_millis(1) })
}

fn recording() -> Recording {
    Recording { bytes: wav(100).into(), media: Media::Wav }
}

fn answer(body: &str) -> Vec<Step> {
    vec![Step::Whole(200, "application/json", body.as_bytes().to_vec())]
}

#[tokio::test]
async fn a_recording_is_sent_as_a_form() {
    let fake = FakeOpenAi::start([
        answer(r#"{"text":" Grüße aus 東京.\n"}"#),
        answer(r#"{"text":"","usage":{"seconds":1}}"#),
    ])
    .await;
    let server = server(&fake);
    assert_eq!(server.transcribe(&recording(), None).await, Ok("Grüße aus 東京.".to_owned()));
    let sound = Recording { bytes: mp3(10).into(), media: Media::Mp3 };
    assert_eq!(server.transcribe(&sound, Some("de")).await, Ok(String::new()));

    let asked = fake.requests();
    assert_eq!(asked[0].path, "/v1/audio/transcriptions");
    assert_eq!(asked[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let mut told = String::new();
    for asked in &asked {
        for part in asked.parts() {
            let file = part.file_name.zip(part.kind).map(|(name, kind)| format!("{name} as {kind}"));
            let content = file.clone().unwrap_or_else(|| String::from_utf8_lossy(&part.content).into());
            told += &format!("{}: {content}\n", part.name);
            if file.is_some() {
                assert!([wav(100), mp3(10)].contains(&part.content), "the file is whole");
            }
        }
    }
    let wanted = "\
        model: whisper-1\n\
        response_format: json\n\
        file: recording.wav as audio/wav\n\
        model: whisper-1\n\
        response_format: json\n\
        file: recording.mp3 as audio/mpeg\n\
        language: de\n";
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_server_that_fails() {
    let refused = |status, message: &str| ProviderError::Refused { status, message: message.to_owned() };
    let malformed = |message: &str| ProviderError::Malformed(message.to_owned());
    let limit = Duration::from_millis(200);
    for (script, asked, error) in [
        (refusal(401, &format!("Bad key {KEY}")), 1, refused(401, "Bad key [secret]")),
        (refusal(422, "Unknown format"), 1, refused(422, "Unknown format")),
        (refusal(429, "Slow down"), 1, refused(429, "Slow down")),
        (refusal(500, "busy"), 3, refused(500, "busy")),
        (answer("{\"words\":[]}"), 1, malformed("the answer has no text")),
        (answer("{\"text\":"), 1, malformed("not JSON: EOF while parsing a value at line 1 column 8")),
        (answer("<html>"), 1, malformed("not JSON: expected value at line 1 column 1")),
        (answer(&" ".repeat(2_000_000)), 1, ProviderError::TooLarge(1024 * 1024)),
        (vec![Step::Stream, send("{\"te"), Step::Hang], 1, ProviderError::Timeout(limit)),
        (vec![Step::Hang], 1, ProviderError::Timeout(limit)),
    ] {
        let fake = FakeOpenAi::start(vec![script; 3]).await;
        let mut server = server(&fake);
        if matches!(error, ProviderError::Timeout(_)) {
            server = server.timeout(limit);
        }
        assert_eq!(server.transcribe(&recording(), None).await, Err(error));
        assert_eq!(fake.requests().len(), asked);
    }
    // An incomplete answer is repeated with the whole recording.
    let fake = FakeOpenAi::start([
        vec![Step::Stream, send("{\"te"), Step::Cut],
        vec![Step::Cut],
        answer("{\"text\":\"Hi\"}"),
    ])
    .await;
    assert_eq!(server(&fake).transcribe(&recording(), None).await, Ok("Hi".to_owned()));
    assert_eq!(fake.requests().len(), 3);
    assert!(fake.requests()[2].bytes.windows(40).any(|window| window == &wav(100)[..40]));

    let client = client(Duration::from_secs(5)).expect("a client");
    let closed = OpenAiTranscription::new(
        client,
        "http://127.0.0.1:1/v1?key=sk-very-secret".parse().expect("an address"),
        Secret::new(KEY),
        "x",
    );
    let error = closed.retry(Retry { times: 0, wait: limit }).transcribe(&recording(), None).await;
    let error = error.expect_err("nobody is there");
    assert!(matches!(error, ProviderError::Unreachable(_)), "{error}");
    assert!(!error.to_string().contains(KEY), "{error}");
}

#[tokio::test]
async fn the_settings_choose_who_writes() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let fake = FakeOpenAi::start([answer("{\"text\":\"Hi\"}")]).await;
    let settings =
        Settings { storage_url: folder.path().to_str().expect("text").to_owned(), ..Settings::default() };
    assert!(Adapters::new(&settings).expect("adapters").transcription.is_none());
    let settings = Settings {
        transcription_base_url: format!("{}/", fake.url),
        transcription_model: "large-v3".to_owned(),
        ..settings
    };
    let writer = Adapters::new(&settings).expect("adapters").transcription.expect("a server");
    assert_eq!(writer.provider(), fake.root().trim_start_matches("http://"));
    assert_eq!(writer.transcribe(&recording(), None).await, Ok("Hi".to_owned()));
    let asked = &fake.requests()[0];
    assert_eq!((asked.path.as_str(), asked.header("authorization")), ("/v1/audio/transcriptions", None));
    assert_eq!(asked.parts()[0].content, b"large-v3");
}
