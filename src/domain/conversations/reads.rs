//! Reading: moves the read mark of a conversation.

use uuid::Uuid;

use super::{
    ReadableConversation, Target,
    access::{Permission, get_access},
    messages::find_in,
    read_mark_writer::{self, MarkRequest},
    read_marks::mark,
};
use crate::{
    app::{App, Change},
    database::Submitted,
    domain::{User, idempotency},
    error::{Error, Result},
};

/// Marks a conversation as read up to a message, or to its end. The mark never moves back.
///
/// # Errors
/// [`Error::NotFound`] for the conversation or the message, and the refusal to read there.
pub async fn mark_read(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    message_id: Option<Uuid>,
) -> Result<ReadableConversation> {
    // A request with an `Idempotency-Key` is written alone, with its key.
    if idempotency::next_slot().is_none() {
        let reading = MarkRequest { reader: actor.clone(), conversation_id, message_id };
        if let Submitted::Done(read) = read_mark_writer::submit(app, reading).await? {
            return Ok(ReadableConversation::checked(read));
        }
    }
    let tx = app.begin_locking(actor, conversation_id).await?;
    let target = Target::Conversation(conversation_id);
    let conversation = get_access(app, &tx, actor, &target, Permission::Read).await?.conversation;
    if let Some(done) = tx.replayed()? {
        return Ok(ReadableConversation::checked(done));
    }
    let number = match message_id {
        None => conversation.message_count,
        Some(id) => {
            let row = find_in(&tx, conversation_id, id).await?;
            row.ok_or(Error::NotFound("Message"))?.message.number
        }
    };
    mark(&tx, app.clock.now(), conversation_id, &actor.id, number).await?;
    tx.publish([Change::Inbox { user: actor.id.clone(), conversation: Some(conversation_id) }]);
    tx.commit(conversation).await.map(ReadableConversation::checked)
}
