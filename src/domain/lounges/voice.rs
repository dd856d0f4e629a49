//! In whose voice a lounge speaks.

use std::sync::Arc;

use entity::{
    agent_listing,
    lounge::{self, VoiceStatus},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Talk, browse::get, check};
use crate::{adapters::speech::Speech, app::App, domain::Result};

/// Who reads aloud, and in which of their voices.
#[derive(Clone)]
pub(in crate::domain) struct Speaker {
    /// Who.
    pub(in crate::domain) speech: Arc<dyn Speech>,
    /// The name of the voice; none: the one of the settings.
    pub(in crate::domain) voice: Option<String>,
}

/// Who speaks for an agent in a lounge: in the lounge's own voice where it has one; none where nobody speaks.
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

/// Refuses where the talk's customer may hear nothing more today, as [`check`]; never where nobody speaks.
pub(in crate::domain) async fn check_heard(app: &App, tx: &impl ConnectionTrait, talk: &Talk) -> Result<()> {
    if speaks(app, &get(tx, talk.lounge_id).await?) { check(app, tx, talk).await } else { Ok(()) }
}

/// Whether anybody speaks in a lounge.
pub(super) fn speaks(app: &App, lounge: &lounge::Model) -> bool {
    app.adapters.speech.is_some() || own_speaker(app, lounge).is_some()
}

/// Who speaks in the lounge's own voice: only whoever made it can. None where it has no voice, or they are not set any
/// more.
fn own_speaker(app: &App, lounge: &lounge::Model) -> Option<Speaker> {
    let voices = app.adapters.voices.as_ref()?;
    let is_theirs = lounge.voice_provider.as_deref() == Some(voices.provider());
    let voice = lounge.voice_model_id.clone();
    let voice = voice.filter(|_| is_theirs && lounge.voice_status == VoiceStatus::Ready)?;
    Some(Speaker { speech: voices.speech(), voice: Some(voice) })
}
