//! From the agent to a person.

use entity::{community::Status as Open, support_chat, support_chat::Status};
use uuid::Uuid;

use super::{
    chats::{enter, find_of_customer, hold, save},
    episodes, hours,
    lifecycle::Lifecycle,
    owed, settings,
    start::get_community,
    team::person_in,
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Result, User, agents, communities,
        conversations::{self, Bell, Person},
    },
};

/// Asks for a person in the actor's chat with a community. An answer that is being given falls silent. It may be asked
/// for in every mode.
///
/// # Errors
/// [`Error::Missing`] unless an agent answers there, [`Error::MemberBanned`].
pub async fn request_human(app: &App, actor: &User, community_id: Uuid) -> Result<support_chat::Model> {
    const NONE: Error = Error::Missing("No active AI conversation found");
    let tx = app.begin(actor).await?;
    let found = find_of_customer(&tx, community_id, &actor.id).await?.ok_or(NONE)?;
    communities::refuse_banned(app, &tx, community_id, &actor.id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let chat = hold(&tx, found.conversation_id).await?.ok_or(NONE)?;
    if chat.status != Status::AiActive || get_community(&tx, &chat).await?.status != Open::Active {
        return Err(NONE);
    }
    Box::pin(agents::silence(app, &tx, chat.conversation_id)).await?;
    let by = person_in(&tx, community_id, actor).await?;
    let (chat, bells) = hand_over(app, &tx, chat, None, Some(by)).await?;
    tx.tell(bells);
    wake(&tx, &chat);
    tx.commit(chat).await
}

/// Lets the customer of a chat that an agent answers wait for a person, with a word why.
pub(super) async fn hand_over(
    app: &App,
    tx: &Transaction,
    chat: support_chat::Model,
    word: Option<&str>,
    by: Option<Person>,
) -> Result<(support_chat::Model, Vec<Bell>)> {
    let to = Lifecycle::of(&chat).hand_over(app.clock.now())?;
    let (chat, bell) = enter(app, tx, chat, to, by).await?;
    let mut bells = vec![bell];
    if let Some(word) = word {
        bells.push(conversations::say_as_system(app, tx, chat.conversation_id, word.to_owned()).await?);
    }
    let (chat, told) = wait(app, tx, chat).await?;
    bells.extend(told);
    Ok((chat, bells))
}

/// From now on the customer waits for an answer of the team; out of hours they are told so, once an episode.
pub(super) async fn wait(
    app: &App,
    tx: &Transaction,
    chat: support_chat::Model,
) -> Result<(support_chat::Model, Option<Bell>)> {
    let now = app.clock.now();
    let settings = settings::load(tx, chat.community_id).await?;
    let episode = episodes::get_current(tx, &chat).await?;
    let mut chat = owed::owe(chat, &episode, &settings, now);
    chat.updated_at = now;
    let chat = save(tx, chat).await?;
    let told = tell_away(app, tx, &chat).await?;
    Ok((chat, told))
}

/// Tells a customer who waits that nobody is there now, once an episode.
pub(super) async fn tell_away(
    app: &App,
    tx: &Transaction,
    chat: &support_chat::Model,
) -> Result<Option<Bell>> {
    let settings = settings::load(tx, chat.community_id).await?;
    let is_open = hours::are_open(&settings, app.clock.now());
    let Some(away) = settings.away_message.filter(|_| chat.status == Status::WaitingHuman && !is_open) else {
        return Ok(None);
    };
    let mut episode = episodes::get_current(tx, chat).await?;
    if episode.away_told {
        return Ok(None);
    }
    episode.away_told = true;
    episodes::save(tx, episode).await?;
    Ok(Some(conversations::say_as_system(app, tx, chat.conversation_id, away).await?))
}

/// Wakes whoever looks after what is due, once it is committed.
pub(super) fn wake(tx: &crate::domain::Write, chat: &support_chat::Model) {
    if chat.due_at.is_some() {
        tx.after(|app| app.tending.notify_one());
    }
}
