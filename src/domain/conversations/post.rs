//! Saying something.

use entity::{conversation, conversation_event, message};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TryIntoModel};
use uuid::Uuid;

use super::{
    MessageRow, Target,
    access::{Intent, seat},
    log::{advance, write},
    messages, reads,
};
use crate::{
    app::App,
    domain::{Begun, Error, Result, User, text, words},
};

/// The most characters of a message.
const LONGEST: usize = 5000;
/// The most characters of a sender's key.
const KEY: usize = 100;

/// Something to be said.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Where.
    pub target: Target,
    /// 1 to 5000 characters, kept as they are.
    pub content: String,
    /// The sender's own key: sent again with it, the first message is given back.
    pub client_key: Option<String>,
    /// The message that it answers, of the same conversation.
    pub reply_to: Option<Uuid>,
}

/// Posts a message.
///
/// # Errors
/// [`Error::Invalid`] for its length first; then why the actor may not speak there.
pub async fn post(app: &App, actor: &User, new: NewMessage) -> Result<MessageRow> {
    let content = content(new.content)?;
    let client_key = new.client_key.map(key).transpose()?;
    let tx = match app.begin(actor).await? {
        Begun::New(tx) => tx,
        Begun::Again(done) => return Ok(done),
    };
    let refusal = || new.target.missing(Intent::Speak);
    let advanced = advance(&tx, app.clock.now(), &new.target, true).await?.ok_or_else(refusal)?;
    let conversation = &advanced.conversation;
    let seat = seat(app, &tx, actor, conversation.clone(), Intent::Speak).await?;
    if let Some(key) = &client_key
        && let Some(first) = find_by_key(&tx, conversation, actor, key).await?
    {
        // Nothing is kept of this transaction, the number taken neither.
        return Ok(first);
    }
    if let Some(reply_to) = new.reply_to {
        find_in(&tx, conversation.id, reply_to).await?.ok_or(Error::NotFound("Message"))?;
    }
    let row = message::ActiveModel {
        id: Set(app.new_id()?),
        conversation_id: Set(conversation.id),
        seq: Set(conversation.last_seq),
        number: Set(conversation.message_count),
        author_id: Set(Some(actor.id.clone())),
        agent_listing_id: Set(None),
        kind: Set(message::Kind::Text),
        search_text: Set(words::search_text(&content)),
        content: Set(content),
        reply_to_id: Set(new.reply_to),
        client_key: Set(client_key),
        tts_audio_url: Set(None),
        created_at: Set(advanced.at),
        edited_at: Set(None),
        deleted_at: Set(None),
    };
    let message = row.clone().try_into_model()?;
    message::Entity::insert(row).exec_without_returning(&tx).await?;
    let row = MessageRow { message, author: Some(seat.person), agent_name: None };
    let kind = conversation_event::Kind::MessagePosted;
    let bell = write(&tx, &advanced, kind, Some(row.clone()), None).await?;
    // Whoever speaks has seen what was said.
    reads::mark(&tx, advanced.at, conversation.id, &actor.id, conversation.message_count).await?;
    tx.tell([bell]);
    tx.commit(row).await
}

/// Holds a message to its length.
pub(super) fn content(content: String) -> Result<String> {
    const REFUSAL: &str = "Message must be 1-5000 characters";
    if content.trim().is_empty() {
        return Err(Error::invalid("content", REFUSAL));
    }
    text::at_most("content", content, LONGEST).map_err(|error| match error {
        Error::Invalid { message, .. } if message.contains("at most") => Error::invalid("content", REFUSAL),
        other => other,
    })
}

fn key(key: String) -> Result<String> {
    text::name("clientKey", &key, KEY, "clientKey must be 1-100 characters")
}

async fn find_by_key(
    tx: &impl ConnectionTrait,
    conversation: &conversation::Model,
    actor: &User,
    key: &str,
) -> Result<Option<MessageRow>> {
    Ok(messages::select()
        .filter(message::Column::ConversationId.eq(conversation.id))
        .filter(message::Column::AuthorId.eq(&actor.id))
        .filter(message::Column::ClientKey.eq(key))
        .into_model()
        .one(tx)
        .await?)
}

/// A message of a conversation.
pub(super) async fn find_in(
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    id: Uuid,
) -> Result<Option<MessageRow>> {
    Ok(messages::select()
        .filter(message::Column::ConversationId.eq(conversation_id))
        .filter(message::Column::Id.eq(id))
        .into_model()
        .one(tx)
        .await?)
}
