//! The HTTP client of the export: that of the adapters, on the program's runtime.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use sea_orm::prelude::async_trait::async_trait;
use tokio::{runtime::Handle, time::timeout};

/// Maximum time of an export.
const LIMIT: Duration = Duration::from_secs(10);
/// Maximum number of bytes of an answer that are read.
const ANSWER: usize = 64 * 1024;

/// A client that another thread than the runtime's may use.
#[derive(Debug)]
pub(super) struct Client {
    client: reqwest::Client,
    runtime: Handle,
    /// Whether the last export failed: only the first failure of several is logged.
    is_failing: AtomicBool,
}

impl Client {
    pub(super) fn new(client: reqwest::Client, runtime: Handle) -> Self {
        Self { client, runtime, is_failing: AtomicBool::new(false) }
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sending = send(self.client.clone(), request);
        let sent = self.runtime.spawn(async { timeout(LIMIT, sending).await }).await?;
        let sent = sent.unwrap_or_else(|_| Err("the server did not answer in time".into()));
        let is_ok = sent.as_ref().is_ok_and(|response| response.status().is_success());
        if !is_ok && !self.is_failing.swap(true, Ordering::Relaxed) {
            let error = match &sent {
                Ok(response) => response.status().to_string(),
                Err(error) => error.to_string(),
            };
            tracing::warn!(error, "the traces cannot be exported");
        }
        if is_ok && self.is_failing.swap(false, Ordering::Relaxed) {
            tracing::info!("the traces are exported again");
        }
        sent
    }
}

async fn send(client: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    // The URL may have a password.
    let hidden = |error: reqwest::Error| error.without_url();
    let mut response = client.execute(request.try_into()?).await.map_err(hidden)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(hidden)? {
        if body.len() + bytes.len() > ANSWER {
            break;
        }
        body.extend_from_slice(&bytes);
    }
    Ok(Response::builder().status(status).body(body.into())?)
}
