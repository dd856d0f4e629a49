//! The life of an answer: it runs, and then it ends once.

use entity::agent_reply::{Outcome, Status};

use crate::{
    adapters::model::{self, Usage},
    domain::{Error, Result, text::is_blank},
};

/// How an answer came to its end.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    /// The model said all it had to say.
    Said(Outcome, Usage),
    /// Whoever asked stopped it.
    Stopped,
    /// A person speaks instead, or a moderator stopped it.
    Silenced,
    /// It broke off; what listeners are told.
    Failed(&'static str),
}

/// Where an answer stands in its life. The one transition consumes it, and cannot be made twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// It is being said.
    Running,
    /// It has ended.
    Ended(Status),
}

/// What the end of an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) status: Status,
    /// Whether the fee is due; else it is given back.
    pub(super) is_paid: bool,
    /// Whether there is something to post.
    pub(super) speaks: bool,
    /// Whether what is posted is only a part.
    pub(super) is_incomplete: bool,
    pub(super) outcome: Option<Outcome>,
    /// What listeners are told to have gone wrong.
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
    /// Ends an answer that has said `text`.
    ///
    /// The fee is for an answer: a greeting, a word that there is none, and one for a person cost nothing, nor does
    /// what the provider withheld. Whoever stops an answer has heard what they wanted to, and pays for it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it has ended before.
    pub(super) fn end(self, ending: &Ending, text: &str) -> Result<End> {
        if self != Self::Running {
            return Err(Error::Conflict("The answer has ended before".to_owned()));
        }
        let speaks = !is_blank(text);
        Ok(match ending {
            Ending::Said(outcome, _) => End {
                status: Status::Done,
                is_paid: speaks && matches!(outcome, Outcome::Answered | Outcome::CutShort),
                speaks,
                is_incomplete: matches!(outcome, Outcome::CutShort | Outcome::Withheld),
                outcome: Some(*outcome),
                fault: None,
            },
            Ending::Stopped => End {
                status: Status::Stopped,
                is_paid: speaks,
                speaks,
                is_incomplete: true,
                outcome: None,
                fault: None,
            },
            Ending::Silenced => End {
                status: Status::Stopped,
                is_paid: false,
                speaks,
                is_incomplete: true,
                outcome: None,
                fault: None,
            },
            Ending::Failed(fault) => End {
                status: Status::Failed,
                is_paid: false,
                speaks,
                is_incomplete: true,
                outcome: None,
                fault: Some(fault),
            },
        })
    }
}

/// How the model ended it, as it is kept.
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
    fn what_each_end_comes_to() {
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
                let End { status, is_paid, speaks, is_incomplete, .. } =
                    Lifecycle::Running.end(&ending, text).unwrap();
                let pay = if is_paid { "paid" } else { "given back" };
                let post = match (speaks, is_incomplete) {
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
