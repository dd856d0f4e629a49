//! Builds an agent's prompt: the owner's instructions, and the conversation with each message under its
//! author's name.

use entity::{agent_listing, agent_reply, message};

use super::browse::load_knowledge;
use crate::{
    adapters::model::{self, Question, Speaker, Turn},
    app::App,
    domain::conversations::{self, MessageRow},
    error::Result,
};

/// Maximum number of messages in a prompt, including the question.
const MAX_MESSAGES: u64 = 30;

/// Builds the question for the model.
pub(super) async fn build(
    app: &App,
    reply: &agent_reply::Model,
    listing: &agent_listing::Model,
    question: &message::Model,
) -> Result<Question> {
    let knowledge = load_knowledge(app.db.read(), listing.id).await?;
    let said = conversations::list_recent(app, reply.conversation_id, question.number, MAX_MESSAGES).await?;
    Ok(Question {
        model: listing.model.clone(),
        instructions: listing.system_prompt.clone(),
        knowledge: knowledge
            .into_iter()
            .map(|known| model::Knowledge { title: known.title, text: known.text })
            .collect(),
        turns: said.into_iter().filter_map(|row| turn(row, listing)).collect(),
        max_tokens: None,
    })
}

/// Each message is a separate turn, so that a member's text cannot pose as another author's.
fn turn(row: MessageRow, listing: &agent_listing::Model) -> Option<Turn> {
    let speaker = match (row.author, row.message.agent_listing_id) {
        (Some(person), _) => Speaker::Member { id: person.id, name: person.name },
        (None, Some(id)) if id == listing.id => Speaker::Agent,
        (None, Some(id)) => {
            Speaker::OtherAgent { id: id.to_string(), name: row.agent_name.unwrap_or_default() }
        }
        (None, None) => return None,
    };
    Some(Turn { speaker, text: row.message.content })
}
