//! Internal team notes about customers.

use entity::{support_chat, support_note};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::chats::{find_by_conversation, lock, save};
use crate::{
    app::{App, Change},
    domain::{
        User,
        communities::{self, Action},
    },
    error::{Error, Result},
    text::fields,
};

/// Maximum number of notes that are listed per chat: the newest.
const MAX_NOTES: u64 = 500;
const CONVERSATION_NOT_FOUND: Error = Error::NotFound("Conversation");

/// Adds a note of 1 to 5000 characters to a chat. Team only, never the customer.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`] for all others.
pub async fn add_note(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    text: &str,
) -> Result<support_note::Model> {
    let text = fields::required("text", text, 5000, "A note must be 1-5000 characters")?;
    let tx = app.begin(actor).await?;
    let mut chat = lock(&tx, conversation_id).await?.ok_or(CONVERSATION_NOT_FOUND)?;
    check_team(&tx, actor, &chat).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let note = support_note::Model {
        id: app.new_id()?,
        chat_id: chat.id,
        author_id: actor.id.clone(),
        text,
        created_at: app.clock.now(),
    };
    let row = sea_orm::ActiveModelTrait::reset_all(note.clone().into_active_model());
    support_note::Entity::insert(row).exec_without_returning(&tx).await?;
    chat.note_count += 1;
    let chat = save(&tx, chat).await?;
    tx.publish([Change::Queue(chat.community_id)]);
    tx.commit(note).await
}

/// Lists the newest notes of a chat, oldest first. Team only, never the customer.
///
/// # Errors
/// [`Error::NotFound`] for all others.
pub async fn list_notes(app: &App, actor: &User, conversation_id: Uuid) -> Result<Vec<support_note::Model>> {
    let db = app.db.read();
    let chat = find_by_conversation(db, conversation_id).await?.ok_or(CONVERSATION_NOT_FOUND)?;
    check_team(db, actor, &chat).await?;
    let mut notes = support_note::Entity::find()
        .filter(support_note::Column::ChatId.eq(chat.id))
        .order_by_desc(support_note::Column::CreatedAt)
        .order_by_desc(support_note::Column::Id)
        .limit(MAX_NOTES)
        .all(db)
        .await?;
    notes.reverse();
    Ok(notes)
}

/// Finds a note on a chat that the actor serves.
///
/// # Errors
/// [`Error::NotFound`] for the chat's customer and for users outside the team.
pub async fn find_note(app: &App, actor: &User, id: Uuid) -> Result<Option<support_note::Model>> {
    let db = app.db.read();
    let found = support_note::Entity::find_by_id(id).find_also_related(support_chat::Entity).one(db).await?;
    let Some((note, Some(chat))) = found else { return Ok(None) };
    check_team(db, actor, &chat).await?;
    Ok(Some(note))
}

async fn check_team(db: &impl ConnectionTrait, actor: &User, chat: &support_chat::Model) -> Result<()> {
    if chat.customer_id == actor.id {
        return Err(CONVERSATION_NOT_FOUND);
    }
    let own = communities::get_allowed(db, actor, chat.community_id, Action::Serve).await;
    own.map(|_| ())
        .map_err(|error| if let Error::Forbidden(_) = error { CONVERSATION_NOT_FOUND } else { error })
}
