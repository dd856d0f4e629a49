//! Typing indicators.

use uuid::Uuid;

use super::{
    ConversationAccess, Target,
    access::{Permission, get_access},
};
use crate::{
    app::{App, Change},
    domain::User,
    error::Result,
};

/// Publishes that the actor is typing, for six seconds, or has stopped.
///
/// # Errors
/// The refusal to post there.
pub async fn set_typing(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    typing: bool,
) -> Result<ConversationAccess> {
    let target = Target::Conversation(conversation_id);
    let access = get_access(app, app.db.read(), actor, &target, Permission::Post).await?;
    let user = actor.id.clone();
    app.announce(Change::Typing { user, conversation: conversation_id, is_typing: typing });
    Ok(access)
}
