//! Metrics of the process in the OpenMetrics format: their catalogue, storage and output.
//!
//! There is one set of metrics for the process, because it describes the process: every module counts into it without
//! having to receive it. Label values come from the program or its settings, never from clients, so their number is
//! bounded.

mod catalogue;
mod labels;
mod process;

use std::{sync::LazyLock, time::Instant};

pub use catalogue::Metrics;
pub use labels::{Channel, Connections, HttpRequest, Job, Named, Operation, Outcome, Provider, Usage};
pub use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram};

/// Media type of [`encode`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// Returns the metrics of the process.
pub fn metrics() -> &'static Metrics {
    &METRICS
}

/// Writes all metrics as text.
///
/// # Errors
/// Returns an error if a metric cannot be written.
pub fn encode() -> Result<String, std::fmt::Error> {
    process::measure(&METRICS);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, METRICS.registry())?;
    Ok(text)
}

/// Returns the seconds since a time.
pub fn seconds_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64()
}

/// Counts up a gauge while it lives.
#[derive(Debug)]
pub struct Counted(Gauge);

impl Counted {
    /// Counts one up in a gauge until the result is dropped.
    pub fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
