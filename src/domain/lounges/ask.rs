//! Asking a lounge: its own agent answers.

use entity::{agent_reply, community, message};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{Talk, browse::get_open, chat::enter, check, voice::speaks};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write,
        agents::{self, Asked},
        conversations::{self, Intent, Target},
    },
};

/// Something that is said to a lounge.
#[derive(Clone, Debug)]
pub struct AskLounge {
    /// The lounge.
    pub lounge_id: Uuid,
    /// 1 character to as many as its agent takes, kept as they are.
    pub content: String,
    /// Whether the answer is to be heard: `Some(true)` refuses where it cannot be, `Some(false)` is silent, `None` is
    /// heard where it can be.
    pub voice: Option<bool>,
    /// The sender's own key: sent again with it, the first answer is given back.
    pub client_key: Option<String>,
    /// Whole coins that the caller expects it to cost.
    pub expected_fee: Option<i64>,
}

/// Says something in the actor's talk with a lounge, which begins where there is none; the lounge's agent answers.
///
/// # Errors
/// As [`super::start_chat`]; why the actor may not speak; [`Error::NotConfigured`] and
/// [`Error::VoiceMinutesExhausted`] where the answer was to be heard and cannot be; as `ask_about`.
pub async fn ask(app: &App, actor: &User, ask: AskLounge) -> Result<agent_reply::Model> {
    let client_key = ask.client_key.map(conversations::client_key).transpose()?;
    let tx = app.begin(actor).await?;
    let (community, lounge) = get_open(&tx, ask.lounge_id).await?;
    let (talk, _) = enter(app, &tx, actor, &community).await?;
    let target = Target::Conversation(talk.id);
    let floor = conversations::take_floor(app, &tx, actor, &target, Intent::Ask).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if let Some(key) = &client_key
        && let Some(first) = floor.find_by_key(&tx, actor, key).await?
    {
        // Nothing is kept of this transaction, the number taken neither.
        let asked = agents::find_asked_by(&tx, first.message.id).await?;
        return asked
            .ok_or_else(|| Error::Conflict("The clientKey was used to say something else".to_owned()));
    }
    if ask.voice == Some(true) {
        if !speaks(app, &lounge) {
            return Err(Error::NotConfigured("Nobody speaks here: no speech is configured"));
        }
        let talk = Talk { id: talk.id, lounge_id: community.id, customer_id: actor.id.clone() };
        check(app, &tx, &talk).await?;
    }
    let (row, bell) = floor.say(app, &tx, actor, ask.content, client_key, None).await?;
    let asked = ask_about(app, &tx, actor, community.id, &row.message, ask.expected_fee).await?;
    tx.tell([bell]);
    let asked = if ask.voice == Some(false) { asked.in_silence() } else { asked };
    let reply = asked.reply().clone();
    tx.after(|app| asked.begin(app));
    tx.commit(reply).await
}

/// Lets the lounge's agent answer a message that was posted in this transaction. What cannot be answered is refused:
/// nobody else would read it.
///
/// # Errors
/// [`Error::Conflict`] where the lounge has no agent, [`Error::PriceChanged`]; as [`agents::ask_by`].
pub(in crate::domain) async fn ask_about(
    app: &App,
    tx: &Write,
    actor: &User,
    lounge_id: Uuid,
    message: &message::Model,
    expected_fee: Option<i64>,
) -> Result<Asked> {
    let community = community::Entity::find_by_id(lounge_id).one(tx).await?;
    let community = community.ok_or(Error::NotFound("Lounge"))?;
    let listing = match community.default_agent_listing_id {
        Some(id) => agents::find_active(tx, id).await?,
        None => None,
    };
    let listing = listing
        .ok_or_else(|| Error::Conflict("Nobody answers here: the lounge has no agent now".to_owned()))?;
    // Whoever runs it asks for nothing.
    let is_free = community.creator_id == actor.id;
    let fee = if is_free { 0 } else { community.agent_call_fee };
    if let Some(expected) = expected_fee.filter(|expected| !is_free && *expected != fee) {
        return Err(Error::PriceChanged { expected, actual: fee });
    }
    agents::ask_by(app, tx, actor, listing, community, message, None).await
}
