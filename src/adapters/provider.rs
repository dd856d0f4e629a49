//! A provider's HTTP server: requests with repetitions and limits, and messages without the key.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use tokio::time::timeout;
use url::Url;

use super::client::{Retry, brief, describe, endpoint, host, read};
use crate::security::secret::Secret;

/// Maximum bytes of an answer.
const ANSWER: usize = 1024 * 1024;
/// Maximum bytes of a refusal.
const REFUSAL: usize = 16 * 1024;

/// The reason why a provider failed, for the operator's log. Users receive no details.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The provider answered with an HTTP error.
    #[error("the provider refused with {status}: {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Message of the provider, one line without the key.
        message: String,
    },
    /// The provider is unreachable.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The connection ended before the answer.
    #[error("the provider closed the connection: {0}")]
    Broken(String),
    /// The time limit was exceeded.
    #[error("the provider did not answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The answer exceeds the limit.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
    /// The answer does not follow the protocol.
    #[error("the provider does not speak the protocol: {0}")]
    Malformed(String),
}

impl ProviderError {
    /// Returns whether the same request may succeed soon.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            Self::Unreachable(_) | Self::Broken(_) | Self::Timeout(_) => true,
            Self::TooLarge(_) | Self::Malformed(_) => false,
        }
    }
}

/// How a server expects its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ApiCredential {
    /// `Authorization: Bearer …`.
    Bearer,
    /// In the header of this name.
    Header(&'static str),
}

/// A provider's server.
#[derive(Clone)]
pub(super) struct Server {
    client: Client,
    base: Url,
    key: Secret,
    proof: ApiCredential,
    pub(super) host: String,
    pub(super) timeout: Duration,
    pub(super) retry: Retry,
}

impl Server {
    pub(super) fn new(client: Client, base: Url, key: Secret, proof: ApiCredential) -> Self {
        let host = host(&base);
        Self { client, base, key, proof, host, timeout: Duration::from_secs(60), retry: Retry::default() }
    }

    /// Returns the server without repetitions.
    pub(super) fn once(&self) -> Self {
        Self { retry: Retry { times: 0, ..self.retry }, ..self.clone() }
    }

    /// Returns the server with another time limit.
    pub(super) fn within(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// Sends a request to a path below the base, and repeats it if there was no answer and a repetition may
    /// help.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        most: usize,
        shape: impl Fn(RequestBuilder) -> RequestBuilder + Send + Sync,
    ) -> Result<Vec<u8>, ProviderError> {
        let attempt = || async {
            let request = shape(self.begin(method.clone(), path));
            timeout(self.timeout, self.attempt(request, most))
                .await
                .unwrap_or(Err(ProviderError::Timeout(self.timeout)))
        };
        self.retry.run(&self.host, is_worth_it, attempt).await
    }

    /// Sends a request and parses the JSON answer.
    pub(super) async fn ask_json(
        &self,
        method: Method,
        path: &str,
        shape: impl Fn(RequestBuilder) -> RequestBuilder + Send + Sync,
    ) -> Result<serde_json::Value, ProviderError> {
        let body = self.ask(method, path, ANSWER, shape).await?;
        serde_json::from_slice(&body).map_err(|error| ProviderError::Malformed(format!("not JSON: {error}")))
    }

    fn begin(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, endpoint(self.base.clone(), path));
        match self.proof {
            _ if self.key.is_empty() => request,
            ApiCredential::Bearer => request.bearer_auth(self.key.expose()),
            ApiCredential::Header(name) => request.header(name, self.key.expose()),
        }
    }

    async fn attempt(&self, request: RequestBuilder, most: usize) -> Result<Vec<u8>, ProviderError> {
        let response = request.send().await.map_err(|error| {
            let is_connect = error.is_connect();
            let text = brief(&describe(error), &self.key);
            if is_connect { ProviderError::Unreachable(text) } else { ProviderError::Broken(text) }
        })?;
        let status = response.status();
        if !status.is_success() {
            let body = read(response, REFUSAL).await.ok().flatten().unwrap_or_default();
            let message = brief(&message(&body), &self.key);
            return Err(ProviderError::Refused { status: status.as_u16(), message });
        }
        let body = read(response, most).await.map_err(|error| ProviderError::Broken(describe(error)))?;
        body.ok_or(ProviderError::TooLarge(most))
    }
}

/// Returns whether to repeat a request at once. A request to a slow or overloaded server is not repeated.
fn is_worth_it(error: &ProviderError) -> bool {
    match error {
        ProviderError::Refused { status, .. } => *status >= 500,
        ProviderError::Unreachable(_) | ProviderError::Broken(_) => true,
        _ => false,
    }
}

/// Returns the message of an error body in the vendors' formats, or the body itself.
fn message(body: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let places =
        [&json["error"]["message"], &json["detail"]["message"], &json["detail"][0]["msg"], &json["detail"]];
    match places.into_iter().find_map(|place| place.as_str()) {
        Some(message) => message.to_owned(),
        None => String::from_utf8_lossy(body).into_owned(),
    }
}
