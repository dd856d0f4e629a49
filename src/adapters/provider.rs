//! A provider's server that is asked by HTTP: sent again while nothing came, with limits, and without the key in what it
//! says.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use tokio::time::timeout;
use url::Url;

use super::client::{Retry, brief, describe, endpoint, host, read};
use crate::secret::Secret;

/// So much of an answer is read, in bytes.
const ANSWER: usize = 1024 * 1024;
/// So much of a refusal is read, in bytes.
const REFUSAL: usize = 16 * 1024;

/// Why a provider did not do its part. For the operator's log: whoever asked is told no more than that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The provider answered with an error of HTTP.
    #[error("the provider refused with {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// What the provider said, cut to a line, without the key.
        message: String,
    },
    /// There is no connection to the provider.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The connection ended before the answer did.
    #[error("the provider broke off: {0}")]
    Broken(String),
    /// It took too long.
    #[error("the provider did not answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The answer is larger than is taken.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
    /// What the provider sent is not the protocol.
    #[error("the provider does not speak the protocol: {0}")]
    Malformed(String),
}

impl ProviderError {
    /// Whether the same request may well succeed a moment later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            Self::Unreachable(_) | Self::Broken(_) | Self::Timeout(_) => true,
            Self::TooLarge(_) | Self::Malformed(_) => false,
        }
    }
}

/// How a server wants to be shown its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// `Authorization: Bearer …`.
    Bearer,
    /// In a header of this name.
    Header(&'static str),
}

/// A provider's server.
#[derive(Clone)]
pub(super) struct Server {
    client: Client,
    base: Url,
    key: Secret,
    proof: Proof,
    pub(super) host: String,
    pub(super) timeout: Duration,
    pub(super) retry: Retry,
}

impl Server {
    pub(super) fn new(client: Client, base: Url, key: Secret, proof: Proof) -> Self {
        let host = host(&base);
        Self { client, base, key, proof, host, timeout: Duration::from_secs(60), retry: Retry::default() }
    }

    /// The same, but nothing is sent again.
    pub(super) fn once(&self) -> Self {
        Self { retry: Retry { times: 0, ..self.retry }, ..self.clone() }
    }

    /// The same, with another time limit.
    pub(super) fn within(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// Asks at a path below the base, again while nothing came and asking again may help.
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

    /// Asks for a JSON answer.
    pub(super) async fn ask_json(
        &self,
        method: Method,
        path: &str,
        shape: impl Fn(RequestBuilder) -> RequestBuilder + Send + Sync,
    ) -> Result<serde_json::Value, ProviderError> {
        let body = self.ask(method, path, ANSWER, shape).await?;
        serde_json::from_slice(&body).map_err(|error| ProviderError::Malformed(format!("no JSON: {error}")))
    }

    fn begin(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, endpoint(self.base.clone(), path));
        match self.proof {
            _ if self.key.is_empty() => request,
            Proof::Bearer => request.bearer_auth(self.key.expose()),
            Proof::Header(name) => request.header(name, self.key.expose()),
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

/// Whether it is asked again at once: a server that takes its time or wants a rest is not.
fn is_worth_it(error: &ProviderError) -> bool {
    match error {
        ProviderError::Refused { status, .. } => *status >= 500,
        ProviderError::Unreachable(_) | ProviderError::Broken(_) => true,
        _ => false,
    }
}

/// The message of an error's body, as the vendors write it, or the body itself.
fn message(body: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let places =
        [&json["error"]["message"], &json["detail"]["message"], &json["detail"][0]["msg"], &json["detail"]];
    match places.into_iter().find_map(|place| place.as_str()) {
        Some(message) => message.to_owned(),
        None => String::from_utf8_lossy(body).into_owned(),
    }
}
