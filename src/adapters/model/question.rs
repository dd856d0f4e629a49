//! What a model is asked.

/// One question, with all that the answerer may know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The model by its name, as the listing has it; empty: the default.
    pub model: String,
    /// What the listing's owner told the agent to be: the system prompt.
    pub instructions: String,
    /// What the listing's owner gave the agent to know.
    pub knowledge: Vec<Knowledge>,
    /// The conversation, oldest first; the last turn is the question.
    pub turns: Vec<Turn>,
    /// How many tokens the answer may have; none: as the settings say.
    pub max_tokens: Option<u32>,
}

/// A text that an agent knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Knowledge {
    /// What it is called; it is named as the source.
    pub title: String,
    /// The text; blank lines part paragraphs.
    pub text: String,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who.
    pub speaker: Speaker,
    /// What; never read as an instruction of the owner's, whoever said it.
    pub text: String,
}

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// A person. Two with one name are told apart by their ids, which no provider is given.
    Member {
        /// The account.
        id: String,
        /// The name that others see.
        name: String,
    },
    /// The agent that is asked, earlier.
    Agent,
    /// Another agent in the room.
    OtherAgent {
        /// Its listing.
        id: String,
        /// Its name.
        name: String,
    },
}

impl Question {
    /// The turn that asks: the last one of a person.
    pub(super) fn asking(&self) -> Option<&Turn> {
        self.turns.iter().rfind(|turn| matches!(turn.speaker, Speaker::Member { .. }))
    }

    /// What the one who asks had said before, newest first.
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
