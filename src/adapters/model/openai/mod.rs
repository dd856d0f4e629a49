//! Any server that speaks the OpenAI protocol: `POST {base}/chat/completions`, streamed.

mod dialect;
mod ending;
mod events;
mod json_repair;
mod prompt;
mod reply;
mod surrogates;
mod tags;
mod thoughts;
mod wire;

use std::{fmt, time::Duration};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use quick_cache::sync::Cache;
use reqwest::{Client, Response, header};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep, timeout_at},
};
use url::Url;

use self::{
    dialect::{Dialect, Limit},
    reply::Reply,
};
use super::{Answer, Extractive, Model, ModelError, Question};
use crate::{
    adapters::client::{Retry, brief, describe, endpoint, host, read},
    security::secret::Secret,
};

/// Maximum bytes of a refusal's body.
const BODY: usize = 16 * 1024;

/// Maximum number of models with a remembered dialect; users choose the names of models.
const DIALECTS: usize = 256;
/// Maximum number of repetitions in another dialect.
const REWRITES: usize = 4;
/// Maximum number of waits for `Retry-After` per question.
const WAITS: usize = 8;
/// Minimum wait before a repetition.
const MIN_WAIT: Duration = Duration::from_millis(50);

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
    /// Dialects of models that differ from the default.
    dialects: Cache<String, Dialect>,
    /// Selects knowledge that is too long.
    reader: Extractive,
}

/// Maximum silence of a provider. The whole answer is only limited in length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the first byte of the answer, including waits that the provider requests.
    pub first_byte: Duration,
    /// Between two pieces of text or reasoning; comments and empty pieces do not count.
    pub idle: Duration,
}

/// A question in the form of a request.
struct Draft {
    model: String,
    messages: Vec<wire::Message>,
    /// Maximum tokens of the answer; `None` leaves it to the provider.
    most: Option<u32>,
}

/// The error of an attempt, with further data from the server.
struct Fault {
    error: ModelError,
    /// Body of the refusal.
    body: String,
    /// Wait that the server requests.
    after: Option<Duration>,
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Self {
        Self { error, body: String::new(), after: None }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Draft {
    fn body(&self, dialect: Dialect) -> Result<Bytes, ModelError> {
        let mut messages = self.messages.clone();
        if !dialect.names {
            messages.iter_mut().for_each(|message| message.name = None);
        }
        if !dialect.has_system {
            prompt::without_system(&mut messages);
        }
        let request = wire::Request {
            model: &self.model,
            messages,
            stream: dialect.streams,
            stream_options: (dialect.streams && dialect.counts)
                .then_some(wire::StreamOptions { include_usage: true }),
            max_tokens: self.most.filter(|_| dialect.limit == Limit::Tokens),
            max_completion_tokens: self.most.filter(|_| dialect.limit == Limit::CompletionTokens),
        };
        let body = serde_json::to_vec(&request).map_err(|error| ModelError::Failed(error.to_string()))?;
        Ok(body.into())
    }
}

impl OpenAi {
    /// Creates a client of the server at `base`, such as `https://api.openai.com/v1`.
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
            dialects: Cache::new(DIALECTS),
            reader: Extractive::default(),
        }
    }

    /// Sets the maximum tokens of answers; 0 leaves it to the provider.
    #[must_use]
    pub fn max_tokens(self, max_tokens: u32) -> Self {
        Self { max_tokens, ..self }
    }

    /// Sets the repetitions.
    #[must_use]
    pub fn retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// Sets whether messages have the `name` field, which some servers refuse. The text contains the tag in
    /// either case.
    #[must_use]
    pub fn named(self, named: bool) -> Self {
        Self { named, ..self }
    }

    /// Sets a prefix that is removed from a model's name, if the prefix only selects the server.
    #[must_use]
    pub fn cut(self, prefix: &str) -> Self {
        Self { cut: prefix.to_owned(), ..self }
    }

