//! Any server that speaks the ElevenLabs protocol: `voices`, `voices/add`, `voices/{id}`,
//! `text-to-speech/{id}`.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Client, Method, multipart::Form};
use url::Url;

use super::{
    CloneRequest, Cloned, VoiceCloning,
    spoken::{Spoken, is_id},
};
use crate::{
    adapters::{
        client::Retry,
        multipart::file,
        provider::{ApiCredential, ProviderError, Server},
        speech::Speech,
    },
    security::secret::Secret,
};

/// Maximum bytes of a list of voices.
const LIST: usize = 8 * 1024 * 1024;

/// A server that speaks the ElevenLabs protocol.
pub struct ElevenLabs {
    server: Server,
    model: String,
    /// Maximum time to speak a sentence.
    speech_timeout: Duration,
}

impl ElevenLabs {
    /// Creates a client of the server at `base`, such as `https://api.elevenlabs.io`, whose voices use this
    /// model.
    pub fn new(client: Client, base: Url, key: Secret, model: impl Into<String>) -> Self {
        let server = Server::new(client, base, key, ApiCredential::Header("xi-api-key"));
        Self { server, model: model.into(), speech_timeout: Duration::from_secs(30) }
    }

    /// Sets the maximum time to clone a voice.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.server.timeout = timeout;
        self
    }

    /// Sets the maximum time to speak a sentence.
    #[must_use]
    pub fn speech_timeout(mut self, timeout: Duration) -> Self {
        self.speech_timeout = timeout;
        self
    }

    /// Sets the repetitions.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.server.retry = retry;
        self
    }
}

impl VoiceCloning for ElevenLabs {
    fn clone_voice<'a>(&'a self, wish: &'a CloneRequest) -> BoxFuture<'a, Result<Cloned, ProviderError>> {
        async move {
            // Cloning is not repeated, because a clone whose answer was lost would remain at the provider.
            let once = self.server.once();
            let answer = once.ask_json(Method::POST, "v1/voices/add", |request| {
                let form =
                    Form::new().text("name", wish.name.clone()).text("description", wish.description.clone());
                let samples = wish.samples.iter().enumerate();
                request.multipart(samples.fold(form, |form, (number, sample)| {
                    let name = format!("sample{}", number + 1);
                    form.part("files", file(&sample.bytes, sample.media, &name))
                }))
            });
            let answer = answer.await?;
            let id = answer["voice_id"].as_str().filter(|id| is_id(id));
            let id = id.ok_or_else(|| ProviderError::Malformed("the answer has no voice_id".to_owned()))?;
            let requires_verification = answer["requires_verification"].as_bool().unwrap_or_default();
            Ok(Cloned { id: id.to_owned(), requires_verification })
        }
        .boxed()
    }

    fn delete_voice<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), ProviderError>> {
        async move {
            if !is_id(id) {
                return Err(ProviderError::Malformed("this is not the id of a voice".to_owned()));
            }
            let path = format!("v1/voices/{id}");
            match self.server.ask(Method::DELETE, &path, 64 * 1024, |request| request).await {
                Ok(_) | Err(ProviderError::Refused { status: 404, .. }) => Ok(()),
                // The vendor reports a missing voice in this way.
                Err(ProviderError::Refused { status: 400, message }) if message.contains("not found") => {
                    Ok(())
                }
                Err(error) => Err(error),
            }
        }
        .boxed()
    }

    fn list_named<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, ProviderError>> {
        async move {
            let answer = match self.server.ask(Method::GET, "v1/voices", LIST, |request| request).await {
                // Compatible servers may have no list.
                Err(ProviderError::Refused { status: 404 | 405, .. }) => return Ok(Vec::new()),
                answer => answer?,
            };
            let answer: serde_json::Value = serde_json::from_slice(&answer)
                .map_err(|error| ProviderError::Malformed(format!("not JSON: {error}")))?;
            let voices = answer["voices"].as_array();
            let voices =
                voices.ok_or_else(|| ProviderError::Malformed("the answer has no voices".to_owned()))?;
            let named = voices.iter().filter(|voice| voice["name"].as_str() == Some(name));
            Ok(named.filter_map(|voice| Some(voice["voice_id"].as_str()?.to_owned())).collect())
        }
        .boxed()
    }

    fn speech(&self) -> Arc<dyn Speech> {
        Arc::new(Spoken::new(self.server.within(self.speech_timeout), self.model.clone()))
    }

    fn provider(&self) -> &str {
        &self.server.host
    }
}
