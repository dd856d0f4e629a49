//! Lounge chats: private conversations with a lounge's agent, one per user.

use entity::{
    community,
    conversation::{self, Kind},
    conversation_event,
};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::browse::get_open;
use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        communities::join_free,
        conversations::{self, Person, open_lounge_chat, record_in_lounge_chat},
    },
    error::Result,
};

/// Starts or continues the actor's chat in a lounge. A non-member joins without payment. Returns the chat
/// and whether it existed before.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::MemberBanned`].
pub async fn start_chat(app: &App, actor: &User, id: Uuid) -> Result<(conversation::Model, bool)> {
    let tx = app.begin(actor).await?;
    let (community, _) = get_open(&tx, id).await?;
    let entered = enter(app, &tx, actor, &community).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    tx.commit(entered).await
}

/// Returns the actor's chat in a locked lounge, and whether it existed before.
pub(super) async fn enter(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    community: &community::Model,
) -> Result<(conversation::Model, bool)> {
    let came = join_free(app, tx, actor, community).await?;
    let (talk, existing) = match conversations::find_lounge_chat(tx, community.id, &actor.id).await? {
        Some(talk) => (talk, true),
        None => (open_lounge_chat(app, tx, community.id, &actor.id).await?, false),
    };
    if came || !existing {
        let kind = conversation_event::Kind::MemberJoined;
        let person = Person::from(actor.clone());
        tx.publish(record_in_lounge_chat(tx, app.clock.now(), talk.id, kind, person).await?);
    }
    Ok((talk, existing))
}

/// A lounge chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain) struct LoungeChat {
    /// The conversation.
    pub(in crate::domain) id: Uuid,
    /// The lounge.
    pub(in crate::domain) lounge_id: Uuid,
    /// The user it belongs to.
    pub(in crate::domain) customer_id: String,
}

impl LoungeChat {
    /// Converts a conversation; returns `None` if it is not a lounge chat.
    pub(in crate::domain) fn of(conversation: conversation::Model) -> Option<Self> {
        let id = conversation.id;
        match (conversation.kind, conversation.community_id, conversation.customer_id) {
            (Kind::Lounge, Some(lounge_id), Some(customer_id)) => Some(Self { id, lounge_id, customer_id }),
            _ => None,
        }
    }
}

/// Returns the lounge chat with this conversation id; `None` if it is not a lounge chat.
pub(in crate::domain) async fn find_chat(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<LoungeChat>> {
    Ok(conversation::Entity::find_by_id(id).one(db).await?.and_then(LoungeChat::of))
}
