//! The end of an episode.

use entity::{
    support_chat::{self, Status},
    support_episode::ResolvedBy,
};
use uuid::Uuid;

use super::{
    chats::{enter, hold},
    episodes,
    lifecycle::Lifecycle,
    team::person_in,
};
use crate::{
    app::App,
    domain::{
        Error, Late, Result, User, agents,
        audit::{self, Deed},
        communities::{self, Action, may},
    },
};

/// Says that a chat is done; again changes nothing. Its customer, whoever serves them, the creator and moderators.
///
/// # Errors
/// [`Error::Invalid`] where no conversation is named, [`Error::Missing`] to others and where there is none.
pub async fn resolve(
    app: &App,
    actor: &User,
    community_id: Uuid,
    conversation_id: Late<Uuid>,
) -> Result<support_chat::Model> {
    const HIDDEN: Error = Error::Missing("Conversation not found or not authorized");
    let conversation_id = conversation_id.judge("conversationId", "conversationId required")?;
    let tx = app.begin(actor).await?;
    let chat = hold(&tx, conversation_id).await?;
    let chat = chat.filter(|chat| chat.community_id == community_id).ok_or(HIDDEN)?;
    let is_customer = chat.customer_id == actor.id;
    if !is_customer {
        let own = communities::get_allowed(&tx, actor, community_id, Action::Serve).await;
        let own = own.map_err(|error| if let Error::Forbidden(_) = error { HIDDEN } else { error })?;
        if chat.assignee_id.as_ref() != Some(&actor.id) && !may(own.role, Action::Oversee) {
            return Err(HIDDEN);
        }
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let Some(to) = Lifecycle::of(&chat).resolve() else { return tx.commit(chat).await };
    Box::pin(agents::silence(app, &tx, conversation_id)).await?;
    let episode = episodes::get_current(&tx, &chat).await?;
    let by = match (is_customer, chat.status) {
        (false, _) => ResolvedBy::Person,
        (true, Status::AiActive) if episode.ai_answers > 0 => ResolvedBy::Ai,
        (true, _) => ResolvedBy::Customer,
    };
    episodes::save(&tx, episodes::close(episode, by, &actor.id, app.clock.now())).await?;
    if !is_customer && chat.assignee_id.as_ref() != Some(&actor.id) {
        let deed = Deed::of(actor, audit::Action::CustomerResolved).within(community_id);
        audit::record(app, &tx, deed.to(chat.customer_id.as_str()).on(conversation_id)).await?;
    }
    let person = person_in(&tx, community_id, actor).await?;
    let (chat, bell) = enter(app, &tx, chat, to, Some(person)).await?;
    tx.tell([bell]);
    tx.commit(chat).await
}
