//! Speech provider and voice of a lounge.

use std::sync::Arc;

use entity::{
    agent_listing,
    lounge::{self, VoiceStatus},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{LoungeChat, browse::get, check};
use crate::{adapters::speech::Speech, app::App, error::Result};

/// A speech provider with a voice.
#[derive(Clone)]
pub(in crate::domain) struct Speaker {
    /// The provider.
    pub(in crate::domain) speech: Arc<dyn Speech>,
    /// Name of the voice; `None` for the provider's default.
    pub(in crate::domain) voice: Option<String>,
}

/// Returns the speaker for an agent in a lounge: the lounge's own voice if it has one; `None` without a
/// speech provider.
pub(in crate::domain) async fn speaker(
    app: &App,
    lounge_id: Uuid,
    listing: &agent_listing::Model,
) -> Result<Option<Speaker>> {
    if let Some(own) = own_speaker(app, &get(app.db.read(), lounge_id).await?) {
        return Ok(Some(own));
    }
    let Some(speech) = app.adapters.speech.clone() else { return Ok(None) };
    Ok(Some(Speaker { speech, voice: Some(listing.tts_voice.clone()).filter(|voice| !voice.is_empty()) }))
}

/// Refuses if the customer's allowance is used up, as [`check`]; never without a speech provider.
pub(in crate::domain) async fn check_allowance(
    app: &App,
    tx: &impl ConnectionTrait,
    talk: &LoungeChat,
) -> Result<()> {
    if speaks(app, &get(tx, talk.lounge_id).await?) { check(app, tx, talk).await } else { Ok(()) }
}

/// Returns whether replies in a lounge can be read aloud.
pub(super) fn speaks(app: &App, lounge: &lounge::Model) -> bool {
    app.adapters.speech.is_some() || own_speaker(app, lounge).is_some()
}

/// Returns the speaker of the lounge's own voice, which only the provider that cloned it offers. `None` if
/// there is no voice or that provider is not configured.
fn own_speaker(app: &App, lounge: &lounge::Model) -> Option<Speaker> {
    let voices = app.adapters.voices.as_ref()?;
    let is_theirs = lounge.voice_provider.as_deref() == Some(voices.provider());
    let voice = lounge.voice_model_id.clone();
    let voice = voice.filter(|_| is_theirs && lounge.voice_status == VoiceStatus::Ready)?;
    Some(Speaker { speech: voices.speech(), voice: Some(voice) })
}
