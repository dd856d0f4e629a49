//! Reading agent replies aloud: sentence by sentence while the text streams, then joined into one file and
//! stored.

use std::{pin::pin, sync::Arc, time::Duration};

use entity::{
    agent_listing,
    agent_reply::{self, Audio as Stage, VoiceNotice},
    agent_reply_event::Kind,
    conversation,
};
use futures_util::{StreamExt, TryStreamExt};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::{audio_meter::AudioMeter, log::insert};
use crate::{
    adapters::{speech::SpeechError, storage::Key},
    app::{App, Change},
    audio::Audio,
    domain::{
        Publish,
        conversations::{self, Notification},
        lounges::{self, Speaker},
        stored_file,
    },
    error::{Error, Result},
    live::Position,
    text::speakable::Speakable,
    timeline::ReplyEvent,
};

/// Maximum number of sentences in synthesis at a time, per reply.
const AT_ONCE: usize = 2;
/// Storage folder of reply audio.
const FOLDER: &str = "speech";

/// A reply that is being read aloud; dropping it aborts the synthesis.
pub(super) struct SpokenReply {
    cutter: Speakable,
    sentences: mpsc::UnboundedSender<String>,
    sound: AbortOnDropHandle<Result<ReplyAudio>>,
}

/// Audio of a reply.
#[derive(Default)]
struct ReplyAudio {
    sound: Option<Audio>,
    notice: Option<VoiceNotice>,
}

/// Result of reading a reply aloud.
#[derive(Default)]
pub(super) struct Sound {
    /// The stored file; `None` if there is no audio.
    pub(super) key: Option<Key>,
    /// Duration of the audio.
    pub(super) length: Duration,
    /// Why audio is missing or incomplete.
    pub(super) notice: Option<VoiceNotice>,
}

impl SpokenReply {
    /// Starts reading a reply aloud; returns `None` if no speech provider applies.
    pub(super) async fn begin(
        app: &App,
        reply: &agent_reply::Model,
        listing: &agent_listing::Model,
    ) -> Result<Option<Self>> {
        let (speech, voices) = (app.adapters.speech.clone(), &app.adapters.voices);
        if speech.is_none() && voices.is_none() {
            return Ok(None);
        }
        let talk = lounges::find_chat(app.db.read(), reply.conversation_id).await?;
        let speaker = match &talk {
            Some(talk) => lounges::speaker(app, talk.lounge_id, listing).await?,
            None => speech.map(|speech| {
                let voice = Some(listing.tts_voice.clone()).filter(|voice| !voice.is_empty());
                Speaker { speech, voice }
            }),
        };
        let Some(speaker) = speaker else { return Ok(None) };
        let meter = talk.map(|talk| AudioMeter::new(app, talk, reply.id));
        let (sentences, said) = mpsc::unbounded_channel::<String>();
        let sound = AbortOnDropHandle::new(tokio::spawn(read(speaker, meter, said)));
        Ok(Some(Self { cutter: Speakable::default(), sentences, sound }))
    }

    /// Accepts the next piece of text.
    pub(super) fn say(&mut self, piece: &str) {
        for sentence in self.cutter.push(piece) {
            self.read(sentence);
        }
    }

    fn read(&self, sentence: String) {
        if sentence.contains(char::is_alphanumeric) {
            // The synthesis task may have failed; `finish` returns its error.
            let _ = self.sentences.send(sentence);
        }
    }

    /// Returns the audio of the text, as far as it was synthesized.
    async fn finish(mut self) -> Result<ReplyAudio> {
        for sentence in self.cutter.finish() {
            self.read(sentence);
        }
        drop(self.sentences);
        self.sound.await.map_err(|error| Error::Internal(error.into()))?
    }
}

/// Synthesizes sentences in order until one exceeds the voice minutes.
async fn read(
    speaker: Speaker,
    meter: Option<AudioMeter>,
    said: mpsc::UnboundedReceiver<String>,
) -> Result<ReplyAudio> {
    let (speaker, meter) = (&speaker, meter.as_ref());
    let spoken = UnboundedReceiverStream::new(said).map(|sentence| async move {
        let Some(meter) = meter else { return speak(speaker, &sentence).await.map(Some) };
        let Some(measure) = meter.begin(&sentence).await? else { return Ok(None) };
        let sound = speak(speaker, &sentence).await?;
        let fits = measure.end(sound.duration).await?;
        Ok::<_, Error>(fits.then_some(sound))
    });
    let mut spoken = pin!(spoken.buffered(AT_ONCE));
    let mut parts = Vec::new();
    let mut notice = None;
    while let Some(part) = spoken.try_next().await? {
        let Some(part) = part else {
            notice = Some(if parts.is_empty() { VoiceNotice::UsedUp } else { VoiceNotice::RanOut });
            break;
        };
        parts.push(part);
    }
    if parts.is_empty() {
        return Ok(ReplyAudio { sound: None, notice });
    }
    let sound = Audio::join(&parts).ok_or_else(|| Error::Internal(SpeechError::NotAudio.into()))?;
    Ok(ReplyAudio { sound: Some(sound), notice })
}

