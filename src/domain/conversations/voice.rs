//! Voice messages: a recording is transcribed and posted with its audio.

use std::time::Duration;

use bytes::Bytes;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    MessageRow, Target,
    access::{Permission, get_access},
    messages::current,
    pending_post::begin_post,
    post::{NewMessage, client_key, post_alone},
};
use crate::{
    adapters::transcription::Recording,
    app::App,
    audio::Sound,
    domain::{
        IdempotencyKey, User,
        claim::Claim,
        idempotency,
        lounges::{self, LoungeChat},
        stored_file,
    },
    error::{Error, Result},
    text::fields::is_blank,
};

/// Storage folder of recordings.
const FOLDER: &str = "voice";
/// Maximum duration of a recording.
const MAX_DURATION: Duration = Duration::from_secs(120);
/// Maximum size of a recording, in bytes.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Input of a new voice message.
#[derive(Clone, Debug)]
pub struct NewVoiceMessage {
    /// The conversation.
    pub target: Target,
    /// A recording in WAV, MP3, Ogg (Opus or Vorbis), WebM or M4A, maximum two minutes and 8 MiB.
    pub audio: Bytes,
    /// Key chosen by the sender; a retry with the same key returns the first message.
    pub client_key: Option<String>,
    /// The message that it replies to, in the same conversation.
    pub reply_to: Option<Uuid>,
}

/// Posts a recording and its transcription; otherwise as [`super::post`].
///
/// # Errors
/// [`Error::Invalid`] for the recording; then the refusal to post there; [`Error::VoiceMinutesExhausted`]
/// in a lounge chat without voice minutes left; [`Error::NotConfigured`] without a transcription provider,
/// [`Error::ProviderFailed`] if it fails; then as [`super::post`].
pub async fn post_voice(app: &App, actor: &User, new: NewVoiceMessage) -> Result<MessageRow> {
    let sound = validate_recording(new.audio)?;
    let key = new.client_key.map(client_key).transpose()?;
    let voice_message = VoiceMessage { target: new.target, key, reply_to: new.reply_to };
    let conversation_id = match admit(app, actor, &voice_message).await? {
        Admitted::Before(done) => return Ok(*done),
        Admitted::Now(conversation_id) => conversation_id,
    };
    let Some(name) = voice_message.name(actor) else {
        // Outside any transaction: the provider may take any time.
        let content = transcribe(app, actor, conversation_id, &sound).await?;
        return in_a_task(app, {
            let (app, actor) = (app.clone(), actor.clone());
            async move { keep_and_post(&app, &actor, voice_message, sound, content).await }
        })
        .await;
    };
    // A repeated upload is transcribed once, even if the first request was dropped in the meantime.
    in_a_task(app, {
        let (app, actor) = (app.clone(), actor.clone());
        async move {
            let claim = Claim::wait(&app, &name).await?;
            let posted = post_once(&app, &actor, voice_message, sound).await;
            claim.release(&app).await;
            posted
        }
    })
    .await
}

/// A voice message before its transcription.
struct VoiceMessage {
    target: Target,
    key: Option<String>,
    reply_to: Option<Uuid>,
}

impl VoiceMessage {
    /// Key that repeated uploads of one message share. `None` if the request carries no key.
    fn name(&self, actor: &User) -> Option<String> {
        let sent = idempotency::next_name().map(|request| format!("request\n{request}"));
        let name = sent.or_else(|| Some(format!("message\n{}\n{}", self.target.id(), self.key.as_ref()?)))?;
        Some(format!("voice\n{}\n{name}", actor.id))
    }
}

/// Runs work that continues if the sender disconnects, under the request's idempotency key.
async fn in_a_task(
    app: &App,
    work: impl Future<Output = Result<MessageRow>> + Send + 'static,
) -> Result<MessageRow> {
    let work = IdempotencyKey::scope(IdempotencyKey::current(), work).in_current_span();
    app.tasks.clone().spawn(work).await.map_err(|error| Error::Internal(error.into()))?
}

