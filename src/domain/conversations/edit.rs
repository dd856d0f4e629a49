//! Editing and deleting messages.

use entity::{conversation_event::Kind, message};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{
    ConversationAccess, MessageRow, Target,
    access::{Permission, judge_access},
    log::{NumberedEvent, take_number, write},
    post::{content, find_in},
};
use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        audit::{self, AuditEntry},
        stored_file,
    },
    error::{Error, Result},
};

/// A message under its conversation's lock, with the actor's access.
pub(super) struct LockedMessage {
    pub(super) advanced: NumberedEvent,
    pub(super) row: MessageRow,
    pub(super) access: ConversationAccess,
}

impl LockedMessage {
    /// Refuses a deleted message.
    pub(super) fn undeleted(self) -> Result<Self> {
        match self.row.message.deleted_at {
            Some(_) => Err(Error::Conflict("The message was deleted".to_owned())),
            None => Ok(self),
        }
    }
}

/// Locks the conversation of a message and checks the actor's permission.
pub(super) async fn lock_message(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    id: Uuid,
    intent: Permission,
) -> Result<LockedMessage> {
    const MISSING: Error = Error::NotFound("Message");
    let message = message::Entity::find_by_id(id).one(tx).await?.ok_or(MISSING)?;
    let target = Target::Conversation(message.conversation_id);
    let advanced = take_number(tx, app.clock.now(), &target, false).await?.ok_or(MISSING)?;
    // A message in a hidden conversation answers like one that does not exist.
    let access = match judge_access(app, tx, actor, advanced.conversation.clone(), intent).await {
        Err(Error::NotFound(_)) => return Err(MISSING),
        access => access?,
    };
    // Read again: it may have changed before the lock was acquired.
    let row = find_in(tx, advanced.conversation.id, id).await?.ok_or(MISSING)?;
    Ok(LockedMessage { advanced, row, access })
}

/// Changes the text of the actor's own message.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`], [`Error::Forbidden`] for another author's message,
/// [`Error::Conflict`] for a deleted one.
pub async fn edit_message(app: &App, actor: &User, id: Uuid, text: String) -> Result<MessageRow> {
    let text = content(text)?;
    let tx = app.begin(actor).await?;
    let held = lock_message(app, &tx, actor, id, Permission::Post).await?;
    if held.row.message.author_id.as_ref() != Some(&actor.id) {
        return Err(Error::Forbidden("Only its author can edit a message"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let LockedMessage { advanced, row, .. } = held.undeleted()?;
    let mut change = row.message.clone().into_active_model();
    change.search_text = Set(terms::search_text(&text));
    change.content = Set(text);
    change.edited_at = Set(Some(advanced.at));
    let row = MessageRow { message: change.update(&tx).await?, ..row };
    finish(tx, &advanced, Kind::MessageEdited, row).await
}

/// Deletes a message: the actor's own, or any as a moderator. The message stays in place without text,
/// audio and reactions.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`] if it is deleted already.
pub async fn delete_message(app: &App, actor: &User, id: Uuid) -> Result<MessageRow> {
    let tx = app.begin(actor).await?;
    let held = lock_message(app, &tx, actor, id, Permission::Read).await?;
    let own = held.row.message.author_id.as_ref() == Some(&actor.id);
    if !own && !held.access.moderates {
        return Err(Error::Forbidden("Only its author and moderators can delete a message"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let LockedMessage { advanced, row, .. } = held.undeleted()?;
    let mut change = row.message.clone().into_active_model();
    change.content = Set(String::new());
    change.search_text = Set(String::new());
    change.tts_audio_url = Set(None);
    change.deleted_at = Set(Some(advanced.at));
    let url = row.message.tts_audio_url.clone();
    let row = MessageRow { message: change.update(&tx).await?, ..row };
    super::reactions::clear(&tx, id).await?;
    if !own {
        let entry = AuditEntry::of(actor, audit::Action::MessageDeleted)
            .within(advanced.conversation.community_id)
            .to(row.message.author_id.as_deref())
            .on(id)
            .with(json!({ "conversationId": row.message.conversation_id }));
        audit::record(app, &tx, entry).await?;
    }
    let row = finish(tx, &advanced, Kind::MessageDeleted, row).await?;
    if let Some(url) = url {
        stored_file::discard(app, &url).await;
    }
    Ok(row)
}

/// Records the event of a changed message and commits.
pub(super) async fn finish(
    tx: UnitOfWork,
    advanced: &NumberedEvent,
    kind: Kind,
    row: MessageRow,
) -> Result<MessageRow> {
    let notification = write(&tx, advanced, kind, Some(row.clone()), None).await?;
    tx.publish([notification]);
    tx.commit(row).await
}
