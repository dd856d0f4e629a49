//! The notices in English.

use super::{Notice, Reason, clock};

pub(super) fn text(notice: &Notice) -> String {
    let text = match notice {
        Notice::AssigneeAway => "Your contact is away. Another team member will take over.",
        Notice::PersonWanted => "A person will take over.",
        Notice::NothingFound => "The assistant found no answer. A person will take over.",
        Notice::AnswerFailed => "The assistant could not answer. A person will take over.",
        Notice::NobodyAnswers => "We cannot answer right now. Please try again later.",
        Notice::NoAgent => "A person will answer you.",
        Notice::NotAsked => "The assistant cannot answer this. A person will take over.",
        Notice::Refused(Reason::Balance) => {
            "The assistant cannot answer: Insufficient balance for agent call."
        }
        Notice::Refused(Reason::SpentForToday) => {
            "The assistant cannot answer: This agent has reached its daily limit."
        }
        Notice::Refused(Reason::TooOften) => {
            "The assistant cannot answer: You have asked too often. Please try again in a moment."
        }
        Notice::Refused(Reason::TooLong) => "The assistant cannot answer: Your message is too long.",
        Notice::Refused(Reason::Other) => "The assistant cannot answer right now.",
        Notice::TextOnly { until, has_subscription } => {
            let why = match until {
                None => "This lounge has no free voice minutes: answers are sent as text.".to_owned(),
                Some(midnight) => format!(
                    "Your free voice minutes for today are used up: answers are sent as text until {}.",
                    clock(midnight)
                ),
            };
            return if *has_subscription { why + " With a subscription, voice is unlimited." } else { why };
        }
        Notice::Own(text) => text,
    };
    text.to_owned()
}
