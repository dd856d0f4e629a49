//! The texts that the server itself writes into conversations, in the languages that a community can have.

mod arabic;
mod chinese;
mod english;
mod french;
mod german;
mod japanese;
mod spanish;

use entity::community::Language;

use crate::error::Error;

/// A text that the server writes into a conversation.
#[derive(Clone, Debug)]
pub(in crate::domain) enum Notice {
    /// The assignee of a customer is away; the customer waits for another.
    AssigneeAway,
    /// The customer asked for a person, who will take over.
    PersonWanted,
    /// The agent found no answer; a person will take over.
    NothingFound,
    /// The agent's answer failed; a person will take over.
    AnswerFailed,
    /// Neither an agent nor a person can answer.
    NobodyAnswers,
    /// There is no agent; a person will answer.
    NoAgent,
    /// The agent cannot be asked this; a person will take over.
    NotAsked,
    /// The agent cannot be asked, and no person takes over.
    Refused(Reason),
    /// An answer is sent as text instead of speech.
    TextOnly {
        /// When the free minutes of the next day begin; `None` where the lounge has no free minutes.
        until: Option<Midnight>,
        /// Whether a subscription can be bought.
        has_subscription: bool,
    },
    /// The community's own words.
    Own(String),
}

/// Why an agent cannot be asked.
#[derive(Clone, Debug)]
pub(in crate::domain) enum Reason {
    /// The customer's coins do not cover the fee.
    Balance,
    /// The agent's daily limit on spending is reached.
    SpentForToday,
    /// The customer has asked too often.
    TooOften,
    /// The message is too long for the agent.
    TooLong,
    /// Any other refusal.
    Other,
}

/// The beginning of a day in a time zone.
#[derive(Clone, Debug)]
pub(in crate::domain) enum Midnight {
    /// In UTC.
    Utc,
    /// In the zone of this IANA name.
    In(String),
}

impl Notice {
    /// The text in this language.
    pub(in crate::domain) fn text(&self, language: Language) -> String {
        if let Self::Own(text) = self {
            return text.clone();
        }
        match language {
            Language::English => english::text(self),
            Language::German => german::text(self),
            Language::Spanish => spanish::text(self),
            Language::French => french::text(self),
            Language::Japanese => japanese::text(self),
            Language::Chinese => chinese::text(self),
            Language::Arabic => arabic::text(self),
        }
    }
}

impl From<&Error> for Reason {
    fn from(error: &Error) -> Self {
        match error {
            Error::InsufficientBalance(_) => Self::Balance,
            Error::DailyCapReached { .. } => Self::SpentForToday,
            Error::RateLimited { .. } => Self::TooOften,
            Error::Invalid { field: "content", .. } => Self::TooLong,
            _ => Self::Other,
        }
    }
}

/// The time of day and the zone of a midnight, such as `00:00 UTC` or `00:00 (Europe/Berlin)`.
fn clock(midnight: &Midnight) -> String {
    match midnight {
        Midnight::Utc => "00:00 UTC".to_owned(),
        Midnight::In(zone) => format!("00:00 ({zone})"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sea_orm::Iterable;

    use super::*;

    fn all() -> Vec<Notice> {
        let mut all = vec![
            Notice::AssigneeAway,
            Notice::PersonWanted,
            Notice::NothingFound,
            Notice::AnswerFailed,
            Notice::NobodyAnswers,
            Notice::NoAgent,
            Notice::NotAsked,
        ];
        let reasons =
            [Reason::Balance, Reason::SpentForToday, Reason::TooOften, Reason::TooLong, Reason::Other];
        all.extend(reasons.map(Notice::Refused));
        for until in [None, Some(Midnight::Utc), Some(Midnight::In("Asia/Tokyo".to_owned()))] {
            for has_subscription in [false, true] {
                all.push(Notice::TextOnly { until: until.clone(), has_subscription });
            }
        }
        all
    }

    #[test]
    fn each_notice_has_a_text_of_its_own_in_each_language() {
        let mut texts = HashSet::new();
        for language in Language::iter() {
            for notice in all() {
                let text = notice.text(language);
                assert!(!text.trim().is_empty() && text.chars().count() < 300, "{notice:?} in {language:?}");
                assert!(texts.insert(text.clone()), "{language:?} has {text:?} twice");
                if let Notice::TextOnly { until: Some(Midnight::In(zone)), .. } = &notice {
                    assert!(text.contains(zone), "{text:?} names no zone");
                }
            }
        }
    }

    #[test]
    fn own_words_are_in_no_language() {
        for language in Language::iter() {
            assert_eq!(Notice::Own("Bis morgen!".to_owned()).text(language), "Bis morgen!");
        }
    }
}
