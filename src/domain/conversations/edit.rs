//! Editing and deleting messages.

use entity::conversation_event::Kind;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{
    MessageRow,
    access::Permission,
    locked_message::{LockedMessage, finish, lock_message},
    post::content,
};
use crate::{
    app::App,
    domain::{
        User,
        audit::{self, AuditEntry},
        stored_file,
    },
    error::{Error, Result},
};

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
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`] if it is already deleted.
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
