//! Any server that speaks the OpenAI protocol: `POST {base}/audio/speech`.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Client, header};
use serde_json::json;
use tokio::time::timeout;
use url::Url;

use super::{MAX_BYTES, Speech, SpeechError, check};
use crate::audio::Audio;
use crate::{
    adapters::client::{Retry, brief, describe, endpoint, host, read},
    security::secret::Secret,
};

/// Maximum bytes of a refusal.
const REFUSAL: usize = 16 * 1024;

/// A server that speaks the OpenAI protocol.
pub struct OpenAiSpeech {
    client: Client,
    endpoint: Url,
    host: String,
    key: Secret,
    /// Name of the model.
    pub model: String,
    /// Voice of agents without a voice.
    pub voice: String,
    /// Audio format, `wav` or `mp3`.
    pub format: String,
    /// Maximum time to speak a sentence.
    pub timeout: Duration,
    /// Repetitions of a failed request.
    pub retry: Retry,
}

impl OpenAiSpeech {
    /// Creates a client of the server at `base`, such as `https://api.openai.com/v1`.
    pub fn new(client: Client, base: Url, key: Secret) -> Self {
        Self {
            client,
            host: host(&base),
            endpoint: endpoint(base, "audio/speech"),
            key,
            model: "tts-1".to_owned(),
            voice: "alloy".to_owned(),
            format: "mp3".to_owned(),
            timeout: Duration::from_secs(30),
            retry: Retry::default(),
        }
    }

    async fn attempt(&self, body: Bytes) -> Result<Audio, SpeechError> {
        timeout(self.timeout, self.ask(body)).await.unwrap_or(Err(SpeechError::Timeout(self.timeout)))
    }

    async fn ask(&self, body: Bytes) -> Result<Audio, SpeechError> {
        let mut request = self
            .client
            .post(self.endpoint.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        if !self.key.is_empty() {
            request = request.bearer_auth(self.key.expose());
        }
        let response = request.send().await.map_err(|error| {
            let connected = !error.is_connect();
            let text = describe(error);
            if connected { SpeechError::Broken(text) } else { SpeechError::Unreachable(text) }
        })?;
        let status = response.status();
        if !status.is_success() {
            let body = read(response, REFUSAL).await.ok().flatten().unwrap_or_default();
            let message = brief(&message(&body), &self.key);
            return Err(SpeechError::Refused { status: status.as_u16(), message });
        }
        let sound = read(response, MAX_BYTES).await.map_err(|error| SpeechError::Broken(describe(error)))?;
        Audio::read(&sound.ok_or(SpeechError::TooLarge)?).ok_or(SpeechError::NotAudio)
    }
}

impl Speech for OpenAiSpeech {
    fn speak<'a>(
        &'a self,
        sentence: &'a str,
        voice: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Audio, SpeechError>> {
        async move {
            check(sentence)?;
            let body = json!({
                "model": self.model,
                "input": sentence,
                "voice": voice.unwrap_or(&self.voice),
                "response_format": self.format,
            });
            let body = Bytes::from(body.to_string());
            self.retry.run(&self.host, may_pass, || self.attempt(body.clone())).await
        }
        .boxed()
    }

    fn provider(&self) -> &str {
        &self.host
    }
}

/// Returns whether the same request may succeed soon.
fn may_pass(error: &SpeechError) -> bool {
    match error {
        SpeechError::Refused { status, .. } => *status >= 500,
        SpeechError::Unreachable(_) | SpeechError::Broken(_) => true,
        _ => false,
    }
}

/// Returns the message of an error body, or the body itself.
fn message(body: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    match json["error"]["message"].as_str() {
        Some(message) => message.to_owned(),
        None => String::from_utf8_lossy(body).into_owned(),
    }
}
