//! Logs: text on a terminal, JSON lines otherwise.

use std::io::{IsTerminal, stderr};

use anyhow::{Context, Result};
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::Settings;

/// Starts logging to the standard error.
pub(super) fn start(settings: &Settings) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.log)
        .with_context(|| format!("log: {:?} is not a filter", settings.log))?;
    let started = if stderr().is_terminal() {
        fmt().with_env_filter(filter).with_writer(stderr).with_target(false).try_init()
    } else {
        fmt().json().flatten_event(true).with_env_filter(filter).with_writer(stderr).try_init()
    };
    started.map_err(|error| anyhow::anyhow!("cannot log: {error}"))
}
