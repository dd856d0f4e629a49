//! Any server that speaks the OpenAI protocol: `POST {base}/audio/transcriptions`.

use std::time::Duration;

use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Client, Method, multipart::Form};
use url::Url;

use super::{Recording, Transcription};
use crate::{
    adapters::{
        client::Retry,
        multipart::file,
        provider::{ApiCredential, ProviderError, Server},
    },
    security::secret::Secret,
};

/// A server that speaks the OpenAI protocol.
pub struct OpenAiTranscription {
    server: Server,
    model: String,
}

impl OpenAiTranscription {
    /// Creates a client of the server at `base`, such as `https://api.openai.com/v1`, for this model.
    pub fn new(client: Client, base: Url, key: Secret, model: impl Into<String>) -> Self {
        Self { server: Server::new(client, base, key, ApiCredential::Bearer), model: model.into() }
    }

    /// Sets the maximum time of a transcription.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.server.timeout = timeout;
        self
    }

    /// Sets the repetitions.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.server.retry = retry;
        self
    }
}

impl Transcription for OpenAiTranscription {
    fn transcribe<'a>(
        &'a self,
        recording: &'a Recording,
        language: Option<&'a str>,
    ) -> BoxFuture<'a, Result<String, ProviderError>> {
        async move {
            let answer = self.server.ask_json(Method::POST, "audio/transcriptions", |request| {
                let form = Form::new()
                    .text("model", self.model.clone())
                    .text("response_format", "json")
                    .part("file", file(&recording.bytes, recording.media, "recording"));
                request.multipart(match language {
                    Some(language) => form.text("language", language.to_owned()),
                    None => form,
                })
            });
            match answer.await?["text"].as_str() {
                Some(text) => Ok(text.trim().to_owned()),
                None => Err(ProviderError::Malformed("the answer has no text".to_owned())),
            }
        }
        .boxed()
    }

    fn provider(&self) -> &str {
        &self.server.host
    }
}
