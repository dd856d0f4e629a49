//! Any server that speaks the OpenAI protocol: `POST {base}/chat/completions`, streamed.

mod events;
mod prompt;
mod reply;
mod wire;

use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Client, Response, header};
use tokio::{
    task::spawn_blocking,
    time::{Instant, timeout_at},
};
use url::Url;

use self::reply::Reply;
use super::{Answer, Extractive, Model, ModelError, Question};
use crate::{
    adapters::client::{Retry, brief, describe, endpoint, host, read},
    secret::Secret,
};

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
    /// Chooses among what an agent knows where that is too much.
    reader: Extractive,
}

/// How long a provider may be silent. There is no limit on a whole answer, but that on its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the first byte of the answer.
    pub first_byte: Duration,
    /// Between two bytes.
    pub idle: Duration,
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
            reader: Extractive::default(),
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
        self.retry.run(&self.host, ModelError::may_pass, || self.attempt(body.clone(), &model)).await
    }

    async fn request(&self, question: Question, model: String) -> anyhow::Result<Bytes> {
        let (named, limit, own) = (self.named, self.max_tokens, self.host == "api.openai.com");
        let reader = self.reader.clone();
        // Reading much knowledge for the first time takes some milliseconds.
        let written = spawn_blocking(move || {
            let wanted = question.max_tokens.filter(|wanted| *wanted > 0);
            let limit = Some(limit).filter(|limit| *limit > 0);
            let most = match (wanted, limit) {
                (Some(wanted), Some(limit)) => Some(wanted.min(limit)),
                (wanted, limit) => wanted.or(limit),
            };
            let request = wire::Request {
                model: &model,
                messages: prompt::messages(&question, &reader, named)?,
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
            let body = refusal(response, deadline).await;
            let message = fault(&body).unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned());
            return Err(ModelError::Refused { status: status.as_u16(), message: brief(&message, &self.key) });
        }
        if is_json(&response) {
            let body = refusal(response, deadline).await;
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

/// The body of a refusal; empty when it is long or does not come: the status says enough.
async fn refusal(response: Response, deadline: Instant) -> Vec<u8> {
    let body = timeout_at(deadline, read(response, BODY)).await;
    body.ok().and_then(Result::ok).flatten().unwrap_or_default()
}

impl Model for OpenAi {
    fn start(&self, question: Question) -> BoxFuture<'_, Result<Answer, ModelError>> {
        self.begin(question).boxed()
    }
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

/// The message of an error's body.
fn fault(body: &[u8]) -> Option<String> {
    let chunk: wire::Chunk = serde_json::from_slice(body).ok()?;
    Some(chunk.error?.message().to_owned())
}
