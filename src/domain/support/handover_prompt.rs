//! The handover marker, a word by which a model requests a person, because a model can only return text.

use entity::{community::CsMode, support_chat::Status};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::chats::{find_by_conversation, get_community};
use crate::error::Result;

/// The handover marker; removed before a reply is published.
pub(in crate::domain) const MARKER: &str = "[[PERSON]]";

/// Returns the additional instructions of the agent in this conversation; `None` if no handover is
/// possible.
pub(in crate::domain) async fn instructions(
    db: &impl ConnectionTrait,
    conversation_id: Uuid,
) -> Result<Option<String>> {
    let found = find_by_conversation(db, conversation_id).await?;
    let Some(chat) = found.filter(|chat| chat.status == Status::AiActive) else { return Ok(None) };
    if get_community(db, &chat).await?.cs_mode != CsMode::Hybrid {
        return Ok(None);
    }
    Ok(Some(format!(
        "You answer a customer. Where you were told nothing that answers the question, or the customer asks for a \
         person, write {MARKER} and nothing else: a person then takes over. Never write {MARKER} otherwise."
    )))
}
