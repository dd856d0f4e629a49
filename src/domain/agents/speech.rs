//! Reading an answer aloud: sentence by sentence while it is being said, then put together and kept.

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

use super::{
    log::{ReplyEvent, insert},
    meter::Meter,
};
use crate::{
    adapters::{
        speakable::Speakable,
        speech::{Audio, SpeechError},
        storage::Key,
    },
    app::App,
    domain::{
        Error, Result,
        conversations::{self, Bell},
        lounges::{self, Speaker},
    },
    live::Position,
};

/// So many sentences are spoken at once.
const AT_ONCE: usize = 2;
/// Where the sound of answers is kept.
const SHELF: &str = "speech";

/// Somebody who reads an answer aloud; dropped, they fall silent.
pub(super) struct Voice {
    cutter: Speakable,
    sentences: mpsc::UnboundedSender<String>,
    sound: AbortOnDropHandle<Result<Spoken>>,
}

/// What was spoken of an answer.
#[derive(Default)]
struct Spoken {
    sound: Option<Audio>,
    notice: Option<VoiceNotice>,
}

/// What becomes of an answer that was read aloud.
#[derive(Default)]
pub(super) struct Sound {
    /// The file; none where there is none.
    pub(super) key: Option<Key>,
    /// How long it sounds.
    pub(super) length: Duration,
    /// Why it is not heard, or not all of it.
    pub(super) notice: Option<VoiceNotice>,
}

impl Voice {
    /// Somebody who begins to read; none where nobody speaks.
    pub(super) async fn begin(
        app: &App,
        reply: &agent_reply::Model,
        listing: &agent_listing::Model,
    ) -> Result<Option<Self>> {
        let (speech, voices) = (app.adapters.speech.clone(), &app.adapters.voices);
        if speech.is_none() && voices.is_none() {
            return Ok(None);
        }
        let talk = lounges::find_talk(app.db.read(), reply.conversation_id).await?;
        let speaker = match &talk {
            Some(talk) => lounges::speaker(app, talk.lounge_id, listing).await?,
            None => speech.map(|speech| {
                let voice = Some(listing.tts_voice.clone()).filter(|voice| !voice.is_empty());
                Speaker { speech, voice }
            }),
        };
        let Some(speaker) = speaker else { return Ok(None) };
        let meter = talk.map(|talk| Meter::new(app, talk, reply.id));
        let (sentences, said) = mpsc::unbounded_channel::<String>();
        let sound = AbortOnDropHandle::new(tokio::spawn(read(speaker, meter, said)));
        Ok(Some(Self { cutter: Speakable::default(), sentences, sound }))
    }

    /// The next piece of the text.
    pub(super) fn say(&mut self, piece: &str) {
        for sentence in self.cutter.push(piece) {
            self.read(sentence);
        }
    }

    fn read(&self, sentence: String) {
        if sentence.contains(char::is_alphanumeric) {
            // Whoever reads may have failed; that is told at the end.
            let _ = self.sentences.send(sentence);
        }
    }

    /// The sound of the text, as far as it was spoken.
    async fn finish(mut self) -> Result<Spoken> {
        for sentence in self.cutter.finish() {
            self.read(sentence);
        }
        drop(self.sentences);
        self.sound.await.map_err(|error| Error::Internal(error.into()))?
    }
}

/// Speaks the sentences in their order, until one of them is more than may be heard.
async fn read(
    speaker: Speaker,
    meter: Option<Meter>,
    said: mpsc::UnboundedReceiver<String>,
) -> Result<Spoken> {
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
        return Ok(Spoken { sound: None, notice });
    }
    let sound = Audio::join(&parts).ok_or_else(|| Error::Internal(SpeechError::NotAudio.into()))?;
    Ok(Spoken { sound: Some(sound), notice })
}

async fn speak(speaker: &Speaker, sentence: &str) -> Result<Audio> {
    let spoken = speaker.speech.speak(sentence, speaker.voice.as_deref()).await;
    spoken.map_err(|error| Error::Internal(error.into()))
}

/// Puts the sound of an answer that was posted where it can be heard, and tells it. What fails is logged: the answer
/// stays what it is.
pub(super) async fn finish(app: &App, reply: agent_reply::Model, voice: Voice) {
    let id = reply.id;
    let kept = tokio::select! {
        biased;
        () = app.tasks.stopping() => Ok(Sound::default()),
        kept = keep(app, voice) => kept,
    };
    let sound = kept.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "reading an answer aloud");
        Sound::default()
    });
    let key = sound.key.clone();
    match (conclude(app, id, sound).await, key) {
        // Somebody gave it up before: nobody will ever hear of the file.
        (Ok(false), Some(key)) => {
            if let Err(error) = app.adapters.storage.delete(&key).await {
                tracing::warn!(%error, reply = %id, "deleting speech that came too late");
            }
        }
        (Ok(_), _) => {}
        (Err(error), _) => {
            // When the lease runs out it is told.
            tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "telling of speech");
        }
    }
}

async fn keep(app: &App, voice: Voice) -> Result<Sound> {
    let Spoken { sound, notice } = voice.finish().await?;
    let Some(audio) = sound else { return Ok(Sound { notice, ..Sound::default() }) };
    let kept = app.adapters.storage.put(SHELF, audio.media, audio.bytes).await;
    let key = kept.map_err(|error| Error::Internal(error.into()))?;
    Ok(Sound { key: Some(key), length: audio.duration, notice })
}

/// Tells that an answer can be heard, or that it will not be; false where one of both was told before.
pub(super) async fn conclude(app: &App, id: Uuid, sound: Sound) -> Result<bool> {
    let tx = app.db.begin().await?;
    let found = agent_reply::Entity::find_by_id(id).one(&tx).await?;
    let Some(pending) = found.filter(|reply| reply.audio == Stage::Pending) else { return Ok(false) };
    // The conversation's lock goes before all that is in it.
    let conversation = conversations::lock(&tx, pending.conversation_id).await?;
    let Sound { key, length, notice } = sound;
    let url = key.map(|key| key.url());
    let Some(reply) = end(&tx, id, url.is_some(), notice).await? else { return Ok(false) };
    let mut bells: Vec<Bell> = Vec::new();
    if let (Some(url), Some(message_id)) = (&url, pending.message_id) {
        bells.extend(conversations::tell_spoken(app, &tx, pending.conversation_id, message_id, url).await?);
    }
    if notice.is_some() {
        bells.extend(lounges::tell_used_up(app, &tx, &reply).await?);
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
    for bell in bells {
        bell.ring(app);
    }
    app.replies.ring(id, Some(Arc::new(event)));
    Ok(true)
}

/// Takes the number of the last event of an answer that is being spoken; none where that has ended.
async fn end(
    tx: &impl ConnectionTrait,
    id: Uuid,
    is_heard: bool,
    notice: Option<VoiceNotice>,
) -> Result<Option<agent_reply::Model>> {
    use agent_reply::Column;
    let stage = match (is_heard, notice) {
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
