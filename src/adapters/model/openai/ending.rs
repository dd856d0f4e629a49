//! Interprets the reason that a server gives for the end of an answer.

use crate::adapters::model::Outcome;

/// Reasons of a complete answer, in lower case.
const WHOLE: [&str; 17] = [
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
    "normal",
    "eos_found",
    "<|eot_id|>",
    "<|im_end|>",
    "</s>",
];

/// Reasons of a withheld answer, in lower case.
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
    /// A reason of the protocol.
    Known(Outcome),
    /// An unknown reason, after which the answer counts as incomplete.
    Unknown(String),
}

impl Ending {
    /// Returns whether a reason means an end. Some servers send an empty reason, or `null` as a string, with
    /// every piece.
    pub(super) fn is_reason(reason: &str) -> bool {
        !["", "null", "none"].iter().any(|none| reason.trim().eq_ignore_ascii_case(none))
    }

    /// Interprets a reason. Only `stop` and its synonyms mean a complete answer.
    pub(super) fn of(reason: &str) -> Self {
        let lower = reason.trim().to_ascii_lowercase();
        match lower.strip_prefix("finish_reason_").unwrap_or(&lower) {
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
        for reason in [
            "stop",
            "STOP",
            "end_turn",
            "eos",
            "stop_sequence",
            "COMPLETE",
            "FINISH_REASON_STOP",
            "EOS_FOUND",
        ] {
            assert_eq!(Ending::of(reason), Ending::Known(Outcome::Answered), "{reason}");
        }
        for reason in ["", " ", "null", "None"] {
            assert!(!Ending::is_reason(reason), "{reason:?}");
        }
        assert!(Ending::is_reason("stop"));
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
