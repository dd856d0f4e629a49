//! What the reason that a server gives for the end of an answer means.

use crate::adapters::model::Outcome;

/// What a model gives as its reason when it has said all it had to say, in lower case.
const WHOLE: [&str; 12] = [
    "stop",
    "end_turn",
    "eos",
    "eos_token",
    "stop_sequence",
    "stop_token",
    "stop_word",
    "stopped",
    "end",
    "complete",
    "completed",
    "done",
];

/// What is given where a filter withheld the rest, in lower case.
const WITHHELD: [&str; 10] = [
    "content_filter",
    "safety",
    "image_safety",
    "recitation",
    "blocklist",
    "prohibited_content",
    "spii",
    "refusal",
    "sensitive",
    "guardrail_intervened",
];

/// How an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// In a way that the protocol knows.
    Known(Outcome),
    /// For this reason, which is not known to leave the answer whole.
    Unknown(String),
}

impl Ending {
    /// What a reason means. Only `stop`, and what others call it, leaves an answer whole.
    pub(super) fn of(reason: &str) -> Self {
        let lower = reason.trim().to_ascii_lowercase();
        match lower.as_str() {
            "length" => Self::Known(Outcome::CutShort),
            lower if WHOLE.contains(&lower) => Self::Known(Outcome::Answered),
            lower if WITHHELD.contains(&lower) => Self::Known(Outcome::Withheld),
            _ => Self::Unknown(reason.trim().chars().take(60).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_stop_and_its_synonyms_are_whole() {
        for reason in ["stop", "STOP", "end_turn", "eos", "stop_sequence", "COMPLETE"] {
            assert_eq!(Ending::of(reason), Ending::Known(Outcome::Answered), "{reason}");
        }
        for reason in ["content_filter", "SAFETY", "RECITATION"] {
            assert_eq!(Ending::of(reason), Ending::Known(Outcome::Withheld), "{reason}");
        }
        assert_eq!(Ending::of("length"), Ending::Known(Outcome::CutShort));
        for reason in [
            "error",
            "model_length",
            "MAX_TOKENS",
            "insufficient_system_resource",
            "tool_calls",
            "function_call",
            "cancelled",
            "stop!",
        ] {
            assert_eq!(Ending::of(reason), Ending::Unknown(reason.to_owned()));
        }
    }
}
