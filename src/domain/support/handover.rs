//! Handover from the agent to the team.

use entity::{community::Status as Open, support_chat, support_chat::Status};
use uuid::Uuid;

use super::{
    business_hours,
    chats::{find_of_customer, get_community, lock, save, transition},
    episodes,
    lifecycle::Lifecycle,
    response_deadline, settings,
    team::person_in,
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        User, agents, communities,
        conversations::{self, Notification, Person},
        notices::Notice,
    },
    error::{Error, Result},
};

/// Requests a person in the actor's chat with a community, in any mode. Stops a running agent reply.
///
/// # Errors
/// [`Error::Missing`] unless an agent answers the chat, [`Error::MemberBanned`].
pub async fn request_human(app: &App, actor: &User, community_id: Uuid) -> Result<support_chat::Model> {
    const NONE: Error = Error::Missing("No active AI conversation found");
    let tx = app.begin(actor).await?;
    let found = find_of_customer(&tx, community_id, &actor.id).await?.ok_or(NONE)?;
    communities::refuse_banned(app, &tx, community_id, &actor.id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let chat = lock(&tx, found.conversation_id).await?.ok_or(NONE)?;
    if chat.status != Status::AiActive || get_community(&tx, &chat).await?.status != Open::Active {
        return Err(NONE);
    }
    Box::pin(agents::stop_running(app, &tx, chat.conversation_id)).await?;
    let by = person_in(&tx, community_id, actor).await?;
    let (chat, notifications) = hand_over(app, &tx, chat, None, Some(by)).await?;
    tx.publish(notifications);
    wake(&tx, &chat);
    tx.commit(chat).await
}

/// Moves an agent's chat to the queue, with an optional system message `notice` that explains it.
pub(super) async fn hand_over(
    app: &App,
    tx: &Transaction,
    chat: support_chat::Model,
    notice: Option<&Notice>,
    by: Option<Person>,
) -> Result<(support_chat::Model, Vec<Notification>)> {
    let to = Lifecycle::of(&chat).hand_over(app.clock.now())?;
    let (chat, notification) = transition(app, tx, chat, to, by).await?;
    let mut notifications = vec![notification];
    if let Some(notice) = notice {
        notifications.push(conversations::post_as_system(app, tx, chat.conversation_id, notice).await?);
    }
    let (chat, told) = wait(app, tx, chat).await?;
    notifications.extend(told);
    Ok((chat, notifications))
}

/// Starts the response deadline; outside business hours also posts the away message, once per episode.
pub(super) async fn wait(
    app: &App,
    tx: &Transaction,
    chat: support_chat::Model,
) -> Result<(support_chat::Model, Option<Notification>)> {
    let now = app.clock.now();
    let settings = settings::load(tx, chat.community_id).await?;
    let episode = episodes::get_current(tx, &chat).await?;
    let mut chat = response_deadline::start(chat, &episode, &settings, now);
    chat.updated_at = now;
    let chat = save(tx, chat).await?;
    let told = post_away_message(app, tx, &chat).await?;
    Ok((chat, told))
}

/// Posts the away message to a waiting customer outside business hours, once per episode.
pub(super) async fn post_away_message(
    app: &App,
    tx: &Transaction,
    chat: &support_chat::Model,
) -> Result<Option<Notification>> {
    let settings = settings::load(tx, chat.community_id).await?;
    let is_open = business_hours::are_open(&settings, app.clock.now());
    let Some(away) = settings.away_message.filter(|_| chat.status == Status::WaitingHuman && !is_open) else {
        return Ok(None);
    };
    let mut episode = episodes::get_current(tx, chat).await?;
    if episode.away_told {
        return Ok(None);
    }
    episode.away_told = true;
    episodes::save(tx, episode).await?;
    Ok(Some(conversations::post_as_system(app, tx, chat.conversation_id, &Notice::Own(away)).await?))
}

/// After commit, wakes the support timers if the chat has a due time.
pub(super) fn wake(tx: &crate::domain::UnitOfWork, chat: &support_chat::Model) {
    if chat.due_at.is_some() {
        tx.after_commit(|app| app.support_timers_wake.notify_one());
    }
}
