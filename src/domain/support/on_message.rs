//! Effects of a message in a support chat: asks the agent, waits for the team or assigns a team member.

use entity::{
    agent_listing, agent_reply, community,
    community::CsMode,
    conversation::{self, Kind},
    support_chat::{self, Status},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    chats::{find_by_conversation, get_community, save, transition},
    episodes,
    handover::{hand_over, wait, wake},
    lifecycle::Lifecycle,
    response_deadline, settings,
    start::{next_episode, reopen},
    team::check_capacity,
};
use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        agents::{self, MentionOutcome},
        conversations::{self, AgentRefusal, MessageRow, Target},
        notices::{Notice, Reason},
    },
    error::{Error, Result},
};

/// Stops a running agent reply before a team member posts.
pub(in crate::domain) async fn yield_to_person(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    target: &Target,
) -> Result<()> {
    let Target::Conversation(id) = target else { return Ok(()) };
    let found = conversation::Entity::find_by_id(*id).one(tx).await?;
    let Some(chat) = found.filter(|found| found.kind == Kind::Support) else { return Ok(()) };
    if chat.customer_id.as_ref() == Some(&actor.id) {
        return Ok(());
    }
    conversations::lock(tx, *id).await?;
    Box::pin(agents::stop_running(app, tx, *id)).await
}

/// Returns for each of these messages, by conversation and author, whether it only changes the response deadline: it asks
/// no agent, stops no reply and changes no status. The chats are locked.
pub(in crate::domain) async fn list_plain(tx: &UnitOfWork, said: &[(Uuid, &str)]) -> Result<Vec<bool>> {
    let ids = || said.iter().map(|(conversation, _)| *conversation);
    let chats = support_chat::Entity::find()
        .filter(support_chat::Column::ConversationId.is_in(ids()))
        .all(tx)
        .await?;
    let answered: Vec<Uuid> = agent_reply::Entity::find()
        .select_only()
        .column(agent_reply::Column::ConversationId)
        .filter(agent_reply::Column::ConversationId.is_in(ids()))
        .filter(agent_reply::Column::Status.eq(agent_reply::Status::Running))
        .into_tuple()
        .all(tx)
        .await?;
    let is_plain = |(conversation, author): &(Uuid, &str)| {
        let Some(chat) = chats.iter().find(|chat| chat.conversation_id == *conversation) else {
            return false;
        };
        let current = Lifecycle::of(chat);
        if chat.customer_id == *author {
            matches!(current, Lifecycle::WaitingHuman { .. } | Lifecycle::HumanActive { .. })
        } else {
            current.clone().speak(author) == current && !answered.contains(conversation)
        }
    };
    Ok(said.iter().map(is_plain).collect())
}

/// Handles a message in a locked support chat; returns the agent reply to start after commit, if any.
pub(in crate::domain) async fn on_message(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    said: &MessageRow,
    conversation: &conversation::Model,
) -> Result<MentionOutcome> {
    let found = find_by_conversation(tx, conversation.id).await?;
    let chat = found.ok_or_else(|| Error::Internal(anyhow::anyhow!("a support conversation has no chat")))?;
    if chat.customer_id == actor.id {
        on_customer_message(app, tx, actor, said, chat).await
    } else {
        on_team_message(app, tx, actor, said, chat).await.map(|()| MentionOutcome::NoAgent)
    }
}

async fn on_customer_message(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    said: &MessageRow,
    mut chat: support_chat::Model,
) -> Result<MentionOutcome> {
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
    tx.publish(told);
    wake(tx, &chat);
    Ok(MentionOutcome::NoAgent)
}

/// Asks the community's agent. If that is refused, queues the chat for a person or posts the refusal, so
/// that the customer never gets silence.
pub(super) async fn ask(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    said: &MessageRow,
    community: community::Model,
    mut chat: support_chat::Model,
) -> Result<MentionOutcome> {
    let running = agent_reply::Entity::find()
        .filter(agent_reply::Column::ConversationId.eq(chat.conversation_id))
        .filter(agent_reply::Column::Status.eq(agent_reply::Status::Running))
        .count(tx)
        .await?;
    if running > 0 {
        // The messages posted meanwhile are answered after the running reply, on any server.
        if chat.unasked_from.is_none() {
            chat.unasked_from = Some(said.message.number);
            save(tx, chat).await?;
        }
        return Ok(MentionOutcome::NoAgent);
    }
    let mode = community.cs_mode;
    let notice = match find_agent(tx, &community).await? {
        Some(listing) if mode != CsMode::HumanOnly => {
            let fee = settings::load(tx, community.id).await?.call_fee;
            match agents::ask_about_message(app, tx, actor, listing, community, &said.message, Some(fee))
                .await
            {
                Ok(asked) => return Ok(MentionOutcome::Asked(Box::new(asked))),
                Err(error) if error.is_failure() => return Err(error),
                Err(refused) if mode == CsMode::AiOnly => {
                    let refusal = Notice::Refused(Reason::from(&refused));
                    post_notice(app, tx, &chat, &refusal).await?;
                    let code = refused.code().as_str().to_owned();
                    return Ok(MentionOutcome::Refused(AgentRefusal { code, message: refused.to_string() }));
                }
                Err(_) => Notice::NotAsked,
            }
        }
        _ if mode == CsMode::AiOnly => {
            post_notice(app, tx, &chat, &Notice::NobodyAnswers).await?;
            return Ok(MentionOutcome::NoAgent);
        }
        _ => Notice::NoAgent,
    };
    let (chat, notifications) = hand_over(app, tx, chat, Some(&notice), None).await?;
    tx.publish(notifications);
    wake(tx, &chat);
    Ok(MentionOutcome::NoAgent)
}

async fn post_notice(app: &App, tx: &UnitOfWork, chat: &support_chat::Model, notice: &Notice) -> Result<()> {
    tx.publish([conversations::post_as_system(app, tx, chat.conversation_id, notice).await?]);
    Ok(())
}

/// Returns the agent that answers a community's customers.
async fn find_agent(tx: &UnitOfWork, community: &community::Model) -> Result<Option<agent_listing::Model>> {
    match community.default_agent_listing_id {
        Some(listing) => agents::find_active(tx, listing).await,
        None => Ok(None),
    }
}

/// Assigns the chat to the first team member who posts.
async fn on_team_message(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    said: &MessageRow,
    mut chat: support_chat::Model,
) -> Result<()> {
    let current = Lifecycle::of(&chat);
    let to = current.clone().speak(&actor.id);
    if to != current {
        check_capacity(tx, &chat, &actor.id).await?;
        chat = match (current, said.author.clone()) {
            (Lifecycle::Resolved { .. }, Some(by)) => next_episode(app, tx, chat, to, by).await?,
            (_, by) => {
                let (chat, notification) = transition(app, tx, chat, to, by).await?;
                tx.publish([notification]);
                chat
            }
        };
    }
    let now = app.clock.now();
    let chat = response_deadline::miss(tx, chat, now).await?;
    let episode = episodes::get_current(tx, &chat).await?;
    episodes::save(tx, episodes::respond(episode, chat.unanswered_since, now)).await?;
    let mut chat = response_deadline::clear(chat);
    chat.updated_at = now;
    save(tx, chat).await?;
    Ok(())
}