/// Transcribes the recording and posts it, unless another request has done so.
async fn post_once(app: &App, actor: &User, voice_message: VoiceMessage, sound: Sound) -> Result<MessageRow> {
    let conversation_id = match admit(app, actor, &voice_message).await? {
        Admitted::Before(done) => return Ok(*done),
        Admitted::Now(conversation_id) => conversation_id,
    };
    let content = transcribe(app, actor, conversation_id, &sound).await?;
    keep_and_post(app, actor, voice_message, sound, content).await
}

/// Stores the recording and posts the message; deletes the recording if no message refers to it.
async fn keep_and_post(
    app: &App,
    actor: &User,
    voice_message: VoiceMessage,
    sound: Sound,
    content: String,
) -> Result<MessageRow> {
    let new = NewMessage {
        target: voice_message.target,
        content,
        client_key: voice_message.key,
        reply_to: voice_message.reply_to,
    };
    let url = stored_file::keep(app, FOLDER, sound.media, sound.bytes).await?.url();
    // The rate limit counted it before its transcription.
    let posted = post_alone(app, actor, new, Some(&url), true).await;
    // It was sent twice at the same time, or refused in the meantime.
    if posted.as_ref().map_or(true, |row| row.message.tts_audio_url.as_ref() != Some(&url)) {
        stored_file::discard(app, &url).await;
    }
    posted
}

/// Validates format, duration and size of a recording.
fn validate_recording(audio: Bytes) -> Result<Sound> {
    let refused = |message: &str| Error::invalid("audio", message);
    if audio.len() > MAX_BYTES {
        return Err(refused("audio must be at most 8 MiB"));
    }
    let sound = Sound::read(audio).ok_or_else(|| {
        refused("audio must be a recording: WAV, MP3, Ogg with Opus or Vorbis, WebM or M4A")
    })?;
    match sound.length {
        Duration::ZERO => Err(refused("audio contains no sound")),
        length if length > MAX_DURATION => Err(refused("audio must be at most two minutes long")),
        _ => Ok(sound),
    }
}

/// A voice message that its author may post.
enum Admitted {
    /// It was posted before.
    Before(Box<MessageRow>),
    /// It may be posted into this conversation.
    Now(Uuid),
}

/// Checks the right to post before the paid transcription.
async fn admit(app: &App, actor: &User, message: &VoiceMessage) -> Result<Admitted> {
    if let Some(done) = app.find_earlier_result(actor).await? {
        get_access(app, app.db.read(), actor, &message.target, Permission::Post).await?;
        return Ok(Admitted::Before(Box::new(current(app.db.read(), done).await?)));
    }
    // This transaction is rolled back.
    let tx = app.begin_without_key().await?;
    let pending = begin_post(app, &tx, actor, &message.target, Permission::Post).await?;
    if let Some(key) = &message.key
        && let Some(first) = pending.find_by_key(&tx, actor, key).await?
    {
        return Ok(Admitted::Before(Box::new(first)));
    }
    // A voice message expects a spoken reply.
    if let Some(talk) = LoungeChat::of(pending.conversation().clone()) {
        lounges::check_allowance(app, &tx, &talk).await?;
    }
    Ok(Admitted::Now(pending.conversation().id))
}

/// Transcribes a recording, within the rate limit of messages: recordings without speech cost as much as others.
async fn transcribe(app: &App, actor: &User, conversation_id: Uuid, sound: &Sound) -> Result<String> {
    const NOT_CONFIGURED: Error = Error::NotConfigured("Transcription is not configured");
    let writer = app.adapters.transcription.clone().ok_or(NOT_CONFIGURED)?;
    app.post_limiter.count(&actor.id, conversation_id)?;
    let recording = Recording { bytes: sound.bytes.clone(), media: sound.media };
    let text = writer.transcribe(&recording, None).await.map_err(|error| {
        tracing::warn!(%error, "transcribing a recording failed");
        Error::ProviderFailed("The recording could not be transcribed")
    })?;
    // Neither database stores NUL in text.
    let text = text.replace('\0', "");
    if is_blank(&text) {
        return Err(Error::invalid("audio", "The recording contains no speech"));
    }
    Ok(text)
}
