//! The notices in Chinese.

use super::{Notice, Reason, clock};

pub(super) fn text(notice: &Notice) -> String {
    let text = match notice {
        Notice::AssigneeAway => "接待您的人员不在。其他人员将接手。",
        Notice::PersonWanted => "人工客服将接手。",
        Notice::NothingFound => "助手没有找到答案。人工客服将接手。",
        Notice::AnswerFailed => "助手未能回答。人工客服将接手。",
        Notice::NobodyAnswers => "目前没有人可以回答。请稍后再试。",
        Notice::NoAgent => "人工客服将为您解答。",
        Notice::NotAsked => "助手无法回答这个问题。人工客服将接手。",
        Notice::Refused(Reason::Balance) => "助手无法回答：您的余额不足。",
        Notice::Refused(Reason::SpentForToday) => "助手无法回答：已达到今天的上限。",
        Notice::Refused(Reason::TooOften) => "助手无法回答：您提问过于频繁。请稍后再试。",
        Notice::Refused(Reason::TooLong) => "助手无法回答：您的消息太长。",
        Notice::Refused(Reason::Other) => "助手目前无法回答。",
        Notice::TextOnly { until, has_subscription } => {
            let why = match until {
                None => "此休息室没有免费语音时长：回答以文字形式发送。".to_owned(),
                Some(midnight) => {
                    format!("您今天的免费语音时长已用完：在 {} 之前，回答以文字形式发送。", clock(midnight))
                }
            };
            return if *has_subscription { why + "订阅后没有限制。" } else { why };
        }
        Notice::Own(text) => text,
    };
    text.to_owned()
}
