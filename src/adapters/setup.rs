//! The adapters that the settings ask for.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};

use super::{
    Adapters, client,
    model::{Model, Models, OpenAi, Routing, Timeouts, base},
};
use crate::{
    config::{Settings, Switch},
    secret::Secret,
};

impl Adapters {
    /// The adapters of these settings.
    ///
    /// # Errors
    /// When a setting makes no sense, or a variable that it names is not set.
    pub fn new(settings: &Settings) -> Result<Self> {
        Ok(Self { models: models(settings)? })
    }
}

/// Whether the settings of the adapters make sense.
///
/// # Errors
/// When one does not, naming it.
pub fn check(settings: &Settings) -> Result<()> {
    if !settings.model_base_url.is_empty() {
        base(&settings.model_base_url).context("model_base_url")?;
    }
    routes(settings)?;
    let seconds =
        [settings.model_connect_timeout, settings.model_first_byte_timeout, settings.model_idle_timeout];
    if seconds.contains(&0) {
        bail!("model_connect_timeout, model_first_byte_timeout and model_idle_timeout must be at least 1");
    }
    Ok(())
}

fn routes(settings: &Settings) -> Result<Vec<Routing>> {
    let routes = settings.model_routes.iter();
    routes.map(|line| line.parse().with_context(|| format!("model_routes: {line:?}"))).collect()
}

fn models(settings: &Settings) -> Result<Models> {
    let default = Some(settings.model_default.clone()).filter(|name| !name.is_empty());
    let mut servers = Vec::new();
    for Routing { prefix, url, key } in routes(settings)? {
        let key = match key {
            Some(name) => {
                let key = std::env::var(&name);
                Secret::new(key.with_context(|| format!("model_routes: the variable {name} is not set"))?)
            }
            None => Secret::default(),
        };
        servers.push((prefix, url, key));
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
    Ok(Models::new(default, providers.collect()))
}
