//! In whose voice a lounge speaks.

use std::sync::Arc;

use entity::{agent_listing, lounge::VoiceStatus};
use uuid::Uuid;

use super::browse::get;
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
    let Some(speech) = app.adapters.speech.clone() else { return Ok(None) };
    let lounge = get(app.db.read(), lounge_id).await?;
    let cloned = lounge.voice_model_id.filter(|_| lounge.voice_status == VoiceStatus::Ready);
    let voice = cloned.or_else(|| Some(listing.tts_voice.clone()).filter(|voice| !voice.is_empty()));
    Ok(Some(Speaker { speech, voice }))
}
