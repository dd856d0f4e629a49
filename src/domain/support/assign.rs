//! Whose a customer is: taken by one of the team, handed on to another.

use entity::{community::Status as Open, membership, support_chat, user};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::{
    chats::{enter, hold},
    handover::wake,
    lifecycle::Lifecycle,
    start::get_community,
    team::{check_capacity, person_in},
};
use crate::{
    app::App,
    domain::{
        Error, Late, Result, User, agents,
        audit::{self, Deed},
        blocks,
        communities::{self, Action, may},
        conversations::Person,
    },
};

/// Takes a customer who waits. Of several who take the same at once, one does. The team only.
///
/// # Errors
/// [`Error::Forbidden`], also where there is no such community; [`Error::Invalid`] where no conversation is named,
/// [`Error::Missing`] where nobody waits there, [`Error::Conflict`] where the actor serves as many as they may.
pub async fn accept(
    app: &App,
    actor: &User,
    community_id: Uuid,
    conversation_id: Late<Uuid>,
) -> Result<support_chat::Model> {
    const NONE: Error = Error::Missing("No waiting conversation found");
    let tx = app.begin(actor).await?;
    let own = communities::get_allowed(&tx, actor, community_id, Action::Accept).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let conversation_id = conversation_id.judge("conversationId", "conversationId required")?;
    let chat = hold(&tx, conversation_id).await?;
    // Nobody serves themselves, and a closed account nobody.
    let chat = chat.filter(|chat| chat.community_id == community_id && chat.customer_id != actor.id);
    let chat = chat.ok_or(NONE)?;
    if get_community(&tx, &chat).await?.status != Open::Active {
        return Err(NONE);
    }
    let to = Lifecycle::of(&chat).accept(&actor.id)?;
    check_capacity(&tx, &chat, &actor.id).await?;
    Box::pin(agents::silence(app, &tx, conversation_id)).await?;
    let by = known_as(actor, &own);
    let (chat, bell) = enter(app, &tx, chat, to, Some(by)).await?;
    tx.tell([bell]);
    wake(&tx, &chat);
    tx.commit(chat).await
}

/// Hands a customer on to another of the team, or back to the queue where nobody is named. Whoever serves them, the
/// creator and moderators.
///
/// # Errors
/// [`Error::NotFound`] for the conversation, also to those who do not serve here, and for the other;
/// [`Error::Forbidden`], [`Error::Conflict`] where a person neither answers nor is waited for, or the other serves as
/// many as they may.
pub async fn transfer(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    to: Option<&str>,
) -> Result<support_chat::Model> {
    const HIDDEN: Error = Error::NotFound("Conversation");
    const NOBODY: Error = Error::NotFound("User");
    let tx = app.begin(actor).await?;
    let chat = hold(&tx, conversation_id).await?.ok_or(HIDDEN)?;
    let own = communities::get_allowed(&tx, actor, chat.community_id, Action::Serve).await;
    let own = own.map_err(|_| HIDDEN)?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if chat.assignee_id.as_ref() != Some(&actor.id) && !may(own.role, Action::Oversee) {
        return Err(Error::Forbidden(
            "Only whoever serves them, the creator and moderators can hand them on",
        ));
    }
    if get_community(&tx, &chat).await?.status != Open::Active {
        return Err(Error::Conflict("The community is not active".to_owned()));
    }
    let stands = Lifecycle::of(&chat);
    let deed = Deed::of(actor, audit::Action::CustomerHandedOn)
        .within(chat.community_id)
        .to(chat.customer_id.as_str());
    let deed = deed.on(chat.conversation_id).with(json!({ "from": chat.assignee_id, "to": to }));
    audit::record(app, &tx, deed).await?;
    let (to, by) = match to {
        Some(to) => {
            check_capacity(&tx, &chat, to).await?;
            let heir = user::Entity::find_by_id(to).one(&tx).await?.ok_or(NOBODY)?;
            // Whoever blocked one of them hears nothing of them by the other; nobody serves themselves.
            for other in [&actor.id, &chat.customer_id] {
                if heir.id == chat.customer_id || blocks::is_blocked(&tx, &heir.id, other).await? {
                    return Err(NOBODY);
                }
            }
            // The event names who serves from now on, so that it comes into their inbox.
            (stands.transfer(to)?, person_in(&tx, chat.community_id, &heir).await?)
        }
        None => {
            let since = chat.unanswered_since.unwrap_or_else(|| app.clock.now());
            (stands.release(since)?, known_as(actor, &own))
        }
    };
    let (chat, bell) = enter(app, &tx, chat, to, Some(by)).await?;
    tx.tell([bell]);
    wake(&tx, &chat);
    let before = actor.id.clone();
    tx.after(move |app| app.inbox.changed_for(&before));
    tx.commit(chat).await
}

fn known_as(actor: &User, own: &membership::Model) -> Person {
    Person::known_as(actor.clone(), own.display_name.clone())
}
