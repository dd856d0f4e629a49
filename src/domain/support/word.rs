//! The word by which a model says that a question is for a person: of itself it cannot say more than text.

use entity::{community::CsMode, support_chat::Status};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{chats::find_by_conversation, start::get_community};
use crate::domain::Result;

/// The word. Nobody is shown it.
pub(in crate::domain) const WORD: &str = "[[PERSON]]";

/// What an agent is told in this conversation beside what its owner told it; none where nobody would take over.
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
         person, write {WORD} and nothing else: a person then takes over. Never write {WORD} otherwise."
    )))
}
