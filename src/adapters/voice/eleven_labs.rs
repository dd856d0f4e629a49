//! Any server that speaks the protocol of ElevenLabs: `voices`, `voices/add`, `voices/{id}`, `text-to-speech/{id}`.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Client, Method, multipart::Form};
use url::Url;

use super::{Cloned, VoiceCloning, Wish, spoken::Spoken};
use crate::{
    adapters::{
        client::Retry,
        multipart::file,
        provider::{Proof, ProviderError, Server},
        speech::Speech,
    },
    secret::Secret,
};

/// An id is part of a path: nothing else is taken as one.
const LONGEST_ID: usize = 100;
/// So much of a list of voices is read, in bytes.
const LIST: usize = 8 * 1024 * 1024;

/// A server that speaks the protocol of ElevenLabs.
pub struct ElevenLabs {
    server: Server,
    model: String,
    /// How long a sentence may take.
    speech_timeout: Duration,
}

impl ElevenLabs {
    /// A server at `base`, such as `https://api.elevenlabs.io`, whose voices speak by this model.
    pub fn new(client: Client, base: Url, key: Secret, model: impl Into<String>) -> Self {
        let server = Server::new(client, base, key, Proof::Header("xi-api-key"));
        Self { server, model: model.into(), speech_timeout: Duration::from_secs(30) }
    }

    /// How long making a voice may take.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.server.timeout = timeout;
        self
    }

    /// How long a sentence may take.
    #[must_use]
    pub fn speech_timeout(mut self, timeout: Duration) -> Self {
        self.speech_timeout = timeout;
        self
    }

    /// How often it is tried again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.server.retry = retry;
        self
    }
}

impl VoiceCloning for ElevenLabs {
    fn clone_voice<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Cloned, ProviderError>> {
        async move {
            // A voice that was made and not told of would stay there for ever: making one is not tried again.
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
                return Err(ProviderError::Malformed("this is no id of a voice".to_owned()));
            }
            let path = format!("v1/voices/{id}");
            match self.server.ask(Method::DELETE, &path, 64 * 1024, |request| request).await {
                Ok(_) | Err(ProviderError::Refused { status: 404, .. }) => Ok(()),
                // So the vendor says that there is no such voice.
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
                // Servers that are only like the vendor's may have no list.
                Err(ProviderError::Refused { status: 404 | 405, .. }) => return Ok(Vec::new()),
                answer => answer?,
            };
            let answer: serde_json::Value = serde_json::from_slice(&answer)
                .map_err(|error| ProviderError::Malformed(format!("no JSON: {error}")))?;
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

/// Whether a text can be a voice's id.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(plain)
}
