//! Asking a lounge's agent.

use entity::{agent_reply, community, message};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{LoungeChat, browse::get_open, chat::enter, check, voice::speaks};
use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        agents::{self, PendingReply},
        conversations::{self, Permission, Target},
    },
    error::{Error, Result},
};

/// Input of a question to a lounge.
#[derive(Clone, Debug)]
pub struct AskLounge {
    /// The lounge.
    pub lounge_id: Uuid,
    /// 1 character up to its agent's limit, kept verbatim.
    pub content: String,
    /// Whether to read the reply aloud: `Some(true)` refuses if that is impossible, `Some(false)` turns it
    /// off, `None` does it if possible.
    pub voice: Option<bool>,
    /// Key chosen by the sender; a retry with the same key returns the first reply.
    pub client_key: Option<String>,
    /// Fee in whole coins that the caller expects.
    pub expected_fee: Option<i64>,
}

/// Posts a question in the actor's lounge chat, which is created if needed, and asks the lounge's agent.
///
/// # Errors
/// As [`super::start_chat`]; the refusal to post; [`Error::NotConfigured`] and
/// [`Error::VoiceMinutesExhausted`] if voice is required and impossible; as `ask_about`.
pub async fn ask(app: &App, actor: &User, ask: AskLounge) -> Result<agent_reply::Model> {
    let client_key = ask.client_key.map(conversations::client_key).transpose()?;
    let tx = app.begin(actor).await?;
    let (community, lounge) = get_open(&tx, ask.lounge_id).await?;
    let (talk, _) = enter(app, &tx, actor, &community).await?;
    let target = Target::Conversation(talk.id);
    let pending = conversations::begin_post(app, &tx, actor, &target, Permission::AskAgent).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if let Some(key) = &client_key
        && let Some(first) = pending.find_by_key(&tx, actor, key).await?
    {
        // The transaction is rolled back, including the sequence number that it took.
        let asked = agents::find_asked_by(&tx, first.message.id).await?;
        return asked.ok_or_else(|| Error::Conflict("The clientKey was used for another message".to_owned()));
    }
    if ask.voice == Some(true) {
        if !speaks(app, &lounge) {
            return Err(Error::NotConfigured("Speech is not configured"));
        }
        let talk = LoungeChat { id: talk.id, lounge_id: community.id, customer_id: actor.id.clone() };
        check(app, &tx, &talk).await?;
    }
    let (row, notification) = pending.insert_message(app, &tx, actor, ask.content, client_key, None).await?;
    let asked = ask_about(app, &tx, actor, community.id, &row.message, ask.expected_fee).await?;
    tx.publish([notification]);
    let asked = if ask.voice == Some(false) { asked.without_audio() } else { asked };
    let reply = asked.reply().clone();
    tx.after_commit(|app| asked.start(app));
    tx.commit(reply).await
}

/// Asks the lounge's agent about a message posted in this transaction. Fails if the agent cannot be asked,
/// because no person reads a lounge chat.
///
/// # Errors
/// [`Error::Conflict`] if the lounge has no agent, [`Error::PriceChanged`]; as
/// [`agents::ask_about_message`].
pub(in crate::domain) async fn ask_about(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    lounge_id: Uuid,
    message: &message::Model,
    expected_fee: Option<i64>,
) -> Result<PendingReply> {
    let community = community::Entity::find_by_id(lounge_id).one(tx).await?;
    let community = community.ok_or(Error::NotFound("Lounge"))?;
    let listing = match community.default_agent_listing_id {
        Some(id) => agents::find_active(tx, id).await?,
        None => None,
    };
    let listing = listing.ok_or_else(|| Error::Conflict("The lounge has no agent".to_owned()))?;
    // The creator pays nothing.
    let is_free = community.creator_id == actor.id;
    let fee = if is_free { 0 } else { community.agent_call_fee };
    if let Some(expected) = expected_fee.filter(|expected| !is_free && *expected != fee) {
        return Err(Error::PriceChanged { expected, actual: fee });
    }
    agents::ask_about_message(app, tx, actor, listing, community, message, None).await
}
