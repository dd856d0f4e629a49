//! The exporting of spans, from its start to its end.

use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::{Level, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::{IS_ON, LAST_EXPORT, client::Client, exporter::Exporter};

/// The program's name in traces, unless `OTEL_SERVICE_NAME` has another.
const SERVICE: &str = "plaza";

/// The exporting of spans.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Starts to export the spans to the OTLP server at this base URL, in batches from a bounded queue. A thread of its
    /// own does so; a span that finds the queue full is dropped.
    ///
    /// # Errors
    /// Returns an error if the endpoint is not a URL.
    pub fn start(endpoint: &str, client: reqwest::Client, runtime: Handle) -> Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_http_client(Client::new(client, runtime))
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .build()
            .context("otlp_endpoint")?;
        let mut resource = Resource::builder();
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name(SERVICE);
        }
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.with_attribute(version).build())
            .with_batch_exporter(Exporter(exporter))
            .build();
        IS_ON.store(true, Ordering::Relaxed);
        Ok(Self { provider })
    }

    /// Returns the layer that makes spans of the program's own, without events, into exported ones.
    pub fn layer<S>(&self) -> Box<dyn Layer<S> + Send + Sync>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let is_wanted = filter_fn(|metadata| {
            metadata.is_span() && *metadata.level() <= Level::INFO && metadata.target().starts_with("plaza")
        });
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SERVICE))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(is_wanted.with_max_level_hint(LevelFilter::INFO))
            .boxed()
    }

    /// Exports the last spans, within a time limit.
    pub async fn end(self) {
        IS_ON.store(false, Ordering::Relaxed);
        let provider = self.provider;
        let ended = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST_EXPORT)).await;
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last traces were not exported"),
            Err(error) => tracing::warn!(%error, "the last traces were not exported"),
        }
    }
}
