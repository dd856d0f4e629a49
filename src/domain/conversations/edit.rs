//! Changing and deleting what was said.

use entity::{conversation_event::Kind, message};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{
    MessageRow, Seat, Target,
    access::{Intent, seat},
    log::{Advanced, advance, write},
    post::{content, find_in},
    sound,
};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write,
        audit::{self, Deed},
        words,
    },
};

/// A message under its conversation's lock, and the actor's place there.
pub(super) struct Held {
    pub(super) advanced: Advanced,
    pub(super) row: MessageRow,
    pub(super) seat: Seat,
}

impl Held {
    /// The same, unless the message was deleted.
    pub(super) fn undeleted(self) -> Result<Self> {
        match self.row.message.deleted_at {
            Some(_) => Err(Error::Conflict("The message was deleted".to_owned())),
            None => Ok(self),
        }
    }
}

/// Locks the conversation of a message that the actor may read.
pub(super) async fn hold(app: &App, tx: &Write, actor: &User, id: Uuid, intent: Intent) -> Result<Held> {
    const MISSING: Error = Error::NotFound("Message");
    let message = message::Entity::find_by_id(id).one(tx).await?.ok_or(MISSING)?;
    let target = Target::Conversation(message.conversation_id);
    let advanced = advance(tx, app.clock.now(), &target, false).await?.ok_or(MISSING)?;
    let seat = seat(app, tx, actor, advanced.conversation.clone(), intent).await?;
    // Read again: it may have changed before the lock was had.
    let row = find_in(tx, advanced.conversation.id, id).await?.ok_or(MISSING)?;
    Ok(Held { advanced, row, seat })
}

/// Changes the text of one's own message.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`], [`Error::Forbidden`] for another's, [`Error::Conflict`] for a deleted one.
pub async fn edit_message(app: &App, actor: &User, id: Uuid, text: String) -> Result<MessageRow> {
    let text = content(text)?;
    let tx = app.begin(actor).await?;
    let held = hold(app, &tx, actor, id, Intent::Speak).await?;
    if held.row.message.author_id.as_ref() != Some(&actor.id) {
        return Err(Error::Forbidden("Only its author can edit a message"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let Held { advanced, row, .. } = held.undeleted()?;
    let mut change = row.message.clone().into_active_model();
    change.search_text = Set(words::search_text(&text));
    change.content = Set(text);
    change.edited_at = Set(Some(advanced.at));
    let row = MessageRow { message: change.update(&tx).await?, ..row };
    finish(tx, &advanced, Kind::MessageEdited, row).await
}

/// Deletes a message: one's own, or anybody's as a moderator. Its place stays, its text, sound and reactions go.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`] for one that is deleted already.
pub async fn delete_message(app: &App, actor: &User, id: Uuid) -> Result<MessageRow> {
    let tx = app.begin(actor).await?;
    let held = hold(app, &tx, actor, id, Intent::Read).await?;
    let own = held.row.message.author_id.as_ref() == Some(&actor.id);
    if !own && !held.seat.moderates {
        return Err(Error::Forbidden("Only its author and moderators can delete a message"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let Held { advanced, row, .. } = held.undeleted()?;
    let mut change = row.message.clone().into_active_model();
    change.content = Set(String::new());
    change.search_text = Set(String::new());
    change.tts_audio_url = Set(None);
    change.deleted_at = Set(Some(advanced.at));
    let url = row.message.tts_audio_url.clone();
    let row = MessageRow { message: change.update(&tx).await?, ..row };
    super::reactions::clear(&tx, id).await?;
    if !own {
        let deed = Deed::of(actor, audit::Action::MessageDeleted)
            .within(advanced.conversation.community_id)
            .to(row.message.author_id.as_deref())
            .on(id)
            .with(json!({ "conversationId": row.message.conversation_id }));
        audit::record(app, &tx, deed).await?;
    }
    let row = finish(tx, &advanced, Kind::MessageDeleted, row).await?;
    if let Some(url) = url {
        sound::discard(app, &url).await;
    }
    Ok(row)
}

/// Writes the event of a changed message and commits.
pub(super) async fn finish(
    tx: Write,
    advanced: &Advanced,
    kind: Kind,
    row: MessageRow,
) -> Result<MessageRow> {
    let bell = write(&tx, advanced, kind, Some(row.clone()), None).await?;
    tx.tell([bell]);
    tx.commit(row).await
}
