//! Speech: a server that speaks the OpenAI protocol, programs, and `espeak-ng`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use plaza::{
    adapters::{
        Adapters, Retry, client,
        speech::{OpenAiSpeech, Program, Speech, SpeechError, read_aloud},
    },
    config::Settings,
    media::Media,
    security::secret::Secret,
};
use serde_json::json;

use crate::support::{
    openai::{FakeOpenAi, Step, refusal, send},
    sound::{mp3, wav},
};

const KEY: &str = "sk-very-secret";

fn server(fake: &FakeOpenAi) -> OpenAiSpeech {
    let client = client(Duration::from_secs(5)).expect("a client");
    let mut server = OpenAiSpeech::new(client, fake.url.parse().expect("an address"), Secret::new(KEY));
    server.retry = Retry { times: 2, wait: Duration::from_millis(1) };
    server
}

fn whole(kind: &'static str, body: Vec<u8>) -> Vec<Step> {
    vec![Step::Whole(200, kind, body)]
}

#[tokio::test]
async fn a_server_speaks_and_the_sound_is_measured() {
    // The kind is determined by the content, not by the server's content type.
    let fake = FakeOpenAi::start([whole("audio/mpeg", wav(1500)), whole("audio/wav", mp3(100))]).await;
    let server = server(&fake);
    let sound = server.speak("Grüße aus 東京.", None).await.expect("sound");
    assert_eq!((sound.media, sound.duration), (Media::Wav, Duration::from_millis(1500)));
    assert_eq!(sound.bytes[4..8], (36_u32 + 72_000).to_le_bytes());
    assert_eq!(sound.bytes[40..44], 72_000_u32.to_le_bytes());
    let sound = server.speak("Hello.", Some("nova")).await.expect("sound");
    assert_eq!((sound.media, sound.duration), (Media::Mp3, Duration::from_millis(2400)));
    assert!(sound.bytes.starts_with(&[0xff, 0xf3]));

    let asked = fake.requests();
    assert_eq!(asked[0].path, "/v1/audio/speech");
    assert_eq!(asked[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let wanted =
        json!({ "model": "tts-1", "input": "Grüße aus 東京.", "voice": "alloy", "response_format": "mp3" });
    assert_eq!(asked[0].body, wanted);
    assert_eq!(asked[1].body["voice"], "nova");
    assert_eq!(server.provider(), fake.url.trim_start_matches("http://").trim_end_matches("/v1"));
}

#[tokio::test]
async fn a_server_that_fails() {
    let refused = |status, message: &str| SpeechError::Refused { status, message: message.to_owned() };
    for (script, asked, error) in [
        (refusal(401, &format!("Bad key {KEY}")), 1, refused(401, "Bad key [secret]")),
        (whole("application/json", b"{}".to_vec()), 1, SpeechError::NotAudio),
        (whole("audio/mpeg", Vec::new()), 1, SpeechError::NotAudio),
        (whole("audio/wav", vec![0; 17 * 1024 * 1024]), 1, SpeechError::TooLarge),
        (vec![Step::Stream, send(wav(100)), Step::Hang], 1, SpeechError::Timeout(Duration::from_millis(200))),
        (refusal(500, "busy"), 3, refused(500, "busy")),
    ] {
        let fake = FakeOpenAi::start(vec![script; 3]).await;
        let mut server = server(&fake);
        if matches!(error, SpeechError::Timeout(_)) {
            server.timeout = Duration::from_millis(200);
        }
        assert_eq!(server.speak("Hello.", None).await, Err(error));
        assert_eq!(fake.requests().len(), asked);
    }
    // Incomplete audio of a broken connection is refused.
    let broken = vec![Step::Stream, send(wav(100)), Step::Cut];
    let fake = FakeOpenAi::start([broken, whole("audio/wav", wav(100))]).await;
    assert!(server(&fake).speak("Hello.", None).await.is_ok());
    assert_eq!(fake.requests().len(), 2);
    assert_eq!(server(&fake).speak(&"x".repeat(4001), None).await, Err(SpeechError::TooLong));
}

#[tokio::test]
async fn a_text_is_read_aloud_in_its_order() {
    // Sentences are spoken concurrently, and the parts keep the order of the text.
    let program = fake_program("espeak-ng", None);
    let sound = read_aloud(&program, "Slow one. Two! Three?", None).await.expect("speaks").expect("sound");
    assert_eq!(sound.duration, Duration::from_millis(900 + 400 + 600));
    let samples = [b"S".repeat(9 * 1600), b"T".repeat(10 * 1600)].concat();
    assert!(sound.bytes[44..] == samples);
    assert_eq!(read_aloud(&program, " 🎉 … \n", None).await, Ok(None));
    let failed = read_aloud(&program, "One.\nnothing\nTwo.", None).await;
    assert_eq!(failed, Err(SpeechError::NotAudio));

    let fake = FakeOpenAi::start([whole("", mp3(10)), whole("", mp3(20))]).await;
    let sound = read_aloud(&server(&fake), "One. Two.", None).await.expect("speaks").expect("sound");
    assert_eq!((sound.media, sound.duration), (Media::Mp3, Duration::from_millis(720)));
    assert_eq!(sound.bytes.len(), 30 * 192);
}

/// The test's program; its language depends on its arguments.
fn fake_program(name: &str, voice: Option<&str>) -> Program {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/programs").join(name);
    Program::new(path, voice.map(str::to_owned), Duration::from_secs(60))
}

async fn told(program: &Program, voice: Option<&str>) -> String {
    program.speak("tell", voice).await.expect_err("it tells by failing").to_string()
}

#[tokio::test]
async fn a_program_gets_arguments_and_no_keys() {
    let espeak = fake_program("espeak-ng", None);
    let told_all = told(&espeak, None).await;
    assert!(told_all.contains("arguments --stdin --stdout -b1 -ven; environment"), "{told_all}");
    let environment = told_all.split("environment").nth(1).expect("names");
    let allowed = [
        "PATH",
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "ESPEAK_DATA_PATH",
        "TMPDIR",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    ];
    for name in environment.split_whitespace() {
        assert!(allowed.contains(&name), "{name}");
    }
    assert!(told(&espeak, Some("de+f3")).await.contains("-vde+f3;"));
    assert!(told(&espeak, Some("en-gb")).await.contains("-ven-gb;"));
    assert!(told(&fake_program("espeak-ng", Some("de")), None).await.contains("-vde;"));
    for voice in ["alloy", "-x", "../../etc/passwd", "de;id", "de f", "", "--help"] {
        let refused = espeak.speak("Hello.", Some(voice)).await;
        assert_eq!(refused, Err(SpeechError::UnknownVoice(voice.to_owned())));
    }

    let piper = fake_program("piper", Some("/models/thorsten.onnx"));
    assert!(told(&piper, None).await.contains("arguments --model /models/thorsten.onnx --output_file -;"));
    let folder = tempfile::TempDir::new().expect("a folder");
    let [one, two] = ["one", "two"].map(|name| folder.path().join(format!("{name}.onnx")));
    std::fs::write(&two, "").expect("writes");
    let piper = fake_program("piper", one.to_str());
    assert!(told(&piper, Some("two")).await.contains(&format!("--model {} --output_file", two.display())));
    assert_eq!(piper.speak("x", Some("three")).await, Err(SpeechError::UnknownVoice("three".to_owned())));
}

#[tokio::test]
async fn a_program_that_fails() {
    let espeak = fake_program("espeak-ng", None);
    for (text, words) in [
        ("complain", "the program failed: espeak-ng ended with exit status: 4: xxxx"),
        ("crash", "ended with signal: 11"),
    ] {
        let error = espeak.speak(text, None).await.expect_err("it fails").to_string();
        assert!(error.contains(words) && error.len() < 2000, "{error}");
    }
    assert_eq!(espeak.speak("nothing", None).await, Err(SpeechError::NotAudio));
    assert_eq!(espeak.speak("flood", None).await, Err(SpeechError::TooLarge));
    let missing = Program::new(PathBuf::from("/no/such/program"), None, Duration::from_secs(60));
    assert!(matches!(missing.speak("Hello.", None).await, Err(SpeechError::Failed(_))));
}

#[tokio::test]
async fn a_program_ends_when_its_time_is_over() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/programs/espeak-ng");
    let limit = Duration::from_millis(300);
    let espeak = Program::new(path, None, limit);
    assert_eq!(espeak.speak("hang", None).await, Err(SpeechError::Timeout(limit)));
    let ended = async {
        while runs_below_us("sleep 86399") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("the program is ended");
}

/// Returns whether this process has a running child with this command line.
fn runs_below_us(command: &str) -> bool {
    let own = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").expect("reads").filter_map(Result::ok);
    processes.map(|entry| entry.path()).any(|path| {
        let line = std::fs::read_to_string(path.join("cmdline")).unwrap_or_default().replace('\0', " ");
        let state = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
        let parent =
            state.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1).map(str::to_owned));
        line.trim() == command && parent.as_deref() == Some(&own)
    })
}

