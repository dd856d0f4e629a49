//! Who answers for an agent: a server that speaks the OpenAI protocol, or the answerer that is built in.
//!
//! Starting an answer waits for its first words. What fails before, fails the start, and nothing was said; what fails
//! later is the last item of the answer, and what was said stays said. Dropping an answer ends it at the provider.

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

/// Answers questions. One provider serves many models, which it knows by name.
pub trait Model: Send + Sync {
    /// Begins to answer; ready with the first words.
    ///
    /// # Errors
    /// When nothing was said: any [`ModelError`].
    fn start(&self, question: Question) -> BoxFuture<'_, Result<Answer, ModelError>>;
}

/// An answer as it comes: some [`Delta::Text`], one [`Delta::Usage`], one [`Delta::Finished`], the end; or, at any
/// point, one error and the end.
pub type Answer = BoxStream<'static, Result<Delta, ModelError>>;

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    /// More text; never empty.
    Text(String),
    /// What the answer took.
    Usage(Usage),
    /// The answer is whole.
    Finished(Outcome),
}

/// What an answer took, and who gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens that were read; none when the provider does not count.
    pub prompt_tokens: Option<u64>,
    /// Tokens that were written; none when the provider does not count.
    pub completion_tokens: Option<u64>,
    /// Who answered: [`EMBEDDED`], or the provider's host and the model as it names itself.
    pub provider: String,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With all that was to be said.
    Answered,
    /// At the limit on its length.
    CutShort,
    /// By the provider's own filter.
    Withheld,
    /// With a greeting: nothing was asked.
    Greeted,
    /// With a word that this is for a person: one was asked for.
    PersonWanted,
    /// With a word that the agent knows nothing about this.
    NothingFound,
}