async fn speak(speaker: &Speaker, sentence: &str) -> Result<Audio> {
    let spoken = speaker.speech.speak(sentence, speaker.voice.as_deref()).await;
    spoken.map_err(|error| Error::Internal(error.into()))
}

/// Stores the audio of a posted reply and publishes it. Failures are logged and leave the reply unchanged.
pub(super) async fn finish(app: &App, reply: agent_reply::Model, voice: SpokenReply) {
    let id = reply.id;
    let kept = tokio::select! {
        biased;
        () = app.tasks.stopping() => Ok(Sound::default()),
        kept = keep(app, voice) => kept,
    };
    let sound = kept.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "reading a reply aloud failed");
        Sound::default()
    });
    let key = sound.key.clone();
    match (conclude(app, id, sound).await, key) {
        // Nothing refers to the file.
        (Ok(false), Some(key)) => stored_file::discard(app, &key.url()).await,
        (Ok(_), _) => {}
        (Err(error), _) => {
            // Retried as abandoned when the lease expires.
            tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "publishing speech");
        }
    }
}

async fn keep(app: &App, voice: SpokenReply) -> Result<Sound> {
    let ReplyAudio { sound, notice } = voice.finish().await?;
    let Some(audio) = sound else { return Ok(Sound { notice, ..Sound::default() }) };
    let key = stored_file::keep(app, FOLDER, audio.media, audio.bytes).await?;
    Ok(Sound { key: Some(key), length: audio.duration, notice })
}

/// Publishes that the audio is ready or will not come; returns `false` if either was published before, or if the message
/// was deleted in the meantime: then nothing refers to the audio.
pub(super) async fn conclude(app: &App, id: Uuid, sound: Sound) -> Result<bool> {
    let tx = app.db.begin().await?;
    let found = agent_reply::Entity::find_by_id(id).one(&tx).await?;
    let Some(pending) = found.filter(|reply| reply.audio == Stage::Pending) else { return Ok(false) };
    // The conversation's lock comes before all locks inside it.
    let conversation = conversations::lock(&tx, pending.conversation_id).await?;
    let Sound { key, length, notice } = sound;
    let mut url = key.map(|key| key.url());
    let mut notifications: Vec<Notification> = Vec::new();
    let mut is_deleted = false;
    if let (Some(audio), Some(message_id)) = (&url, pending.message_id) {
        let spoken =
            conversations::record_audio(app, &tx, pending.conversation_id, message_id, audio).await?;
        is_deleted = spoken.is_none();
        notifications.extend(spoken);
    }
    if is_deleted {
        url = None;
    }
    let Some(reply) = end(&tx, id, url.is_some(), notice).await? else { return Ok(false) };
    if notice.is_some() {
        notifications.extend(lounges::notify_exhausted(app, &tx, &reply).await?);
    }
    match url {
        _ if conversation.is_none_or(|found| found.kind != conversation::Kind::Lounge) => {}
        Some(_) => lounges::settle(&tx, id, length).await?,
        None => lounges::release(&tx, id).await?,
    }
    let event = ReplyEvent {
        position: Position(reply.last_seq),
        reply: Arc::new(reply),
        kind: if url.is_some() { Kind::AudioReady } else { Kind::Silent },
        text: url.unwrap_or_default(),
    };
    insert(&tx, &event).await?;
    tx.commit().await?;
    for notification in notifications {
        notification.publish(app);
    }
    app.announce(Change::reply(event));
    Ok(!is_deleted)
}

/// Sets the final audio stage and takes the last event's sequence number; returns `None` unless the audio
/// is pending.
async fn end(
    tx: &impl ConnectionTrait,
    id: Uuid,
    is_read_aloud: bool,
    notice: Option<VoiceNotice>,
) -> Result<Option<agent_reply::Model>> {
    use agent_reply::Column;
    let stage = match (is_read_aloud, notice) {
        (true, _) => Stage::Ready,
        (false, Some(_)) => Stage::None,
        (false, None) => Stage::Failed,
    };
    let ended = agent_reply::Entity::update_many()
        .col_expr(Column::LastSeq, Expr::col(Column::LastSeq).add(1_i64))
        .col_expr(Column::Audio, Expr::value(stage))
        .col_expr(Column::VoiceNotice, Expr::value(notice))
        .filter(Column::Id.eq(id))
        .filter(Column::Audio.eq(Stage::Pending))
        .exec_with_returning(tx)
        .await?;
    Ok(ended.into_iter().next())
}
