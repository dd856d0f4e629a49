//! Resolution of support episodes.

use entity::{
    support_chat::{self, Status},
    support_episode::ResolvedBy,
};
use uuid::Uuid;

use super::{
    chats::{lock, transition},
    episodes,
    lifecycle::Lifecycle,
    team::person_in,
};
use crate::{
    app::App,
    domain::{
        Deferred, User, agents,
        audit::{self, AuditEntry},
        communities::{self, Action, may},
    },
    error::{Error, Result},
};

/// Resolves a chat; idempotent. Customer, assignee, creator and moderators only.
///
/// # Errors
/// [`Error::Invalid`] without a conversation, [`Error::Missing`] for others and if it does not exist,
/// [`Error::MemberBanned`] for a banned customer.
pub async fn resolve(
    app: &App,
    actor: &User,
    community_id: Uuid,
    conversation_id: Deferred<Uuid>,
) -> Result<support_chat::Model> {
    const CONVERSATION_NOT_FOUND: Error = Error::Missing("Conversation not found or not authorized");
    let conversation_id = conversation_id.validate("conversationId", "conversationId required")?;
    let tx = app.begin(actor).await?;
    let chat = lock(&tx, conversation_id).await?;
    let chat = chat.filter(|chat| chat.community_id == community_id).ok_or(CONVERSATION_NOT_FOUND)?;
    let is_customer = chat.customer_id == actor.id;
    if is_customer {
        communities::refuse_banned(app, &tx, community_id, &actor.id).await?;
    } else {
        let own = communities::get_allowed(&tx, actor, community_id, Action::Serve).await;
        let own = own
            .map_err(|error| if let Error::Forbidden(_) = error { CONVERSATION_NOT_FOUND } else { error })?;
        if chat.assignee_id.as_ref() != Some(&actor.id) && !may(own.role, Action::Oversee) {
            return Err(CONVERSATION_NOT_FOUND);
        }
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let Some(to) = Lifecycle::of(&chat).resolve() else { return tx.commit(chat).await };
    Box::pin(agents::stop_running(app, &tx, conversation_id)).await?;
    let episode = episodes::get_current(&tx, &chat).await?;
    let by = match (is_customer, chat.status) {
        (false, _) => ResolvedBy::Person,
        (true, Status::AiActive) if episode.ai_answers > 0 => ResolvedBy::Ai,
        (true, _) => ResolvedBy::Customer,
    };
    episodes::save(&tx, episodes::close(episode, by, &actor.id, app.clock.now())).await?;
    if !is_customer && chat.assignee_id.as_ref() != Some(&actor.id) {
        let entry = AuditEntry::of(actor, audit::Action::CustomerResolved).within(community_id);
        audit::record(app, &tx, entry.to(chat.customer_id.as_str()).on(conversation_id)).await?;
    }
    let person = person_in(&tx, community_id, actor).await?;
    let (chat, notification) = transition(app, &tx, chat, to, Some(person)).await?;
    tx.publish([notification]);
    tx.commit(chat).await
}
