//! The notices in Spanish.

use super::{Notice, Reason, clock};

pub(super) fn text(notice: &Notice) -> String {
    let text = match notice {
        Notice::AssigneeAway => "La persona que te atendía no está disponible. Otra persona te atenderá.",
        Notice::PersonWanted => "Una persona te atenderá.",
        Notice::NothingFound => "El asistente no ha encontrado una respuesta. Una persona te atenderá.",
        Notice::AnswerFailed => "El asistente no ha podido responder. Una persona te atenderá.",
        Notice::NobodyAnswers => "Nadie puede responder en este momento. Inténtalo de nuevo más tarde.",
        Notice::NoAgent => "Una persona te responderá.",
        Notice::NotAsked => "El asistente no puede responder a esto. Una persona te atenderá.",
        Notice::Refused(Reason::Balance) => "El asistente no puede responder: tu saldo no es suficiente.",
        Notice::Refused(Reason::SpentForToday) => {
            "El asistente no puede responder: ha alcanzado su límite de hoy."
        }
        Notice::Refused(Reason::TooOften) => {
            "El asistente no puede responder: has preguntado demasiadas veces. Inténtalo de nuevo en un momento."
        }
        Notice::Refused(Reason::TooLong) => "El asistente no puede responder: tu mensaje es demasiado largo.",
        Notice::Refused(Reason::Other) => "El asistente no puede responder en este momento.",
        Notice::TextOnly { until, has_subscription } => {
            let why = match until {
                None => "Esta sala no tiene minutos de voz gratuitos: las respuestas llegan como texto."
                    .to_owned(),
                Some(midnight) => format!(
                    "Has gastado tus minutos de voz gratuitos de hoy: las respuestas llegan como texto hasta las {}.",
                    clock(midnight)
                ),
            };
            return if *has_subscription { why + " Una suscripción no tiene límite." } else { why };
        }
        Notice::Own(text) => text,
    };
    text.to_owned()
}
