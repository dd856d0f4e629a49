//! The notices in Japanese.

use super::{Notice, Reason, clock};

pub(super) fn text(notice: &Notice) -> String {
    let text = match notice {
        Notice::AssigneeAway => "担当者が席を外しています。別の担当者が引き継ぎます。",
        Notice::PersonWanted => "担当者が引き継ぎます。",
        Notice::NothingFound => "アシスタントは回答を見つけられませんでした。担当者が引き継ぎます。",
        Notice::AnswerFailed => "アシスタントは回答できませんでした。担当者が引き継ぎます。",
        Notice::NobodyAnswers => "ただいま対応できる者がおりません。後ほどもう一度お試しください。",
        Notice::NoAgent => "担当者が回答します。",
        Notice::NotAsked => "アシスタントはこの内容に回答できません。担当者が引き継ぎます。",
        Notice::Refused(Reason::Balance) => "アシスタントは回答できません。コインの残高が足りません。",
        Notice::Refused(Reason::SpentForToday) => "アシスタントは回答できません。本日の上限に達しました。",
        Notice::Refused(Reason::TooOften) => {
            "アシスタントは回答できません。質問の回数が多すぎます。しばらくしてからもう一度お試しください。"
        }
        Notice::Refused(Reason::TooLong) => "アシスタントは回答できません。メッセージが長すぎます。",
        Notice::Refused(Reason::Other) => "アシスタントはただいま回答できません。",
        Notice::TextOnly { until, has_subscription } => {
            let why = match until {
                None => "このラウンジには無料の音声時間がありません。回答はテキストで届きます。".to_owned(),
                Some(midnight) => format!(
                    "本日の無料の音声時間を使い切りました。{}まで、回答はテキストで届きます。",
                    clock(midnight)
                ),
            };
            return if *has_subscription {
                why + "サブスクリプションには上限がありません。"
            } else {
                why
            };
        }
        Notice::Own(text) => text,
    };
    text.to_owned()
}
