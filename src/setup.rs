//! Creates the configured adapters.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use url::Url;

use crate::adapters::{
    Adapters,
    client::{base, client},
    fetch::{Fetch, Network},
    model::{Model, Models, OpenAi, Routing, Timeouts},
    speech::{OpenAiSpeech, Program, Speech},
    storage::Storage,
    transcription::{OpenAiTranscription, Transcription},
    voice::{ElevenLabs, VoiceCloning},
};
use crate::{
    bus::Nats,
    config::{Settings, Switch},
    database::sqlite_file,
    security::secret::Secret,
};

impl Adapters {
    /// Creates the adapters of these settings.
    ///
    /// # Errors
    /// Returns an error if a setting is invalid, a variable that it names is not set, or a folder cannot be
    /// created.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self {
            models: models(settings)?,
            speech: speech(settings)?,
            transcription: transcription(settings)?,
            voices: voices(settings)?,
            fetch: Fetch::new(allowed(settings)?),
            storage: storage(settings)?,
        })
    }
}

/// Validates the settings of the adapters.
///
/// # Errors
/// Returns an error that names the first invalid setting.
pub fn check(settings: &Settings) -> Result<()> {
    for (name, url) in [
        ("model_base_url", &settings.model_base_url),
        ("speech_base_url", &settings.speech_base_url),
        ("transcription_base_url", &settings.transcription_base_url),
        ("voice_base_url", &settings.voice_base_url),
        ("otlp_endpoint", &settings.otlp_endpoint),
    ] {
        if !url.is_empty() {
            base(url).context(name)?;
        }
    }
    routes(settings)?;
    if !settings.bus_url.is_empty() {
        Nats::new(&settings.bus_url, &settings.bus_subject)?;
    }
    let seconds = [
        settings.model_connect_timeout,
        settings.model_first_byte_timeout,
        settings.model_idle_timeout,
        settings.speech_timeout,
        settings.transcription_timeout,
        settings.voice_timeout,
    ];
    if seconds.contains(&0) {
        bail!(
            "model_connect_timeout, model_first_byte_timeout, model_idle_timeout, speech_timeout, \
             transcription_timeout and voice_timeout must be at least 1"
        );
    }
    allowed(settings)?;
    if !matches!(settings.speech_format.as_str(), "wav" | "mp3") {
        bail!("speech_format must be wav or mp3");
    }
    bucket(&settings.storage_url)?;
    Ok(())
}

/// A configured provider.
pub struct Endpoint {
    /// The setting that names it.
    pub setting: &'static str,
    /// Base URL.
    pub url: Url,
    /// The key, sent as a bearer token; ElevenLabs has a header of its own.
    pub key: Secret,
}

/// Returns the configured providers.
///
/// # Errors
/// Returns an error if a setting is invalid, or a variable that it names is not set.
pub fn list_endpoints(settings: &Settings) -> Result<Vec<Endpoint>> {
    let mut endpoints = Vec::new();
    for (setting, url, key) in [
        ("model_base_url", &settings.model_base_url, &settings.model_api_key),
        ("speech_base_url", &settings.speech_base_url, &settings.speech_api_key),
        ("transcription_base_url", &settings.transcription_base_url, &settings.transcription_api_key),
        ("voice_base_url", &settings.voice_base_url, &settings.voice_api_key),
    ] {
        if !url.is_empty() {
            endpoints.push(Endpoint { setting, url: base(url).context(setting)?, key: key.clone() });
        }
    }
    for Routing { url, key, .. } in routes(settings)? {
        endpoints.push(Endpoint { setting: "model_routes", url, key: route_key(key)? });
    }
    Ok(endpoints)
}

/// Returns the key in a variable that a route names.
fn route_key(variable: Option<String>) -> Result<Secret> {
    let Some(name) = variable else { return Ok(Secret::default()) };
    let key = std::env::var(&name);
    Ok(Secret::new(key.with_context(|| format!("model_routes: the variable {name} is not set"))?))
}

fn routes(settings: &Settings) -> Result<Vec<Routing>> {
    let routes = settings.model_routes.iter();
    routes.map(|line| line.parse().with_context(|| format!("model_routes: {line:?}"))).collect()
}

/// The default of `model_default` if `model_base_url` is set.
const DEFAULT_MODEL: &str = "gpt-4o-mini";

