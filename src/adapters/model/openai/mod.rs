//! Any server that speaks the OpenAI protocol: `POST {base}/chat/completions`, streamed.

mod events;
mod prompt;
mod reply;
mod wire;

use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Client, Response, header};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep, timeout_at},
};
use url::Url;

use self::reply::{Reply, brief, describe};
use super::{Answer, Model, ModelError, Question};
use crate::secret::Secret;

/// So much of a body that is no stream is read, in bytes.
const BODY: usize = 16 * 1024;

/// A server that speaks the OpenAI protocol.
pub struct OpenAi {
    client: Client,
    endpoint: Url,
    host: String,
    key: Secret,
    timeouts: Timeouts,
    retry: Retry,
    max_tokens: u32,
    named: bool,
    cut: String,
}

/// How long a provider may be silent. There is no limit on a whole answer, but that on its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the first byte of the answer.
    pub first_byte: Duration,
    /// Between two bytes.
    pub idle: Duration,
}

/// How often a request is sent again of which nothing was said: when the provider cannot be reached, breaks off or
/// answers with 500 and above. Never on 4xx, never after the first words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// So often beside the first time.
    pub times: u32,
    /// The wait before the first of them; each further one is four times as long.
    pub wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { times: 2, wait: Duration::from_millis(250) }
    }
}

impl OpenAi {
    /// A server at `base`, such as `https://api.openai.com/v1`.
    pub fn new(client: Client, base: Url, key: Secret, timeouts: Timeouts) -> Self {
        Self {
            host: host(&base),
            client,
            endpoint: endpoint(base, "chat/completions"),
            key,
            timeouts,
            retry: Retry::default(),
            max_tokens: 0,
            named: true,
            cut: String::new(),
        }
    }

    /// Limits answers to so many tokens; 0: the provider decides.
    #[must_use]
    pub fn max_tokens(self, max_tokens: u32) -> Self {
        Self { max_tokens, ..self }
    }

    /// Retries otherwise than by default.
    #[must_use]
    pub fn retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// Whether messages carry the `name` field, which some servers refuse. The tag in the text is there either way.
    #[must_use]
    pub fn named(self, named: bool) -> Self {
        Self { named, ..self }
    }

    /// Cuts this from the front of a model's name, where the name only tells who serves it.
    #[must_use]
    pub fn cut(self, prefix: &str) -> Self {
        Self { cut: prefix.to_owned(), ..self }
    }

    async fn begin(&self, question: Question) -> Result<Answer, ModelError> {
        let model = question.model.strip_prefix(&self.cut).unwrap_or(&question.model).to_owned();
        let body = self
            .request(question, model.clone())
            .await
            .map_err(|error| ModelError::Failed(error.to_string()))?;
        let mut wait = self.retry.wait;
        for left in (0..=self.retry.times).rev() {
            match self.attempt(body.clone(), &model).await {
                Err(error) if left > 0 && error.may_pass() => {
                    tracing::warn!(%error, host = self.host, left, "asking the model again");
                    sleep(wait).await;
                    wait *= 4;
                }
                outcome => return outcome,
            }
        }
        // Not reached: the last round returns.
        Err(ModelError::Unreachable("no attempt was made".to_owned()))
    }

    async fn request(&self, question: Question, model: String) -> anyhow::Result<Bytes> {
        let (named, limit, own) = (self.named, self.max_tokens, self.host == "api.openai.com");
        // Choosing among much knowledge takes some milliseconds.
        let written = spawn_blocking(move || {
            let wanted = question.max_tokens.filter(|wanted| *wanted > 0);
            let limit = Some(limit).filter(|limit| *limit > 0);
            let most = match (wanted, limit) {
                (Some(wanted), Some(limit)) => Some(wanted.min(limit)),
                (wanted, limit) => wanted.or(limit),
            };
            let request = wire::Request {
                model: &model,
                messages: prompt::messages(&question, named)?,
                stream: true,
                stream_options: wire::StreamOptions { include_usage: true },
                max_tokens: most.filter(|_| !own),
                max_completion_tokens: most.filter(|_| own),
            };
            Ok(serde_json::to_vec(&request)?.into())
        });
        written.await?
    }

