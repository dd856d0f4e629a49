//! What is said in a support chat drives it: the agent is asked, the team is waited for, or somebody of it takes over.

use entity::{
    agent_listing, agent_reply, community,
    community::CsMode,
    conversation::{self, Kind},
    support_chat::{self, Status},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{
    chats::{enter, find_by_conversation, save},
    episodes,
    handover::{hand_over, wait, wake},
    lifecycle::Lifecycle,
    owed, settings,
    start::{get_community, next_episode, reopen},
    team::check_capacity,
};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write,
        agents::{self, Called},
        conversations::{self, MessageRow, Refusal, Target},
    },
};

/// Nobody answers, and nobody can be waited for.
pub(super) const NOBODY: &str = "Nobody can answer right now. Please try again later.";
/// There is no agent to answer.
const NO_AGENT: &str = "A person will answer you.";
/// The agent cannot be asked.
const NOT_ASKED: &str = "The assistant cannot answer this. A person will take over.";

/// Before somebody of the team speaks, the agent falls silent, even in the middle of an answer.
pub(in crate::domain) async fn make_way(app: &App, tx: &Write, actor: &User, target: &Target) -> Result<()> {
    let Target::Conversation(id) = target else { return Ok(()) };
    let found = conversation::Entity::find_by_id(*id).one(tx).await?;
    let Some(chat) = found.filter(|found| found.kind == Kind::Support) else { return Ok(()) };
    if chat.customer_id.as_ref() == Some(&actor.id) {
        return Ok(());
    }
    conversations::lock(tx, *id).await?;
    Box::pin(agents::silence(app, tx, *id)).await
}

/// Something was said in a support chat, which is locked; whether its agent is to answer, once it is committed.
pub(in crate::domain) async fn heard(
    app: &App,
    tx: &Write,
    actor: &User,
    said: &MessageRow,
    conversation: &conversation::Model,
) -> Result<Called> {
    let found = find_by_conversation(tx, conversation.id).await?;
    let chat = found.ok_or_else(|| Error::Internal(anyhow::anyhow!("a support conversation has no chat")))?;
    if chat.customer_id == actor.id {
        heard_customer(app, tx, actor, said, chat).await
    } else {
        heard_team(app, tx, actor, said, chat).await.map(|()| Called::Nobody)
    }
}

async fn heard_customer(
    app: &App,
    tx: &Write,
    actor: &User,
    said: &MessageRow,
    mut chat: support_chat::Model,
) -> Result<Called> {
    let community = get_community(tx, &chat).await?;
    if chat.status == Status::Resolved
        && let Some(by) = said.author.clone()
    {
        chat = reopen(app, tx, &community, chat, by).await?;
    }
    let mut episode = episodes::get_current(tx, &chat).await?;
    if episode.question_id.is_none() {
        episode.question_id = Some(said.message.id);
        episodes::save(tx, episode).await?;
    }
    if chat.status == Status::AiActive {
        chat.updated_at = app.clock.now();
        let chat = save(tx, chat).await?;
        return ask(app, tx, actor, said, community, chat).await;
    }
    let (chat, told) = wait(app, tx, chat).await?;
    tx.tell(told);
    wake(tx, &chat);
    Ok(Called::Nobody)
}

/// Asks the community's agent. Where it cannot be asked, a person is waited for, or the customer is told; they never meet
/// silence.
pub(super) async fn ask(
    app: &App,
    tx: &Write,
    actor: &User,
    said: &MessageRow,
    community: community::Model,
    chat: support_chat::Model,
) -> Result<Called> {
    let running = agent_reply::Entity::find()
        .filter(agent_reply::Column::ConversationId.eq(chat.conversation_id))
        .filter(agent_reply::Column::Status.eq(agent_reply::Status::Running))
        .count(tx)
        .await?;
    if running > 0 {
        // What was said meanwhile is answered after it.
        return Ok(Called::Nobody);
    }
    let mode = community.cs_mode;
    let word = match find_agent(tx, &community).await? {
        Some(listing) if mode != CsMode::HumanOnly => {
            let fee = settings::load(tx, community.id).await?.call_fee;
            match agents::ask_by(app, tx, actor, listing, community, &said.message, Some(fee)).await {
                Ok(asked) => return Ok(Called::Asked(Box::new(asked))),
                Err(error) if error.is_failure() => return Err(error),
                Err(refused) if mode == CsMode::AiOnly => {
                    tell(app, tx, &chat, format!("The assistant cannot answer: {refused}.")).await?;
                    let code = refused.code().as_str().to_owned();
                    return Ok(Called::Refused(Refusal { code, message: refused.to_string() }));
                }
                Err(_) => NOT_ASKED,
            }
        }
        _ if mode == CsMode::AiOnly => {
            tell(app, tx, &chat, NOBODY.to_owned()).await?;
            return Ok(Called::Nobody);
        }
        _ => NO_AGENT,
    };
    let (chat, bells) = hand_over(app, tx, chat, Some(word), None).await?;
    tx.tell(bells);
    wake(tx, &chat);
    Ok(Called::Nobody)
}

async fn tell(app: &App, tx: &Write, chat: &support_chat::Model, word: String) -> Result<()> {
    tx.tell([conversations::say_as_system(app, tx, chat.conversation_id, word).await?]);
    Ok(())
}

/// The agent that answers a community's customers.
async fn find_agent(tx: &Write, community: &community::Model) -> Result<Option<agent_listing::Model>> {
    match community.default_agent_listing_id {
        Some(listing) => agents::find_active(tx, listing).await,
        None => Ok(None),
    }
}

/// The first of the team who speaks is whose the customer is from then on.
async fn heard_team(
    app: &App,
    tx: &Write,
    actor: &User,
    said: &MessageRow,
    mut chat: support_chat::Model,
) -> Result<()> {
    let stands = Lifecycle::of(&chat);
    let to = stands.clone().speak(&actor.id);
    if to != stands {
        check_capacity(tx, &chat, &actor.id).await?;
        chat = match (stands, said.author.clone()) {
            (Lifecycle::Resolved { .. }, Some(by)) => next_episode(app, tx, chat, to, by).await?,
            (_, by) => {
                let (chat, bell) = enter(app, tx, chat, to, by).await?;
                tx.tell([bell]);
                chat
            }
        };
    }
    let now = app.clock.now();
    let episode = episodes::get_current(tx, &chat).await?;
    episodes::save(tx, episodes::respond(episode, chat.unanswered_since, now)).await?;
    let mut chat = owed::settled(chat);
    chat.updated_at = now;
    save(tx, chat).await?;
    Ok(())
}