/// Returns the installed program; `None` if it is missing and not required.
fn espeak() -> Option<Program> {
    let path = Program::installed(None);
    if path.is_none() {
        assert!(std::env::var_os("CI").is_none(), "espeak-ng has to be installed where CI is set");
        eprintln!("skipped: espeak-ng is not installed");
    }
    Some(Program::new(path?, None, Duration::from_secs(60)))
}

#[tokio::test]
async fn espeak_ng_speaks() {
    let Some(espeak) = espeak() else { return };
    let mut lengths = Vec::new();
    for text in [
        "Hello, how are you today?",
        "Guten Tag, wie geht es Ihnen heute?",
        "你好，今天天气很好。",
        "Один, два, три.",
    ] {
        let sound = espeak.speak(text, None).await.expect("sound");
        let number = |at: usize| u32::from_le_bytes(sound.bytes[at..at + 4].try_into().expect("four bytes"));
        assert_eq!(
            (&sound.bytes[..4], &sound.bytes[8..12], &sound.bytes[36..40]),
            (&b"RIFF"[..], &b"WAVE"[..], &b"data"[..])
        );
        assert_eq!(number(4) as usize, sound.bytes.len() - 8);
        assert_eq!(number(40) as usize, sound.bytes.len() - 44);
        assert_eq!(number(24), 22_050, "samples a second");
        let seconds = f64::from(number(40)) / 44_100.0;
        assert!((sound.duration.as_secs_f64() - seconds).abs() < 0.001);
        assert!((0.5..10.0).contains(&seconds), "{text}: {seconds} s");
        assert!(sound.bytes[44..].iter().any(|byte| *byte != 0), "it is not silent");
        lengths.push(sound.duration);
    }
    let all =
        read_aloud(&espeak, "Hello, how are you today? Guten Tag, wie geht es Ihnen heute?", None).await;
    assert_eq!(all.expect("speaks").expect("sound").duration, lengths[0] + lengths[1]);
    assert!(espeak.speak("Hello.", Some("en-us+f3")).await.is_ok());
    assert_eq!(
        espeak.speak("Hello.", Some("alloy")).await,
        Err(SpeechError::UnknownVoice("alloy".to_owned()))
    );
    // Text that looks like options, commands or markup is only spoken.
    assert!(espeak.speak("--version; $(id) `id` | cat <speak> & ' \"", None).await.is_ok());
}

