//! Assignment of support chats: acceptance and transfer.

use entity::{community::Status as Open, membership, support_chat, user};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::{
    chats::{get_community, lock, transition},
    handover::wake,
    lifecycle::Lifecycle,
    team::{check_capacity, person_in},
};
use crate::{
    app::{App, Change},
    domain::{
        Deferred, User, agents,
        audit::{self, AuditEntry},
        blocks,
        communities::{self, Action, may},
        conversations::Person,
    },
    error::{Error, Result},
};

/// Accepts a waiting customer. Of concurrent calls for the same customer, one succeeds. Team only.
///
/// # Errors
/// [`Error::Forbidden`], also if the community does not exist; [`Error::Invalid`] without a conversation,
/// [`Error::Missing`] unless the chat waits, [`Error::Conflict`] at the actor's capacity.
pub async fn accept(
    app: &App,
    actor: &User,
    community_id: Uuid,
    conversation_id: Deferred<Uuid>,
) -> Result<support_chat::Model> {
    const NONE: Error = Error::Missing("No waiting conversation found");
    let tx = app.begin(actor).await?;
    let own = communities::get_allowed(&tx, actor, community_id, Action::Accept).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let conversation_id = conversation_id.validate("conversationId", "conversationId required")?;
    let chat = lock(&tx, conversation_id).await?;
    // A customer cannot accept their own chat, and an archived community has no service.
    let chat = chat.filter(|chat| chat.community_id == community_id && chat.customer_id != actor.id);
    let chat = chat.ok_or(NONE)?;
    if get_community(&tx, &chat).await?.status != Open::Active {
        return Err(NONE);
    }
    let to = Lifecycle::of(&chat).accept(&actor.id)?;
    check_capacity(&tx, &chat, &actor.id).await?;
    Box::pin(agents::stop_running(app, &tx, conversation_id)).await?;
    let by = known_as(actor, &own);
    let (chat, notification) = transition(app, &tx, chat, to, Some(by)).await?;
    tx.publish([notification]);
    wake(&tx, &chat);
    tx.commit(chat).await
}

/// Transfers a customer to another CS agent, or back to the queue if `to` is `None`. Assignee, creator and
/// moderators only.
///
/// # Errors
/// [`Error::NotFound`] for the conversation, also for actors who are not on the team, and for the new
/// assignee; [`Error::Forbidden`], [`Error::Conflict`] unless the chat is waiting or assigned, or at the
/// new assignee's capacity.
pub async fn transfer(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    to: Option<&str>,
) -> Result<support_chat::Model> {
    const CONVERSATION_NOT_FOUND: Error = Error::NotFound("Conversation");
    const USER_NOT_FOUND: Error = Error::NotFound("User");
    let tx = app.begin(actor).await?;
    let chat = lock(&tx, conversation_id).await?.ok_or(CONVERSATION_NOT_FOUND)?;
    let own = communities::get_allowed(&tx, actor, chat.community_id, Action::Serve).await;
    let own = own.map_err(|_| CONVERSATION_NOT_FOUND)?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if chat.assignee_id.as_ref() != Some(&actor.id) && !may(own.role, Action::Oversee) {
        return Err(Error::Forbidden(
            "Only the assignee, the creator and moderators can transfer a customer",
        ));
    }
    if get_community(&tx, &chat).await?.status != Open::Active {
        return Err(Error::Conflict("The community is not active".to_owned()));
    }
    let current = Lifecycle::of(&chat);
    let entry = AuditEntry::of(actor, audit::Action::CustomerHandedOn)
        .within(chat.community_id)
        .to(chat.customer_id.as_str());
    let entry = entry.on(chat.conversation_id).with(json!({ "from": chat.assignee_id, "to": to }));
    audit::record(app, &tx, entry).await?;
    let (to, by) = match to {
        Some(to) => {
            check_capacity(&tx, &chat, to).await?;
            let heir = user::Entity::find_by_id(to).one(&tx).await?.ok_or(USER_NOT_FOUND)?;
            // A user who has blocked the actor or the customer must not be assigned; nor must the customer.
            for other in [&actor.id, &chat.customer_id] {
                if heir.id == chat.customer_id || blocks::is_blocked(&tx, &heir.id, other).await? {
                    return Err(USER_NOT_FOUND);
                }
            }
            // The event names the new assignee, so that it reaches their inbox.
            (current.transfer(to)?, person_in(&tx, chat.community_id, &heir).await?)
        }
        None => {
            let since = chat.unanswered_since.unwrap_or_else(|| app.clock.now());
            (current.release(since)?, known_as(actor, &own))
        }
    };
    let (chat, notification) = transition(app, &tx, chat, to, Some(by)).await?;
    tx.publish([notification]);
    wake(&tx, &chat);
    tx.publish([Change::Inbox { user: actor.id.clone(), conversation: Some(conversation_id) }]);
    tx.commit(chat).await
}

fn known_as(actor: &User, own: &membership::Model) -> Person {
    Person::known_as(actor.clone(), own.display_name.clone())
}
