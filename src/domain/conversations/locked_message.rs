//! A message under its conversation's lock, to be changed.

use entity::{conversation_event::Kind, message};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    ConversationAccess, MessageRow, Target,
    access::{Permission, check_access},
    log::{NumberedEvent, take_number, write},
    messages::find_in,
};
use crate::{
    app::App,
    domain::{UnitOfWork, User},
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
    permission: Permission,
) -> Result<LockedMessage> {
    const MESSAGE_NOT_FOUND: Error = Error::NotFound("Message");
    let message = message::Entity::find_by_id(id).one(tx).await?.ok_or(MESSAGE_NOT_FOUND)?;
    let target = Target::Conversation(message.conversation_id);
    let advanced = take_number(tx, app.clock.now(), &target, false).await?.ok_or(MESSAGE_NOT_FOUND)?;
    // A message in a hidden conversation is refused like one that does not exist.
    let access = match check_access(app, tx, actor, advanced.conversation.clone(), permission).await {
        Err(Error::NotFound(_)) => return Err(MESSAGE_NOT_FOUND),
        access => access?,
    };
    // Read again: it may have changed before the lock was acquired.
    let row = find_in(tx, advanced.conversation.id, id).await?.ok_or(MESSAGE_NOT_FOUND)?;
    Ok(LockedMessage { advanced, row, access })
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
