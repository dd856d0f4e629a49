//! The notices in French.

use super::{Notice, Reason, clock};

pub(super) fn text(notice: &Notice) -> String {
    let text = match notice {
        Notice::AssigneeAway => {
            "La personne qui vous répondait est absente. Une autre personne prendra le relais."
        }
        Notice::PersonWanted => "Une personne va prendre le relais.",
        Notice::NothingFound => "L’assistant n’a pas trouvé de réponse. Une personne va prendre le relais.",
        Notice::AnswerFailed => "L’assistant n’a pas pu répondre. Une personne va prendre le relais.",
        Notice::NobodyAnswers => "Personne ne peut répondre pour le moment. Veuillez réessayer plus tard.",
        Notice::NoAgent => "Une personne va vous répondre.",
        Notice::NotAsked => "L’assistant ne peut pas répondre à cela. Une personne va prendre le relais.",
        Notice::Refused(Reason::Balance) => "L’assistant ne peut pas répondre : votre solde est insuffisant.",
        Notice::Refused(Reason::SpentForToday) => {
            "L’assistant ne peut pas répondre : il a atteint sa limite du jour."
        }
        Notice::Refused(Reason::TooOften) => {
            "L’assistant ne peut pas répondre : vous avez posé trop de questions. Veuillez réessayer dans un instant."
        }
        Notice::Refused(Reason::TooLong) => "L’assistant ne peut pas répondre : votre message est trop long.",
        Notice::Refused(Reason::Other) => "L’assistant ne peut pas répondre pour le moment.",
        Notice::TextOnly { until, has_subscription } => {
            let why = match until {
                None => "Ce salon n’a pas de minutes vocales gratuites : les réponses arrivent sous forme de texte.".to_owned(),
                Some(midnight) => format!("Vos minutes vocales gratuites du jour sont épuisées : les réponses arrivent sous forme de texte jusqu’à {}.", clock(midnight)),
            };
            return if *has_subscription { why + " Un abonnement n’a pas de limite." } else { why };
        }
        Notice::Own(text) => text,
    };
    text.to_owned()
}
