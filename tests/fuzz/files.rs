//! Audio files and forms.

use axum::http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use bytes::Bytes;
use plaza::{
    audio::{Audio, Sound},
    transport::form,
};

use crate::{
    random::{attempt, seeds},
    support::sound,
};

#[tokio::test]
async fn sounds() {
    let sound = [sound::wav(200), sound::mp3(20), sound::ogg(2), sound::webm(700), sound::m4a(700)];
    let sound: Vec<&[u8]> = sound.iter().map(Vec::as_slice).collect();
    let words = [
        "RIFF",
        "data",
        "fmt ",
        "OggS",
        "moov",
        "mvhd",
        "moof",
        "\u{1a}E",
        "ID3",
        "TAG",
        "LIST",
        "\u{0}\u{0}\u{0}\u{0}",
    ];
    for seed in seeds() {
        attempt("sounds", seed, async |random| {
            let bytes = Bytes::from(random.change(random.pick(&sound), &words));
            let length = bytes.len();
            if let Some(sound) = Sound::read(bytes.clone()) {
                assert!(sound.bytes.len() <= length + 64, "what is kept is what came");
            }
            if let Some(audio) = Audio::read(&bytes) {
                assert!(audio.bytes.len() <= length + 64, "what is kept is what came");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn forms() {
    let whole = "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\": \"{ a }\"}\r\n\
                 --x\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{\"0\": [\"variables.file\"]}\r\n\
                 --x\r\nContent-Disposition: form-data; name=\"0\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\n\
                 abc\r\n--x--\r\n";
    let words = [
        "--x",
        "\r\n",
        "--x--",
        "name=\"",
        "filename*=UTF-8''%ff",
        "\r\n\r\n",
        "Content-Type: ",
        ";",
        "\u{0}",
    ];
    for seed in seeds() {
        attempt("forms", seed, async |random| {
            let kind =
                random.change_text("multipart/form-data; boundary=x", &["\"", ";", "=", "boundary", "x"]);
            let mut headers = HeaderMap::new();
            let kind = if random.below(4) == 0 { kind } else { "multipart/form-data; boundary=x".to_owned() };
            let Ok(kind) = HeaderValue::from_str(&kind) else { return };
            headers.insert(CONTENT_TYPE, kind);
            let limits = form::Limits { files: 2, file_bytes: 1000 };
            let body = Bytes::from(random.change(whole.as_bytes(), &words));
            if let Ok(parts) = form::read(&headers, body, limits).await {
                let is_file = |part: &&form::Part| matches!(part.content, form::Content::File(_));
                assert!(parts.iter().filter(is_file).count() <= 2);
            }
        })
        .await;
    }
}
