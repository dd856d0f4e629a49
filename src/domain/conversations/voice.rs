//! Saying something by voice: it is written down, and posted with its sound.

use std::time::Duration;

use bytes::Bytes;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    MessageRow, Target,
    access::{Intent, get_seat},
    floor::take_floor,
    post::{NewMessage, client_key, say},
    sound,
};
use crate::{
    adapters::{sound::Sound, transcription::Recording},
    app::App,
    domain::{
        Error, Result, Retry, User,
        lounges::{self, Talk},
        text::is_blank,
    },
};

/// The longest recording.
const LONGEST: Duration = Duration::from_secs(120);
/// The largest one, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;

/// Something to be said by voice.
#[derive(Clone, Debug)]
pub struct NewVoiceMessage {
    /// Where.
    pub target: Target,
    /// A recording: WAV, MP3, Ogg (Opus or Vorbis), WebM or M4A, of two minutes and 8 MiB at most.
    pub audio: Bytes,
    /// The sender's own key: sent again with it, the first message is given back.
    pub client_key: Option<String>,
    /// The message that it answers, of the same conversation.
    pub reply_to: Option<Uuid>,
}

/// Posts what somebody says in a recording, with its sound; as [`super::post`] in all else.
///
/// # Errors
/// [`Error::Invalid`] for the recording first; then why the actor may not speak there; [`Error::VoiceMinutesExhausted`]
/// in a talk with a lounge that would answer as text; [`Error::NotConfigured`] where nobody writes it down,
/// [`Error::ProviderFailed`] where they fail; as [`super::post`].
pub async fn post_voice(app: &App, actor: &User, new: NewVoiceMessage) -> Result<MessageRow> {
    let sound = judge(new.audio)?;
    let key = new.client_key.map(client_key).transpose()?;
    if let Some(done) = app.find_done(actor).await? {
        get_seat(app, app.db.read(), actor, &new.target, Intent::Speak).await?;
        return Ok(done);
    }
    if let Some(first) = admit(app, actor, &new.target, key.as_deref()).await? {
        return Ok(first);
    }
    // Beside any transaction: it takes as long as the provider likes.
    let content = write_down(app, &sound).await?;
    let new = NewMessage { target: new.target, content, client_key: key, reply_to: new.reply_to };
    let (app, actor) = (app.clone(), actor.clone());
    // Whoever asked may leave now: no recording stays that no message has.
    let posting = app.tasks.clone().spawn(
        Retry::scope(Retry::running(), async move {
            let url = sound::keep(&app, sound).await?;
            let posted = say(&app, &actor, new, Some(&url)).await;
            // It was sent twice at once, or refused meanwhile.
            if posted.as_ref().map_or(true, |row| row.message.tts_audio_url.as_ref() != Some(&url)) {
                sound::discard(&app, &url).await;
            }
            posted
        })
        .in_current_span(),
    );
    posting.await.map_err(|error| Error::Internal(error.into()))?
}

/// Holds a recording to its kind, length and size.
fn judge(audio: Bytes) -> Result<Sound> {
    let refused = |message: &str| Error::invalid("audio", message);
    if audio.len() > LARGEST {
        return Err(refused("audio must have 8 MiB at most"));
    }
    let sound = Sound::read(audio).ok_or_else(|| {
        refused("audio must be a recording: WAV, MP3, Ogg with Opus or Vorbis, WebM or M4A")
    })?;
    match sound.length {
        Duration::ZERO => Err(refused("audio is silent: it has no sound in it")),
        length if length > LONGEST => Err(refused("audio must sound two minutes at most")),
        _ => Ok(sound),
    }
}

/// Refuses who may not speak there, before anybody is paid to listen. What was said under this key before.
async fn admit(
    app: &App,
    actor: &User,
    target: &Target,
    client_key: Option<&str>,
) -> Result<Option<MessageRow>> {
    // Nothing is kept of this transaction.
    let tx = app.begin_apart().await?;
    let floor = take_floor(app, &tx, actor, target, Intent::Speak).await?;
    if let Some(key) = client_key
        && let Some(first) = floor.find_by_key(&tx, actor, key).await?
    {
        return Ok(Some(first));
    }
    // Whoever speaks to a lounge wants to hear it.
    if let Some(talk) = Talk::of(floor.conversation().clone()) {
        lounges::check_heard(app, &tx, &talk).await?;
    }
    Ok(None)
}

/// The words of a recording.
async fn write_down(app: &App, sound: &Sound) -> Result<String> {
    const NOBODY: Error =
        Error::NotConfigured("Nobody writes down what is said here: no transcription is configured");
    let writer = app.adapters.transcription.clone().ok_or(NOBODY)?;
    let recording = Recording { bytes: sound.bytes.clone(), media: sound.media };
    let text = writer.transcribe(&recording, None).await.map_err(|error| {
        tracing::warn!(%error, "a recording was not written down");
        Error::ProviderFailed("The recording could not be written down")
    })?;
    // No text is kept with a NUL in it, on either database.
    let text = text.replace('\0', "");
    if is_blank(&text) {
        return Err(Error::invalid("audio", "No words were heard in the recording"));
    }
    Ok(text)
}
