//! Effects of an agent reply on its support chat.

use entity::{
    agent_reply::{self, Outcome, Status as Ended},
    community::CsMode,
    support_chat::{self, Status},
    user,
};
use sea_orm::{
    ColumnTrait, EntityTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    chats::{find_by_conversation, get_community, lock, save},
    episodes,
    handover::hand_over,
    on_message::ask,
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        agents::MentionOutcome,
        conversations::{self, MessageRow, Notification},
        notices::Notice,
    },
    error::{Error, Result},
    text::fields,
};

/// Result of an agent reply.
enum ReplyResult {
    /// The reply is an answer.
    Answered,
    /// The agent found no answer; holds the system message for the customer.
    NoAnswer(Notice),
    /// The reply failed.
    Failed,
}

/// Handles the end of a reply in a locked support chat: without an answer, queues the chat for a person if
/// the mode allows it.
pub(in crate::domain) async fn on_reply(
    app: &App,
    tx: &Transaction,
    reply: &agent_reply::Model,
) -> Result<Vec<Notification>> {
    let found = find_by_conversation(tx, reply.conversation_id).await?;
    let Some(chat) = found.filter(|chat| chat.status == Status::AiActive) else { return Ok(Vec::new()) };
    let speaks = !fields::is_blank(&reply.text);
    let came = match (reply.status, reply.outcome) {
        (Ended::Running | Ended::Stopped, _) => return Ok(Vec::new()),
        (Ended::Done, Some(Outcome::Answered | Outcome::CutShort | Outcome::Greeted)) if speaks => {
            ReplyResult::Answered
        }
        (Ended::Done, Some(Outcome::PersonWanted)) => ReplyResult::NoAnswer(Notice::PersonWanted),
        (Ended::Done, Some(Outcome::NothingFound)) => ReplyResult::NoAnswer(Notice::NothingFound),
        _ => ReplyResult::Failed,
    };
    let mode = get_community(tx, &chat).await?.cs_mode;
    let notice = match came {
        ReplyResult::Answered => {
            let mut episode = episodes::get_current(tx, &chat).await?;
            episode.ai_answers += i32::from(reply.outcome != Some(Outcome::Greeted));
            episodes::save(tx, episode).await?;
            return Ok(Vec::new());
        }
        ReplyResult::NoAnswer(_) if mode == CsMode::AiOnly && speaks => return Ok(Vec::new()),
        ReplyResult::NoAnswer(_) | ReplyResult::Failed if mode == CsMode::AiOnly => {
            let id = chat.conversation_id;
            return Ok(vec![conversations::post_as_system(app, tx, id, &Notice::NobodyAnswers).await?]);
        }
        ReplyResult::NoAnswer(notice) => notice,
        ReplyResult::Failed => Notice::AnswerFailed,
    };
    Ok(hand_over(app, tx, chat, Some(&notice), None).await?.1)
}

/// Asks the agent about messages that the customer posted during the reply. A failure is logged; the timers try again.
pub(in crate::domain) async fn answer_later_messages(app: &App, conversation_id: Uuid) {
    if let Err(error) = ask_again(app, conversation_id).await {
        let error = format!("{:#}", anyhow::Error::new(error));
        tracing::error!(error, conversation = %conversation_id, "a support chat could not be continued");
    }
    // A failed reply may have started a response deadline.
    app.support_timers_wake.notify_one();
}

/// Chats whose agent reply has ended although the customer posted meanwhile: the server stopped before it could
/// continue.
pub(super) fn unasked() -> Expr {
    let running = Query::select()
        .expr(Expr::val(1))
        .from(agent_reply::Entity)
        .and_where(
            Expr::col((agent_reply::Entity, agent_reply::Column::ConversationId))
                .equals((support_chat::Entity, support_chat::Column::ConversationId)),
        )
        .and_where(agent_reply::Column::Status.eq(Ended::Running))
        .to_owned();
    support_chat::Column::UnaskedFrom.is_not_null().and(Expr::exists(running).not())
}

/// Asks the agent about the newest message that it has not been asked about, unless that was done meanwhile.
pub(super) async fn ask_again(app: &App, conversation_id: Uuid) -> Result<()> {
    let tx = app.begin_without_key().await?;
    let Some(mut chat) = lock(&tx, conversation_id).await? else { return Ok(()) };
    let Some(from) = chat.unasked_from.take().filter(|_| chat.status == Status::AiActive) else {
        return Ok(());
    };
    let chat = save(&tx, chat).await?;
    let since = conversations::find_message_since(&tx, conversation_id, &chat.customer_id, from - 1).await?;
    // They may have deleted all of it.
    let Some(message) = since else { return tx.commit(()).await };
    let customer = user::Entity::find_by_id(&chat.customer_id).one(&tx).await?;
    let customer = customer.ok_or(Error::NotFound("User"))?;
    let community = get_community(&tx, &chat).await?;
    let said = MessageRow { message, author: None, agent_name: None, agent_refusal: None };
    let mentioned = ask(app, &tx, &customer, &said, community, chat).await?;
    if let MentionOutcome::Asked(asked) = mentioned {
        tx.after_commit(|app| asked.start(app));
    }
    tx.commit(()).await
}
