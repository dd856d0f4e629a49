//! Reading an answer aloud: sentence by sentence while it is being said, then put together and kept.

use std::sync::Arc;

use entity::{
    agent_listing,
    agent_reply::{self, Audio as Stage},
    agent_reply_event::Kind,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::log::{ReplyEvent, insert};
use crate::{
    adapters::{
        sentences::Sentences,
        speech::{Audio, SpeechError},
        storage::Key,
    },
    app::App,
    domain::{
        Error, Result,
        conversations::{self, Bell},
    },
    live::Position,
};

/// So many sentences are spoken at once.
const AT_ONCE: usize = 2;
/// Where the sound of answers is kept.
const SHELF: &str = "speech";

/// Somebody who reads an answer aloud; dropped, they fall silent.
pub(super) struct Voice {
    cutter: Sentences,
    sentences: mpsc::UnboundedSender<String>,
    sound: AbortOnDropHandle<Result<Option<Audio>, SpeechError>>,
}

impl Voice {
    /// Somebody who begins to read; none where nobody speaks.
    pub(super) fn begin(app: &App, listing: &agent_listing::Model) -> Option<Self> {
        let speech = app.adapters.speech.clone()?;
        let voice = Some(listing.tts_voice.clone()).filter(|voice| !voice.is_empty());
        let (sentences, said) = mpsc::unbounded_channel::<String>();
        let said = stream::unfold(said, |mut said| async move { Some((said.recv().await?, said)) });
        let sound = tokio::spawn(async move {
            let spoken = said.map(|sentence| {
                let (speech, voice) = (&speech, voice.as_deref());
                async move { speech.speak(&sentence, voice).await }
            });
            let parts: Vec<Audio> = spoken.buffered(AT_ONCE).try_collect().await?;
            if parts.is_empty() {
                return Ok(None);
            }
            Audio::join(&parts).map(Some).ok_or(SpeechError::NotAudio)
        });
        Some(Self { cutter: Sentences::default(), sentences, sound: AbortOnDropHandle::new(sound) })
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

    /// The sound of the whole text; none where it has nothing to be spoken.
    async fn finish(mut self) -> Result<Option<Audio>> {
        for sentence in self.cutter.finish() {
            self.read(sentence);
        }
        drop(self.sentences);
        let spoken = self.sound.await.map_err(|error| Error::Internal(error.into()))?;
        spoken.map_err(|error| Error::Internal(error.into()))
    }
}

/// Puts the sound of an answer that was posted where it can be heard, and tells it. What fails is logged: the answer
/// stays what it is.
pub(super) async fn finish(app: &App, reply: agent_reply::Model, voice: Voice) {
    let id = reply.id;
    let kept = tokio::select! {
        biased;
        () = app.tasks.stopping() => Ok(None),
        kept = keep(app, voice) => kept,
    };
    let key = kept.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{:#}", anyhow::Error::new(error)), reply = %id, "reading an answer aloud");
        None
    });
    match (conclude(app, id, key.as_ref().map(Key::url)).await, key) {
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

async fn keep(app: &App, voice: Voice) -> Result<Option<Key>> {
    let Some(audio) = voice.finish().await? else { return Ok(None) };
    let kept = app.adapters.storage.put(SHELF, audio.media, audio.bytes).await;
    kept.map(Some).map_err(|error| Error::Internal(error.into()))
}

/// Tells that an answer can be heard, or that it will not be; false where one of both was told before.
pub(super) async fn conclude(app: &App, id: Uuid, url: Option<String>) -> Result<bool> {
    let tx = app.db.begin().await?;
    let found = agent_reply::Entity::find_by_id(id).one(&tx).await?;
    let Some(pending) = found.filter(|reply| reply.audio == Stage::Pending) else { return Ok(false) };
    let mut bell: Option<Bell> = None;
    if let (Some(url), Some(message_id)) = (&url, pending.message_id) {
        bell = conversations::tell_spoken(app, &tx, pending.conversation_id, message_id, url).await?;
    }
    let (stage, kind) =
        if url.is_some() { (Stage::Ready, Kind::AudioReady) } else { (Stage::Failed, Kind::Silent) };
    let Some(reply) = end(&tx, id, stage).await? else { return Ok(false) };
    let event = ReplyEvent {
        position: Position(reply.last_seq),
        reply: Arc::new(reply),
        kind,
        text: url.unwrap_or_default(),
    };
    insert(&tx, &event).await?;
    tx.commit().await?;
    if let Some(bell) = bell {
        bell.ring(app);
    }
    app.replies.ring(id, Some(Arc::new(event)));
    Ok(true)
}

/// Takes the number of the last event of an answer that is being spoken; none where that has ended.
async fn end(tx: &impl ConnectionTrait, id: Uuid, stage: Stage) -> Result<Option<agent_reply::Model>> {
    use agent_reply::Column;
    let ended = agent_reply::Entity::update_many()
        .col_expr(Column::LastSeq, Expr::col(Column::LastSeq).add(1_i64))
        .col_expr(Column::Audio, Expr::value(stage))
        .filter(Column::Id.eq(id))
        .filter(Column::Audio.eq(Stage::Pending))
        .exec_with_returning(tx)
        .await?;
    Ok(ended.into_iter().next())
}
