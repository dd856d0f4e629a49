//! Logs: text on a terminal, JSON lines otherwise.

use std::io::{IsTerminal, stderr};

use anyhow::{Context, Result};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

use crate::{config::Settings, traces::Traces};

/// Starts logging to the standard error, and exporting spans if `traces` is given.
pub(super) fn start(settings: &Settings, traces: Option<&Traces>) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.log)
        .with_context(|| format!("log: {:?} is not a filter", settings.log))?;
    let lines = if stderr().is_terminal() {
        fmt::layer().with_writer(stderr).with_target(false).boxed()
    } else {
        fmt::layer().json().flatten_event(true).with_writer(stderr).boxed()
    };
    let started = match traces {
        // The filter is that of each layer: spans are exported regardless of the level of the log.
        Some(traces) => registry().with(lines.with_filter(filter)).with(traces.layer()).try_init(),
        None => registry().with(lines).with(filter).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("cannot log: {error}"))
}
