//! Questions to models.

/// A question with its context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Name of the model in the listing; empty: the default.
    pub model: String,
    /// System prompt of the listing.
    pub instructions: String,
    /// Knowledge of the listing.
    pub knowledge: Vec<Knowledge>,
    /// The conversation, oldest first; the last turn is the question.
    pub turns: Vec<Turn>,
    /// Maximum tokens of the answer; `None`: the configured limit.
    pub max_tokens: Option<u32>,
}

/// A knowledge text of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Knowledge {
    /// Title, which is named as the source.
    pub title: String,
    /// Content; blank lines separate paragraphs.
    pub text: String,
}

/// A message of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Author of the turn.
    pub speaker: Speaker,
    /// Text of the turn, which is never an instruction of the owner.
    pub text: String,
}

/// The author of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// A user. Two users of one name differ by id, which no provider receives.
    Member {
        /// Id of the account.
        id: String,
        /// Name shown to others.
        name: String,
    },
    /// An earlier reply of the same agent.
    Agent,
    /// Another agent in the room.
    OtherAgent {
        /// Id of the listing.
        id: String,
        /// Name of the agent.
        name: String,
    },
}

impl Question {
    /// Returns the turn with the question: the last turn of a user.
    pub(super) fn asking(&self) -> Option<&Turn> {
        self.turns.iter().rfind(|turn| matches!(turn.speaker, Speaker::Member { .. }))
    }

    /// Returns the asker's earlier turns, newest first.
    pub(super) fn asked_before(&self) -> impl Iterator<Item = &str> {
        let asking = self.asking();
        self.turns
            .iter()
            .rev()
            .filter(move |turn| asking.is_some_and(|asking| asking.speaker == turn.speaker))
            .skip(1)
            .map(|turn| turn.text.as_str())
    }
}