    async fn begin(&self, question: Question) -> Result<Answer, ModelError> {
        let deadline = Instant::now() + self.timeouts.first_byte;
        let model = question.model.strip_prefix(&self.cut).unwrap_or(&question.model).to_owned();
        let draft = self.draft(question, model.clone()).await;
        let draft = draft.map_err(|error| ModelError::Failed(error.to_string()))?;
        let known = self.dialects.get(&model);
        let usual = if self.host == "api.openai.com" { Limit::CompletionTokens } else { Limit::Tokens };
        let mut dialect = known.unwrap_or_else(|| Dialect::new(self.named, usual));
        for left in (0..=REWRITES).rev() {
            let fault = match self.ask(draft.body(dialect)?, &model, deadline).await {
                Ok(answer) => {
                    if known != Some(dialect) && left < REWRITES {
                        self.dialects.insert(model, dialect);
                    }
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            let is_odd = matches!(fault.error, ModelError::Refused { status: 400 | 422, .. });
            match dialect.after(&fault.body).filter(|_| is_odd && left > 0) {
                Some(next) => {
                    tracing::info!(error = %fault, host = self.host, model, "repeating a request to a provider in another dialect");
                    dialect = next;
                }
                None => return Err(fault.error),
            }
        }
        Err(ModelError::Failed("the provider refused all dialects".to_owned()))
    }

    /// Sends a request. Repeats it if there was no answer and a repetition may help, and after waits that the
    /// server requests, within the deadline.
    async fn ask(&self, body: Bytes, model: &str, deadline: Instant) -> Result<Answer, Fault> {
        let mut waits = 0;
        loop {
            let until = (waits > 0).then_some(deadline);
            let may_pass = |fault: &Fault| fault.error.may_pass() && fault.after.is_none();
            let attempt = || self.attempt(body.clone(), model, until);
            let fault = match self.retry.run(&self.host, may_pass, attempt).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            let after = fault.after.map(|after| after.max(MIN_WAIT)).filter(|_| waits < WAITS);
            match after {
                Some(after) if Instant::now().checked_add(after).is_some_and(|at| at < deadline) => {
                    tracing::info!(error = %fault, host = self.host, ?after, "waiting for a provider");
                    sleep(after).await;
                    waits += 1;
                }
                _ => return Err(fault),
            }
        }
    }

    async fn draft(&self, question: Question, model: String) -> anyhow::Result<Draft> {
        let limit = self.max_tokens;
        let reader = self.reader.clone();
        // Indexing much knowledge takes some milliseconds.
        let written = spawn_blocking(move || {
            let wanted = question.max_tokens.filter(|wanted| *wanted > 0);
            let limit = Some(limit).filter(|limit| *limit > 0);
            let most = match (wanted, limit) {
                (Some(wanted), Some(limit)) => Some(wanted.min(limit)),
                (wanted, limit) => wanted.or(limit),
            };
            Ok(Draft { model, messages: prompt::messages(&question, &reader)?, most })
        });
        written.await?
    }

    async fn attempt(&self, body: Bytes, model: &str, until: Option<Instant>) -> Result<Answer, Fault> {
        let deadline = until.unwrap_or_else(|| Instant::now() + self.timeouts.first_byte);
        let late = || ModelError::FirstByteTimeout(self.timeouts.first_byte);
        let mut request = self
            .client
            .post(self.endpoint.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream")
            .body(body);
        if !self.key.is_empty() {
            request = request.bearer_auth(self.key.expose());
        }
        let response = timeout_at(deadline, request.send()).await.map_err(|_| late())?.map_err(|error| {
            let connected = !error.is_connect();
            let text = describe(error);
            if connected { ModelError::Broken(text) } else { ModelError::Unreachable(text) }
        })?;
        let status = response.status();
        if !status.is_success() {
            let may_wait = matches!(status.as_u16(), 429 | 503);
            let after = dialect::retry_after(response.headers()).filter(|_| may_wait);
            let body = refusal(response, deadline).await;
            let body = String::from_utf8_lossy(&body).into_owned();
            let message = wire::fault(&body).unwrap_or_else(|| body.clone());
            let message = brief(&message, &self.key);
            return Err(Fault {
                error: ModelError::Refused { status: status.as_u16(), message },
                body,
                after,
            });
        }
        // The content type is ignored: some servers send a wrong one, or answer in one piece.
        let mut reply = Reply::new(response, &self.host, model, self.timeouts.idle, self.key.clone());
        let begun = reply.begin(deadline.saturating_duration_since(Instant::now())).await;
        begun.map_err(|error| match error {
            ModelError::FirstByteTimeout(_) => late(),
            error => error,
        })?;
        Ok(reply.into_answer())
    }
}

/// Reads the body of a refusal; empty if it is long or incomplete, because the status suffices.
async fn refusal(response: Response, deadline: Instant) -> Vec<u8> {
    let body = timeout_at(deadline, read(response, BODY)).await;
    body.ok().and_then(Result::ok).flatten().unwrap_or_default()
}

impl Model for OpenAi {
    fn start(&self, question: Question) -> BoxFuture<'_, Result<Answer, ModelError>> {
        self.begin(question).boxed()
    }
}
