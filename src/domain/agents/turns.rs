//! What an agent is asked: what its owner told it, and what was said in the conversation, each under its speaker's name.

use entity::{agent_listing, agent_reply, message};

use super::browse::load_knowledge;
use crate::{
    adapters::model::{self, Question, Speaker, Turn},
    app::App,
    domain::{
        Result,
        conversations::{self, MessageRow},
    },
};

/// So many messages of the conversation are given to the model, the question included.
const LAST: u64 = 30;

/// The question as models are asked it.
pub(super) async fn question(
    app: &App,
    reply: &agent_reply::Model,
    listing: &agent_listing::Model,
    question: &message::Model,
) -> Result<Question> {
    let knowledge = load_knowledge(app.db.read(), listing.id).await?;
    let said = conversations::list_said(app, reply.conversation_id, question.number, LAST).await?;
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

/// A member's text is never anything but what that member said.
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