fn models(settings: &Settings) -> Result<Models> {
    let named = Some(settings.model_default.clone()).filter(|name| !name.is_empty());
    // A base URL and a key suffice.
    let default = named.or_else(|| (!settings.model_base_url.is_empty()).then(|| DEFAULT_MODEL.to_owned()));
    let mut servers = Vec::new();
    for Routing { prefix, url, key } in routes(settings)? {
        servers.push((prefix, url, route_key(key)?));
    }
    if !settings.model_base_url.is_empty() {
        servers.push((String::new(), base(&settings.model_base_url)?, settings.model_api_key.clone()));
    }
    if servers.is_empty() {
        return Ok(Models::new(default, Vec::new()));
    }
    let client = client(Duration::from_secs(settings.model_connect_timeout))?;
    let timeouts = Timeouts {
        first_byte: Duration::from_secs(settings.model_first_byte_timeout),
        idle: Duration::from_secs(settings.model_idle_timeout),
    };
    let providers = servers.into_iter().map(|(prefix, url, key)| {
        let cut = if prefix.ends_with('/') { prefix.as_str() } else { "" };
        let server = OpenAi::new(client.clone(), url, key, timeouts)
            .max_tokens(settings.model_max_tokens)
            .named(settings.model_names == Switch::On)
            .cut(cut);
        (prefix, Arc::new(server) as Arc<dyn Model>)
    });
    let models = Models::new(default, providers.collect());
    if !models.serves("") {
        tracing::warn!(
            "agents without a model cannot be asked: set model_default to a model of model_routes"
        );
    }
    Ok(models)
}

fn speech(settings: &Settings) -> Result<Option<Arc<dyn Speech>>> {
    let voice = Some(settings.speech_voice.clone()).filter(|voice| !voice.is_empty());
    let timeout = Duration::from_secs(settings.speech_timeout);
    if !settings.speech_base_url.is_empty() {
        let client = client(Duration::from_secs(settings.model_connect_timeout))?;
        let key = settings.speech_api_key.clone();
        let mut server = OpenAiSpeech::new(client, base(&settings.speech_base_url)?, key);
        server.model.clone_from(&settings.speech_model);
        server.format.clone_from(&settings.speech_format);
        server.timeout = timeout;
        if let Some(voice) = voice {
            server.voice = voice;
        }
        return Ok(Some(Arc::new(server)));
    }
    let path = match settings.speech_program.as_str() {
        "off" => None,
        "auto" => Program::installed(voice.as_deref()),
        path if Path::new(path).is_file() => Some(PathBuf::from(path)),
        path => bail!("speech_program: there is no program {path}; it must be auto, off or the path of one"),
    };
    Ok(path.map(|path| Arc::new(Program::new(path, voice, timeout)) as Arc<dyn Speech>))
}

fn transcription(settings: &Settings) -> Result<Option<Arc<dyn Transcription>>> {
    if settings.transcription_base_url.is_empty() {
        return Ok(None);
    }
    let client = client(Duration::from_secs(settings.model_connect_timeout))?;
    let (url, key) = (base(&settings.transcription_base_url)?, settings.transcription_api_key.clone());
    let server = OpenAiTranscription::new(client, url, key, &settings.transcription_model)
        .timeout(Duration::from_secs(settings.transcription_timeout));
    Ok(Some(Arc::new(server)))
}

fn voices(settings: &Settings) -> Result<Option<Arc<dyn VoiceCloning>>> {
    if settings.voice_base_url.is_empty() {
        return Ok(None);
    }
    let client = client(Duration::from_secs(settings.model_connect_timeout))?;
    let (url, key) = (base(&settings.voice_base_url)?, settings.voice_api_key.clone());
    let server = ElevenLabs::new(client, url, key, &settings.voice_model)
        .timeout(Duration::from_secs(settings.voice_timeout))
        .speech_timeout(Duration::from_secs(settings.speech_timeout));
    Ok(Some(Arc::new(server)))
}

/// Returns the networks that URLs of users may lead to in addition to public ones.
fn allowed(settings: &Settings) -> Result<Vec<Network>> {
    let read = |text: &String| text.parse().with_context(|| format!("fetch_allow: {text:?}"));
    settings.fetch_allow.iter().map(read).collect()
}

fn storage(settings: &Settings) -> Result<Storage> {
    if let Some(bucket) = bucket(&settings.storage_url)? {
        return Storage::s3(&bucket, std::env::vars()).with_context(|| format!("storage_url: {bucket}"));
    }
    let folder = if settings.storage_url.is_empty() {
        let database = sqlite_file(&settings.database_url).unwrap_or_default();
        database.with_file_name("uploads")
    } else {
        PathBuf::from(&settings.storage_url)
    };
    Storage::folder(&folder).with_context(|| format!("cannot keep files in {}", folder.display()))
}

/// Returns the URL of a bucket; `None` if the text names a folder.
fn bucket(text: &str) -> Result<Option<Url>> {
    if !text.contains("://") {
        return Ok(None);
    }
    match Url::parse(text) {
        Ok(url) if url.scheme() == "s3" && url.has_host() => Ok(Some(url)),
        _ => bail!("storage_url must be a folder, or s3://BUCKET/PREFIX"),
    }
}
