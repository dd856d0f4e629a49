//! What becomes of a support chat when its agent has answered, or has not.

use std::time::Duration;

use entity::{
    agent_reply::{self, Outcome, Status as Ended},
    community::CsMode,
    message,
    support_chat::Status,
    user,
};
use sea_orm::EntityTrait;

use super::{
    chats::{find_by_conversation, hold},
    driving::{NOBODY, ask},
    episodes,
    handover::hand_over,
    start::get_community,
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Result,
        agents::Called,
        conversations::{self, Bell, MessageRow},
        text,
    },
};

/// What the customer is told when a person is to take over.
const WANTED: &str = "A person will take over.";
const NOTHING_FOUND: &str = "The assistant found no answer. A person will take over.";
const FAILED: &str = "The assistant could not answer. A person will take over.";

/// How often it is tried to go on in a chat, and how long after a fault of ours.
const ATTEMPTS: usize = 5;
const AGAIN: Duration = Duration::from_secs(2);

/// How an answer of the agent came out.
enum Came {
    /// It is one.
    Out,
    /// The agent let it be known that it has none; what the customer is told beside.
    Empty(&'static str),
    /// There is none.
    Not,
}

/// An answer has ended in a support chat, which is locked: where it is none, a person is waited for, if people serve.
pub(in crate::domain) async fn answered(
    app: &App,
    tx: &Transaction,
    reply: &agent_reply::Model,
) -> Result<Vec<Bell>> {
    let found = find_by_conversation(tx, reply.conversation_id).await?;
    let Some(chat) = found.filter(|chat| chat.status == Status::AiActive) else { return Ok(Vec::new()) };
    let speaks = !text::is_blank(&reply.text);
    let came = match (reply.status, reply.outcome) {
        (Ended::Running | Ended::Stopped, _) => return Ok(Vec::new()),
        (Ended::Done, Some(Outcome::Answered | Outcome::CutShort | Outcome::Greeted)) if speaks => Came::Out,
        (Ended::Done, Some(Outcome::PersonWanted)) => Came::Empty(WANTED),
        (Ended::Done, Some(Outcome::NothingFound)) => Came::Empty(NOTHING_FOUND),
        _ => Came::Not,
    };
    let mode = get_community(tx, &chat).await?.cs_mode;
    let word = match came {
        Came::Out => {
            let mut episode = episodes::get_current(tx, &chat).await?;
            episode.ai_answers += i32::from(reply.outcome != Some(Outcome::Greeted));
            episodes::save(tx, episode).await?;
            return Ok(Vec::new());
        }
        Came::Empty(_) if mode == CsMode::AiOnly && speaks => return Ok(Vec::new()),
        Came::Empty(_) | Came::Not if mode == CsMode::AiOnly => {
            let id = chat.conversation_id;
            return Ok(vec![conversations::say_as_system(app, tx, id, NOBODY.to_owned()).await?]);
        }
        Came::Empty(word) => word,
        Came::Not => FAILED,
    };
    Ok(hand_over(app, tx, chat, Some(word), None).await?.1)
}

/// Asks the agent what the customer has said while it answered. What fails is logged and tried again.
pub(in crate::domain) async fn go_on(app: &App, reply: &agent_reply::Model) {
    for _ in 0..ATTEMPTS {
        let Err(error) = ask_again(app, reply).await else { break };
        let error = format!("{:#}", anyhow::Error::new(error));
        tracing::error!(error, reply = %reply.id, "going on in a support chat");
        tokio::time::sleep(AGAIN).await;
    }
    // An answer that failed may have begun a wait.
    app.tending.notify_one();
}

async fn ask_again(app: &App, reply: &agent_reply::Model) -> Result<()> {
    let tx = app.begin_apart().await?;
    let Some(chat) = hold(&tx, reply.conversation_id).await? else { return Ok(()) };
    if chat.status != Status::AiActive {
        return Ok(());
    }
    let question = message::Entity::find_by_id(reply.question_id).one(&tx).await?;
    let Some(question) = question else { return Ok(()) };
    let (id, customer) = (chat.conversation_id, &chat.customer_id);
    let since = conversations::find_said_since(&tx, id, customer, question.number).await?;
    let Some(message) = since else { return Ok(()) };
    let customer = user::Entity::find_by_id(customer).one(&tx).await?.ok_or(Error::NotFound("User"))?;
    let community = get_community(&tx, &chat).await?;
    let said = MessageRow { message, author: None, agent_name: None, refusal: None };
    let called = ask(app, &tx, &customer, &said, community, chat).await?;
    if let Called::Asked(asked) = called {
        tx.after(|app| asked.begin(app));
    }
    tx.commit(()).await
}
