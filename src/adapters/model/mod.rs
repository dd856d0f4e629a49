//! Models of agents: servers that speak the OpenAI protocol, and the built-in answerer.
//!
//! Starting an answer waits for its first text. An earlier failure fails the start. A later failure is the
//! last item of the answer, after its text. Dropping an answer also ends it at the provider.

mod error;
mod extractive;
mod openai;
mod question;
mod routes;

use futures_util::{future::BoxFuture, stream::BoxStream};

pub use error::ModelError;
pub use extractive::{EMBEDDED, Extractive};
pub use openai::{OpenAi, Timeouts};
pub use question::{Knowledge, Question, Speaker, Turn};
pub use routes::{Models, Routing};

/// Answers questions. One provider serves many models by name.
pub trait Model: Send + Sync {
    /// Starts an answer; ready with the first text.
    ///
    /// # Errors
    /// Returns a [`ModelError`] if there is no text.
    fn start(&self, question: Question) -> BoxFuture<'_, Result<Answer, ModelError>>;
}

/// A streamed answer: several [`Delta::Text`], one [`Delta::Usage`], one [`Delta::Finished`], then the end.
/// An error may end it at any point.
pub type Answer = BoxStream<'static, Result<Delta, ModelError>>;

/// An item of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    /// More text; never empty.
    Text(String),
    /// The usage of the answer.
    Usage(Usage),
    /// The answer is complete.
    Finished(Outcome),
}

/// Usage and provider of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Number of prompt tokens; `None` if the provider does not count.
    pub prompt_tokens: Option<u64>,
    /// Number of completion tokens; `None` if the provider does not count.
    pub completion_tokens: Option<u64>,
    /// The provider: [`EMBEDDED`], or the host and the model's own name.
    pub provider: String,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer is complete.
    Answered,
    /// The answer reached the token limit.
    CutShort,
    /// The provider's filter withheld the rest.
    Withheld,
    /// The answer is a greeting, because no question was asked.
    Greeted,
    /// The answer refers the user to a person, as requested.
    PersonWanted,
    /// The agent found no answer.
    NothingFound,
}
