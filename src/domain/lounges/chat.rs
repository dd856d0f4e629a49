//! Talks: each person's own with a lounge's agent.

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
        Error, Result, User, Write,
        communities::let_in,
        conversations::{self, Person, ReadableConversation, Seat, Target, open_talk, record_in_talk},
    },
};

/// Starts to talk with a lounge, or goes on: there is one talk for each person. Whoever is no member becomes one, for
/// nothing. Gives the talk and whether it was there before.
///
/// # Errors
/// [`Error::NotFound`], [`Error::MemberBanned`].
pub async fn start_chat(app: &App, actor: &User, id: Uuid) -> Result<(conversation::Model, bool)> {
    let tx = app.begin(actor).await?;
    let (community, _) = get_open(&tx, id).await?;
    let entered = enter(app, &tx, actor, &community).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    tx.commit(entered).await
}

/// Somebody's talk in a locked lounge, and whether it was there before.
pub(super) async fn enter(
    app: &App,
    tx: &Write,
    actor: &User,
    community: &community::Model,
) -> Result<(conversation::Model, bool)> {
    let came = let_in(app, tx, actor, community).await?;
    let (talk, existing) = match conversations::find_talk(tx, community.id, &actor.id).await? {
        Some(talk) => (talk, true),
        None => (open_talk(app, tx, community.id, &actor.id).await?, false),
    };
    if came || !existing {
        let kind = conversation_event::Kind::MemberJoined;
        let person = Person::from(actor.clone());
        tx.tell(record_in_talk(tx, app.clock.now(), talk.id, kind, person).await?);
    }
    Ok((talk, existing))
}

/// Where somebody hears a lounge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Talk {
    /// The conversation.
    pub(in crate::domain) id: Uuid,
    /// The lounge.
    pub(in crate::domain) lounge_id: Uuid,
    /// Whose talk it is.
    pub(in crate::domain) customer_id: String,
}

impl Talk {
    /// The talk that a conversation is; none where it is none.
    pub(in crate::domain) fn of(conversation: conversation::Model) -> Option<Self> {
        let id = conversation.id;
        match (conversation.kind, conversation.community_id, conversation.customer_id) {
            (Kind::Lounge, Some(lounge_id), Some(customer_id)) => Some(Self { id, lounge_id, customer_id }),
            _ => None,
        }
    }
}

/// The talk that a conversation is; none where it is none.
pub(in crate::domain) async fn find_talk(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Talk>> {
    Ok(conversation::Entity::find_by_id(id).one(db).await?.and_then(Talk::of))
}

/// The actor's own talk in a lounge; none where there is none, and for those who may not read it now.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_own_talk(app: &App, actor: &User, lounge_id: Uuid) -> Result<Option<ReadableConversation>> {
    let Some(talk) = conversations::find_talk(app.db.read(), lounge_id, &actor.id).await? else {
        return Ok(None);
    };
    match conversations::find_readable(app, actor, &Target::Conversation(talk.id)).await {
        Ok(seat) => Ok(seat.map(Seat::into_readable)),
        Err(Error::Forbidden(_) | Error::MembershipExpired) => Ok(None),
        Err(error) => Err(error),
    }
}
