//! The notices in Arabic.

use super::{Notice, Reason, clock};

pub(super) fn text(notice: &Notice) -> String {
    let text = match notice {
        Notice::AssigneeAway => "الشخص الذي كان يرد عليك غير متاح. سيتولى شخص آخر المحادثة.",
        Notice::PersonWanted => "سيتولى أحد الموظفين المحادثة.",
        Notice::NothingFound => "لم يجد المساعد إجابة. سيتولى أحد الموظفين المحادثة.",
        Notice::AnswerFailed => "لم يتمكن المساعد من الإجابة. سيتولى أحد الموظفين المحادثة.",
        Notice::NobodyAnswers => "لا يمكن لأحد الرد الآن. يرجى المحاولة لاحقًا.",
        Notice::NoAgent => "سيرد عليك أحد الموظفين.",
        Notice::NotAsked => "لا يمكن للمساعد الإجابة عن هذا. سيتولى أحد الموظفين المحادثة.",
        Notice::Refused(Reason::Balance) => "لا يمكن للمساعد الإجابة: رصيدك غير كافٍ.",
        Notice::Refused(Reason::SpentForToday) => "لا يمكن للمساعد الإجابة: لقد بلغ حده لهذا اليوم.",
        Notice::Refused(Reason::TooOften) => {
            "لا يمكن للمساعد الإجابة: لقد سألت مرات كثيرة. يرجى المحاولة بعد قليل."
        }
        Notice::Refused(Reason::TooLong) => "لا يمكن للمساعد الإجابة: رسالتك طويلة جدًا.",
        Notice::Refused(Reason::Other) => "لا يمكن للمساعد الإجابة الآن.",
        Notice::TextOnly { until, has_subscription } => {
            let why = match until {
                None => "لا تتوفر دقائق صوتية مجانية في هذه الصالة: تصل الإجابات نصًا.".to_owned(),
                Some(midnight) => format!(
                    "انتهت دقائقك الصوتية المجانية لهذا اليوم: تصل الإجابات نصًا حتى {}.",
                    clock(midnight)
                ),
            };
            return if *has_subscription { why + " الاشتراك بلا حد." } else { why };
        }
        Notice::Own(text) => text,
    };
    text.to_owned()
}
