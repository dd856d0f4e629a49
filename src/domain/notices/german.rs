//! The notices in German.

use super::{Notice, Reason, clock};

pub(super) fn text(notice: &Notice) -> String {
    let text = match notice {
        Notice::AssigneeAway => {
            "Die Person, die dir geantwortet hat, ist nicht da. Jemand anderes übernimmt."
        }
        Notice::PersonWanted => "Eine Person übernimmt.",
        Notice::NothingFound => "Der Assistent hat keine Antwort gefunden. Eine Person übernimmt.",
        Notice::AnswerFailed => "Der Assistent konnte nicht antworten. Eine Person übernimmt.",
        Notice::NobodyAnswers => "Im Moment kann niemand antworten. Bitte versuche es später noch einmal.",
        Notice::NoAgent => "Eine Person wird dir antworten.",
        Notice::NotAsked => "Der Assistent kann darauf nicht antworten. Eine Person übernimmt.",
        Notice::Refused(Reason::Balance) => {
            "Der Assistent kann nicht antworten: Dein Guthaben reicht nicht aus."
        }
        Notice::Refused(Reason::SpentForToday) => {
            "Der Assistent kann nicht antworten: Er hat heute so viel beantwortet, wie er darf."
        }
        Notice::Refused(Reason::TooOften) => {
            "Der Assistent kann nicht antworten: Du hast zu oft gefragt. Bitte versuche es gleich noch einmal."
        }
        Notice::Refused(Reason::TooLong) => {
            "Der Assistent kann nicht antworten: Deine Nachricht ist zu lang."
        }
        Notice::Refused(Reason::Other) => "Der Assistent kann im Moment nicht antworten.",
        Notice::TextOnly { until, has_subscription } => {
            let why = match until {
                None => {
                    "Diese Lounge hat keine kostenlosen Sprachminuten: Antworten kommen als Text.".to_owned()
                }
                Some(midnight) => format!(
                    "Deine kostenlosen Sprachminuten für heute sind aufgebraucht: Antworten kommen bis {} als Text.",
                    clock(midnight)
                ),
            };
            return if *has_subscription { why + " Ein Abonnement hat keine Grenze." } else { why };
        }
        Notice::Own(text) => text,
    };
    text.to_owned()
}
