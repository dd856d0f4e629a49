//! Speech in cloned voices.

use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Method, header};
use serde_json::json;

use crate::{
    adapters::{
        provider::{ProviderError, Server},
        speech::{MAX_BYTES, Speech, SpeechError, check},
    },
    audio::Audio,
};

/// Speaks by `POST {base}/v1/text-to-speech/{id}`.
pub(super) struct Spoken {
    server: Server,
    model: String,
}

impl Spoken {
    pub(super) fn new(server: Server, model: String) -> Self {
        Self { server, model }
    }
}

impl Speech for Spoken {
    fn speak<'a>(
        &'a self,
        sentence: &'a str,
        voice: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Audio, SpeechError>> {
        async move {
            check(sentence)?;
            let voice = voice.unwrap_or_default();
            if !is_id(voice) {
                return Err(SpeechError::UnknownVoice(voice.to_owned()));
            }
            let body = json!({ "text": sentence, "model_id": self.model }).to_string();
            let path = format!("v1/text-to-speech/{voice}");
            let sound = self.server.ask(Method::POST, &path, MAX_BYTES, |request| {
                request
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::ACCEPT, "audio/mpeg")
                    .body(body.clone())
            });
            Audio::read(&sound.await.map_err(|error| failed(error, voice))?).ok_or(SpeechError::NotAudio)
        }
        .boxed()
    }

    fn provider(&self) -> &str {
        &self.server.host
    }
}

fn failed(error: ProviderError, voice: &str) -> SpeechError {
    match error {
        ProviderError::Refused { status: 404, .. } => SpeechError::UnknownVoice(voice.to_owned()),
        ProviderError::Refused { status, message } => SpeechError::Refused { status, message },
        ProviderError::Unreachable(text) => SpeechError::Unreachable(text),
        ProviderError::Broken(text) => SpeechError::Broken(text),
        ProviderError::Timeout(limit) => SpeechError::Timeout(limit),
        ProviderError::TooLarge(_) => SpeechError::TooLarge,
        ProviderError::Malformed(_) => SpeechError::NotAudio,
    }
}

/// Returns whether a text can be the id of a voice.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(plain)
}

/// Maximum characters of an id, which is part of a path.
const LONGEST_ID: usize = 100;
