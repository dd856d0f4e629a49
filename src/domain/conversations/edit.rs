//! Editing and deleting messages.

use entity::{
    agent_reply,
    agent_reply_event::{self, Kind as EventKind},
    conversation_event::Kind,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait, sea_query::Expr,
};
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
        UnitOfWork, User,
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
    if row.message.author_id.is_none() {
        clear_reply(&tx, id).await?;
    }
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

/// Removes the text and the audio of the reply that a deleted message was made of, if any.
async fn clear_reply(tx: &UnitOfWork, message_id: Uuid) -> Result<()> {
    let of_message = agent_reply::Entity::find()
        .select_only()
        .column(agent_reply::Column::Id)
        .filter(agent_reply::Column::MessageId.eq(message_id));
    agent_reply_event::Entity::update_many()
        .col_expr(agent_reply_event::Column::Text, Expr::value(""))
        .filter(agent_reply_event::Column::ReplyId.in_subquery(of_message.into_query()))
        .filter(agent_reply_event::Column::Kind.is_in([EventKind::Chunk, EventKind::AudioReady]))
        .exec(tx)
        .await?;
    agent_reply::Entity::update_many()
        .col_expr(agent_reply::Column::Text, Expr::value(""))
        .filter(agent_reply::Column::MessageId.eq(message_id))
        .exec(tx)
        .await?;
    Ok(())
}
