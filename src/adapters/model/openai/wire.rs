//! The protocol's bodies, as far as they matter here.

use serde::{Deserialize, Serialize, de::IgnoredAny};

/// `POST chat/completions`.
#[derive(Serialize)]
pub(super) struct Request<'a> {
    pub(super) model: &'a str,
    pub(super) messages: Vec<Message>,
    pub(super) stream: bool,
    pub(super) stream_options: StreamOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_tokens: Option<u32>,
    /// What OpenAI itself calls the limit for its newer models, which refuse the old name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_completion_tokens: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct StreamOptions {
    pub(super) include_usage: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(Debug, PartialEq, Eq))]
pub(super) struct Message {
    pub(super) role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    System,
    User,
    Assistant,
}

/// One event of the stream. Servers differ in what they leave out and what they send as null.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Chunk {
    pub(super) model: Option<String>,
    pub(super) choices: Option<Vec<Choice>>,
    pub(super) usage: Option<Usage>,
    pub(super) error: Option<Fault>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    pub(super) delta: Option<Piece>,
    pub(super) finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Piece {
    pub(super) content: Option<Content>,
}

/// Text, or what some servers send beside it (thoughts, parts), which is no answer.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Content {
    Text(String),
    Other(IgnoredAny),
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    pub(super) prompt_tokens: Option<u64>,
    pub(super) completion_tokens: Option<u64>,
}

/// An error, as an object or as a mere sentence.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Fault {
    Object { message: String },
    Sentence(String),
    Other(IgnoredAny),
}

impl Fault {
    pub(super) fn message(&self) -> &str {
        match self {
            Self::Object { message } => message,
            Self::Sentence(message) => message,
            Self::Other(IgnoredAny) => "an error without a message",
        }
    }
}
