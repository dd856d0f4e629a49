//! What a team tells itself about a customer.

use entity::{support_chat, support_note};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::chats::{find_by_conversation, hold, save};
use crate::{
    app::App,
    domain::{
        Error, Result, User,
        communities::{self, Action},
        text,
    },
};

/// The most notes that are shown of a chat: the newest.
const MOST: u64 = 500;
const HIDDEN: Error = Error::NotFound("Conversation");

/// Makes a note about a chat, 1 to 5000 characters. The team only, and never who is the customer.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`] to others.
pub async fn add_note(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    text: &str,
) -> Result<support_note::Model> {
    let text = text::required("text", text, 5000, "A note must be 1-5000 characters")?;
    let tx = app.begin(actor).await?;
    let mut chat = hold(&tx, conversation_id).await?.ok_or(HIDDEN)?;
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
    tx.after(move |app| app.queues.touched(chat.community_id));
    tx.commit(note).await
}

/// The notes about a chat, oldest first. The team only, and never who is the customer.
///
/// # Errors
/// [`Error::NotFound`] to others.
pub async fn list_notes(app: &App, actor: &User, conversation_id: Uuid) -> Result<Vec<support_note::Model>> {
    let db = app.db.read();
    let chat = find_by_conversation(db, conversation_id).await?.ok_or(HIDDEN)?;
    check_team(db, actor, &chat).await?;
    let mut notes = support_note::Entity::find()
        .filter(support_note::Column::ChatId.eq(chat.id))
        .order_by_desc(support_note::Column::CreatedAt)
        .order_by_desc(support_note::Column::Id)
        .limit(MOST)
        .all(db)
        .await?;
    notes.reverse();
    Ok(notes)
}

async fn check_team(db: &impl ConnectionTrait, actor: &User, chat: &support_chat::Model) -> Result<()> {
    if chat.customer_id == actor.id {
        return Err(HIDDEN);
    }
    let own = communities::get_allowed(db, actor, chat.community_id, Action::Serve).await;
    own.map(|_| ()).map_err(|error| if let Error::Forbidden(_) = error { HIDDEN } else { error })
}
