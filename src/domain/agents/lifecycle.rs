//! Lifecycle of an agent reply: it runs, then it ends once.

use entity::agent_reply::{Outcome, Status};

use crate::{
    adapters::model::{self, Usage},
    error::{Error, Result},
    text::fields::is_blank,
};

/// Why a reply ends.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    /// The model finished.
    Said(Outcome, Usage),
    /// The asker stopped it.
    Stopped,
    /// A person took over, or a moderator stopped it.
    Silenced,
    /// It failed, with the message for subscribers.
    Failed(&'static str),
}

/// Lifecycle of a reply. Its one transition consumes it and cannot be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// The reply is being generated.
    Running,
    /// The reply has ended.
    Ended(Status),
}

/// Effects of the end of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) status: Status,
    /// Whether to capture the fee; otherwise it is voided.
    pub(super) is_paid: bool,
    /// Whether there is text to post.
    pub(super) has_text: bool,
    /// Whether the posted text is incomplete.
    pub(super) is_incomplete: bool,
    pub(super) outcome: Option<Outcome>,
    /// Error message for subscribers.
    pub(super) fault: Option<&'static str>,
}

impl From<Status> for Lifecycle {
    fn from(status: Status) -> Self {
        match status {
            Status::Running => Self::Running,
            ended => Self::Ended(ended),
        }
    }
}

impl Lifecycle {
    /// Ends a reply with the text `text`.
    ///
    /// The fee is charged for an answer only: greetings, handovers, "nothing found" and withheld replies
    /// are free. A reply that its asker stopped is charged if it has text.
    ///
    /// # Errors
    /// [`Error::Conflict`] if it has already ended.
    pub(super) fn end(self, ending: &Ending, text: &str) -> Result<End> {
        if self != Self::Running {
            return Err(Error::Conflict("The answer has already ended".to_owned()));
        }
        let has_text = !is_blank(text);
        Ok(match ending {
            Ending::Said(outcome, _) => End {
                status: Status::Done,
                is_paid: has_text && matches!(outcome, Outcome::Answered | Outcome::CutShort),
                has_text,
                is_incomplete: matches!(outcome, Outcome::CutShort | Outcome::Withheld),
                outcome: Some(*outcome),
                fault: None,
            },
            Ending::Stopped => End {
                status: Status::Stopped,
                is_paid: has_text,
                has_text,
                is_incomplete: true,
                outcome: None,
                fault: None,
            },
            Ending::Silenced => End {
                status: Status::Stopped,
                is_paid: false,
                has_text,
                is_incomplete: true,
                outcome: None,
                fault: None,
            },
            Ending::Failed(fault) => End {
                status: Status::Failed,
                is_paid: false,
                has_text,
                is_incomplete: true,
                outcome: None,
                fault: Some(fault),
            },
        })
    }
}

/// Maps the model's outcome to the stored one.
pub(super) fn outcome(outcome: model::Outcome) -> Outcome {
    match outcome {
        model::Outcome::Answered => Outcome::Answered,
        model::Outcome::CutShort => Outcome::CutShort,
        model::Outcome::Withheld => Outcome::Withheld,
        model::Outcome::Greeted => Outcome::Greeted,
        model::Outcome::PersonWanted => Outcome::PersonWanted,
        model::Outcome::NothingFound => Outcome::NothingFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ending_has_its_outcome() {
        let said = |outcome| Ending::Said(outcome, Usage::default());
        let mut table = String::new();
        for (ending, name) in [
            (said(Outcome::Answered), "answered"),
            (said(Outcome::CutShort), "cut short"),
            (said(Outcome::Withheld), "withheld"),
            (said(Outcome::Greeted), "greeted"),
            (said(Outcome::PersonWanted), "person wanted"),
            (said(Outcome::NothingFound), "nothing found"),
            (Ending::Stopped, "stopped"),
            (Ending::Silenced, "silenced"),
            (Ending::Failed("why"), "failed"),
        ] {
            for (text, saying) in [("words", "with text"), (" \n", "without")] {
                let End { status, is_paid, has_text, is_incomplete, .. } =
                    Lifecycle::Running.end(&ending, text).unwrap();
                let pay = if is_paid { "paid" } else { "given back" };
                let post = match (has_text, is_incomplete) {
                    (false, _) => "nothing posted",
                    (true, false) => "posted",
                    (true, true) => "posted as a part",
                };
                table += &format!("{name} {saying}: {status:?}, {pay}, {post}\n");
            }
        }
        let wanted = "\
            answered with text: Done, paid, posted\n\
            answered without: Done, given back, nothing posted\n\
            cut short with text: Done, paid, posted as a part\n\
            cut short without: Done, given back, nothing posted\n\
            withheld with text: Done, given back, posted as a part\n\
            withheld without: Done, given back, nothing posted\n\
            greeted with text: Done, given back, posted\n\
            greeted without: Done, given back, nothing posted\n\
            person wanted with text: Done, given back, posted\n\
            person wanted without: Done, given back, nothing posted\n\
            nothing found with text: Done, given back, posted\n\
            nothing found without: Done, given back, nothing posted\n\
            stopped with text: Stopped, paid, posted as a part\n\
            stopped without: Stopped, given back, nothing posted\n\
            silenced with text: Stopped, given back, posted as a part\n\
            silenced without: Stopped, given back, nothing posted\n\
            failed with text: Failed, given back, posted as a part\n\
            failed without: Failed, given back, nothing posted\n";
        assert_eq!(table, wanted);
    }

    #[test]
    fn nothing_ends_twice() {
        for status in [Status::Done, Status::Stopped, Status::Failed] {
            assert!(Lifecycle::from(status).end(&Ending::Stopped, "x").is_err());
        }
    }
}
