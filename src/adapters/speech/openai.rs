//! Any server that speaks the OpenAI protocol: `POST {base}/audio/speech`.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Client, header};
use serde_json::json;
use tokio::time::timeout;
use url::Url;

use super::{Audio, LARGEST, Speech, SpeechError, check};
use crate::{
    adapters::client::{Retry, brief, describe, endpoint, host, read},
    secret::Secret,
};

/// So much of a refusal is read, in bytes.
const REFUSAL: usize = 16 * 1024;

/// A server that speaks the OpenAI protocol.
pub struct OpenAiSpeech {
    client: Client,
    endpoint: Url,
    host: String,
    key: Secret,
    /// The model to ask for.
    pub model: String,
    /// The voice of those who name none.
    pub voice: String,
    /// `wav` or `mp3`.
    pub format: String,
    /// How long a sentence may take.
    pub timeout: Duration,
    /// How often it is tried again.
    pub retry: Retry,
}

impl OpenAiSpeech {
    /// A server at `base`, such as `https://api.openai.com/v1`.
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
        let sound = read(response, LARGEST).await.map_err(|error| SpeechError::Broken(describe(error)))?;
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

/// Whether the same request may well succeed a moment later.
fn may_pass(error: &SpeechError) -> bool {
    match error {
        SpeechError::Refused { status, .. } => *status >= 500,
        SpeechError::Unreachable(_) | SpeechError::Broken(_) => true,
        _ => false,
    }
}

/// The message of an error's body, or the body itself.
fn message(body: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    match json["error"]["message"].as_str() {
        Some(message) => message.to_owned(),
        None => String::from_utf8_lossy(body).into_owned(),
    }
}