#[tokio::test]
async fn the_settings_choose_who_speaks() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let storage_url = folder.path().to_str().expect("text").to_owned();
    let fake = FakeOpenAi::start([whole("audio/wav", wav(100))]).await;
    let settings = Settings { storage_url, ..Settings::default() };
    let off = Settings { speech_program: "off".to_owned(), ..settings.clone() };
    assert!(Adapters::new(&off).expect("adapters").speech.is_none());
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/programs/piper");
    let named = Settings { speech_program: program.to_str().expect("text").to_owned(), ..settings.clone() };
    assert_eq!(Adapters::new(&named).expect("adapters").speech.expect("a program").provider(), "piper");
    let missing = Settings { speech_program: "/no/such".to_owned(), ..settings.clone() };
    assert!(
        Adapters::new(&missing).expect_err("no program").to_string().contains("there is no program /no/such")
    );

    let server = Settings {
        speech_base_url: fake.url.clone(),
        speech_model: "kokoro".to_owned(),
        speech_voice: "af_sky".to_owned(),
        speech_format: "wav".to_owned(),
        speech_program: "off".to_owned(),
        ..settings
    };
    let speech = Adapters::new(&server).expect("adapters").speech.expect("a server");
    speech.speak("Hello.", None).await.expect("sound");
    let wanted = json!({ "model": "kokoro", "input": "Hello.", "voice": "af_sky", "response_format": "wav" });
    assert_eq!(fake.requests()[0].body, wanted);
    assert_eq!(fake.requests()[0].header("authorization"), None);
}
