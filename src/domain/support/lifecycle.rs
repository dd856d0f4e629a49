//! Lifecycle of a support chat.

use chrono::{DateTime, Utc};
use entity::{
    community::CsMode,
    support_chat::{self, Status},
};
use sea_orm::ActiveValue::Set;

use crate::error::{Error, Result};

/// Lifecycle of a support chat. A transition consumes one state and returns the next, or an error if it is
/// not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// An agent answers.
    AiActive,
    /// The customer waits for a person.
    WaitingHuman {
        /// Start of the wait; the queue serves the longest wait first.
        since: DateTime<Utc>,
    },
    /// A person answers.
    HumanActive {
        /// The assigned CS agent.
        assignee: String,
    },
    /// The episode is resolved.
    Resolved {
        /// The last assignee.
        assignee: Option<String>,
    },
}

impl Lifecycle {
    /// Returns the lifecycle of a chat.
    pub fn of(chat: &support_chat::Model) -> Self {
        let assignee = chat.assignee_id.clone();
        match chat.status {
            Status::AiActive => Self::AiActive,
            Status::WaitingHuman => {
                Self::WaitingHuman { since: chat.waiting_since.unwrap_or(chat.updated_at) }
            }
            Status::HumanActive => Self::HumanActive { assignee: assignee.unwrap_or_default() },
            Status::Resolved => Self::Resolved { assignee },
        }
    }

    /// Starts a new chat or a new episode in the community's mode.
    pub fn begin(mode: CsMode, now: DateTime<Utc>) -> Self {
        match mode {
            CsMode::HumanOnly => Self::WaitingHuman { since: now },
            CsMode::AiOnly | CsMode::Hybrid => Self::AiActive,
        }
    }

    /// Returns the stored status.
    pub fn status(&self) -> Status {
        match self {
            Self::AiActive => Status::AiActive,
            Self::WaitingHuman { .. } => Status::WaitingHuman,
            Self::HumanActive { .. } => Status::HumanActive,
            Self::Resolved { .. } => Status::Resolved,
        }
    }

    /// Hands over from the agent to the queue.
    ///
    /// # Errors
    /// [`Error::Missing`] unless an agent answers.
    pub fn hand_over(self, now: DateTime<Utc>) -> Result<Self> {
        match self {
            Self::AiActive => Ok(Self::WaitingHuman { since: now }),
            _ => Err(Error::Missing("No active AI conversation found")),
        }
    }

    /// Assigns a waiting customer to a CS agent.
    ///
    /// # Errors
    /// [`Error::Missing`] unless the chat waits.
    pub fn accept(self, by: &str) -> Result<Self> {
        match self {
            Self::WaitingHuman { .. } => Ok(Self::HumanActive { assignee: by.to_owned() }),
            _ => Err(Error::Missing("No waiting conversation found")),
        }
    }

    /// A team member posts: assigns them unless the chat is already assigned.
    pub fn speak(self, by: &str) -> Self {
        match self {
            Self::HumanActive { .. } => self,
            _ => Self::HumanActive { assignee: by.to_owned() },
        }
    }

    /// Assigns the chat to another CS agent.
    ///
    /// # Errors
    /// [`Error::Conflict`] unless the chat waits or is assigned.
    pub fn transfer(self, to: &str) -> Result<Self> {
        match self {
            Self::WaitingHuman { .. } | Self::HumanActive { .. } => {
                Ok(Self::HumanActive { assignee: to.to_owned() })
            }
            Self::AiActive | Self::Resolved { .. } => {
                Err(Error::Conflict("The chat is neither waiting nor assigned".to_owned()))
            }
        }
    }

    /// Unassigns the chat: the customer waits again, as of `since`.
    ///
    /// # Errors
    /// [`Error::Conflict`] unless the chat is assigned.
    pub fn release(self, since: DateTime<Utc>) -> Result<Self> {
        match self {
            Self::HumanActive { .. } => Ok(Self::WaitingHuman { since }),
            _ => Err(Error::Conflict("The chat has no assignee".to_owned())),
        }
    }

    /// Resolves the chat; returns `None` if it is already resolved.
    pub fn resolve(self) -> Option<Self> {
        match self {
            Self::Resolved { .. } => None,
            Self::HumanActive { assignee } => Some(Self::Resolved { assignee: Some(assignee) }),
            Self::AiActive | Self::WaitingHuman { .. } => Some(Self::Resolved { assignee: None }),
        }
    }

    /// Reopens the chat for a returning customer.
    ///
    /// # Errors
    /// [`Error::Conflict`] unless the chat is resolved.
    pub fn reopen(self, mode: CsMode, now: DateTime<Utc>) -> Result<Self> {
        match self {
            Self::Resolved { .. } => Ok(Self::begin(mode, now)),
            _ => Err(Error::Conflict("The chat is not resolved".to_owned())),
        }
    }

    /// Writes the lifecycle into its row.
    pub(super) fn write(self, row: &mut support_chat::ActiveModel) {
        row.status = Set(self.status());
        let (assignee, since) = match self {
            Self::AiActive => (None, None),
            Self::WaitingHuman { since } => (None, Some(since)),
            Self::HumanActive { assignee } => (Some(assignee), None),
            Self::Resolved { assignee } => (assignee, None),
        };
        row.assignee_id = Set(assignee);
        row.waiting_since = Set(since);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Transition = (&'static str, fn(Lifecycle) -> Result<Lifecycle>);

    const AT: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn states(lifecycle: &Lifecycle) -> String {
        match lifecycle {
            Lifecycle::HumanActive { assignee } => format!("HumanActive({assignee})"),
            Lifecycle::Resolved { assignee: Some(assignee) } => format!("Resolved({assignee})"),
            other => format!("{:?}", other.status()),
        }
    }

    #[test]
    fn every_transition_from_everywhere() {
        let transitions: [Transition; 9] = [
            ("hand over", |it| it.hand_over(AT)),
            ("accept by b", |it| it.accept("b")),
            ("b speaks", |it| Ok(it.speak("b"))),
            ("transfer to b", |it| it.transfer("b")),
            ("release", |it| it.release(AT)),
            ("resolve", |it| it.resolve().ok_or(Error::Missing("nothing to do"))),
            ("reopen ai", |it| it.reopen(CsMode::AiOnly, AT)),
            ("reopen hybrid", |it| it.reopen(CsMode::Hybrid, AT)),
            ("reopen human", |it| it.reopen(CsMode::HumanOnly, AT)),
        ];
        let mut table = String::new();
        for (name, transition) in transitions {
            let from = [
                Lifecycle::AiActive,
                Lifecycle::WaitingHuman { since: AT },
                Lifecycle::HumanActive { assignee: "a".to_owned() },
                Lifecycle::Resolved { assignee: None },
            ];
            let to = from.map(|from| transition(from).map_or("-".to_owned(), |to| states(&to)));
            table += &format!("{name}: {}\n", to.join(" "));
        }
        let wanted = "\
            hand over: WaitingHuman - - -\n\
            accept by b: - HumanActive(b) - -\n\
            b speaks: HumanActive(b) HumanActive(b) HumanActive(a) HumanActive(b)\n\
            transfer to b: - HumanActive(b) HumanActive(b) -\n\
            release: - - WaitingHuman -\n\
            resolve: Resolved Resolved Resolved(a) -\n\
            reopen ai: - - - AiActive\n\
            reopen hybrid: - - - AiActive\n\
            reopen human: - - - WaitingHuman\n";
        assert_eq!(table, wanted);
    }
}
