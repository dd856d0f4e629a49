//! Spans as they leave: with allowed attributes only, and with the names and kinds of OpenTelemetry.

use std::{borrow::Cow, time::Duration};

use opentelemetry::{
    KeyValue,
    trace::{SpanKind, Status},
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};

use super::{ALLOWED, HOST, JOB, METHOD, OPERATION_NAME, OPERATION_TYPE, OUTCOME, ROUTE, STATUS};

/// An exporter of shaped spans.
#[derive(Debug)]
pub(super) struct Exporter<E>(pub(super) E);

impl<E: SpanExporter> SpanExporter for Exporter<E> {
    fn export(&self, mut batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        batch.iter_mut().for_each(shape);
        self.0.export(batch)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn shape(span: &mut SpanData) {
    span.events = Default::default();
    let mut kept: Vec<KeyValue> = Vec::with_capacity(span.attributes.len());
    // The last value of an attribute counts.
    for attribute in span.attributes.drain(..).rev() {
        let is_known = kept.iter().any(|known| known.key == attribute.key);
        if !is_known && ALLOWED.contains(&attribute.key.as_str()) {
            kept.push(attribute);
        }
    }
    kept.reverse();
    span.attributes = kept;
    let text = |key: &str| {
        let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == key);
        found.map(|attribute| attribute.value.as_str().into_owned())
    };
    let failed = text(OUTCOME).is_some_and(|outcome| outcome == "failed")
        || text(STATUS).is_some_and(|status| status.starts_with('5'));
    let named = match span.name.as_ref() {
        "request" => {
            let route = text(ROUTE).unwrap_or_default();
            text(METHOD).map(|method| (format!("{method} {route}"), SpanKind::Server))
        }
        "operation" => {
            let name = text(OPERATION_NAME).unwrap_or_default();
            text(OPERATION_TYPE).map(|kind| (format!("{kind} {name}"), SpanKind::Internal))
        }
        "provider" => text(HOST).map(|host| (host, SpanKind::Client)),
        "job" => text(JOB).map(|job| (job, SpanKind::Internal)),
        _ => None,
    };
    span.status = if failed { Status::Error { description: Cow::Borrowed("") } } else { Status::Unset };
    if let Some((name, kind)) = named {
        span.name = Cow::Owned(name.trim_end().to_owned());
        span.span_kind = kind;
    }
}