    async fn attempt(&self, body: Bytes, model: &str) -> Result<Answer, ModelError> {
        let deadline = Instant::now() + self.timeouts.first_byte;
        let mut request = self
            .client
            .post(self.endpoint.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream")
            .body(body);
        if !self.key.is_empty() {
            request = request.bearer_auth(self.key.expose());
        }
        let response = timeout_at(deadline, request.send())
            .await
            .map_err(|_| ModelError::FirstByteTimeout(self.timeouts.first_byte))?
            .map_err(|error| {
                let connected = !error.is_connect();
                let text = describe(error);
                if connected { ModelError::Broken(text) } else { ModelError::Unreachable(text) }
            })?;
        let status = response.status();
        if !status.is_success() {
            let body = timeout_at(deadline, read(response)).await.unwrap_or_default();
            let message = fault(&body).unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned());
            return Err(ModelError::Refused { status: status.as_u16(), message: brief(&message, &self.key) });
        }
        if is_json(&response) {
            let body = timeout_at(deadline, read(response)).await.unwrap_or_default();
            return Err(match fault(&body) {
                Some(message) => ModelError::Failed(brief(&message, &self.key)),
                None => ModelError::Malformed("the answer is no event stream".to_owned()),
            });
        }
        let mut reply = Reply::new(response, &self.host, model, self.timeouts.idle, self.key.clone());
        reply.begin(deadline.saturating_duration_since(Instant::now())).await.map_err(
            |error| match error {
                ModelError::FirstByteTimeout(_) => ModelError::FirstByteTimeout(self.timeouts.first_byte),
                error => error,
            },
        )?;
        Ok(reply.into_answer())
    }
}

impl Model for OpenAi {
    fn start(&self, question: Question) -> BoxFuture<'_, Result<Answer, ModelError>> {
        self.begin(question).boxed()
    }
}

/// The base of a provider's addresses.
///
/// # Errors
/// When it is none of http or https.
pub(in crate::adapters) fn base(text: &str) -> anyhow::Result<Url> {
    let base = Url::parse(text.trim()).context("the address is not a URL")?;
    if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
        bail!("the address must begin with http:// or https://");
    }
    Ok(base)
}

/// Where below the base something is, whether or not the base ends with a slash.
pub(in crate::adapters) fn endpoint(mut base: Url, path: &str) -> Url {
    let joined = format!("{}/{path}", base.path().trim_end_matches('/'));
    base.set_path(&joined);
    base
}

/// The server's name and port, without what else an address may hold.
pub(in crate::adapters) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

/// A body that is no stream, as far as it is read.
async fn read(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(bytes)) = response.chunk().await {
        body.extend_from_slice(&bytes);
        if body.len() > BODY {
            break;
        }
    }
    body
}

/// The message of an error's body.
fn fault(body: &[u8]) -> Option<String> {
    let chunk: wire::Chunk = serde_json::from_slice(body).ok()?;
    Some(chunk.error?.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_may_end_with_a_slash_and_have_a_query() {
        let at = |text: &str| Some(endpoint(base(text).ok()?, "chat/completions").to_string());
        let openai = Some("https://api.openai.com/v1/chat/completions".to_owned());
        assert_eq!(at("https://api.openai.com/v1"), openai);
        assert_eq!(at("https://api.openai.com/v1/"), openai);
        assert_eq!(
            at("http://[::1]:1/v1?api-version=2").unwrap(),
            "http://[::1]:1/v1/chat/completions?api-version=2"
        );
        assert_eq!(at("ftp://example.com"), None);
        assert_eq!(at("localhost:11434"), None);
    }
}
