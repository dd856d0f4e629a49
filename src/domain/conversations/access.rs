//! Access to conversations: who may read and post, under which name.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    conversation::{self, Kind},
    space_session,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{Person, ReadableConversation, Target};
use crate::{
    app::App,
    domain::{User, communities, spaces},
    error::{Error, Result},
};

/// Refusal for a non-member who posts in a room.
pub(super) const CANNOT_POST: &str = "You must be a member to send messages";
/// Refusal for a non-member who asks an agent in a room.
const CANNOT_ASK: &str = "You must be a member";
/// Refusal for a non-member who reads a room.
pub(super) const CANNOT_READ: &str = "You must be a member to view messages";

/// Maximum time between revalidations of a right in a support chat.
const RECHECK_AFTER: TimeDelta = TimeDelta::minutes(1);

/// A permission in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Read messages.
    Read,
    /// Post or change something.
    Post,
    /// Ask an agent; requires the right to post.
    AskAgent,
}

/// An actor's granted access to a conversation.
#[derive(Clone, Debug)]
pub struct ConversationAccess {
    /// The conversation.
    pub(in crate::domain) conversation: conversation::Model,
    /// The actor with their name there.
    pub person: Person,
    /// Whether the actor may moderate.
    pub moderates: bool,
    /// When the access ends unless it is renewed; `None` if it has no end.
    pub valid_until: Option<DateTime<Utc>>,
}

impl Permission {
    fn refusal(self) -> &'static str {
        match self {
            Self::Read => CANNOT_READ,
            Self::Post => CANNOT_POST,
            Self::AskAgent => CANNOT_ASK,
        }
    }
}

/// Checks the actor's permission in a conversation.
///
/// # Errors
/// The refusal.
pub(super) async fn check_access(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    permission: Permission,
) -> Result<ConversationAccess> {
    match (conversation.kind, conversation.space_session_id, conversation.community_id) {
        (Kind::SpaceSession, Some(session), _) => {
            in_session(db, actor, conversation, session, permission).await
        }
        (Kind::Room, _, Some(community)) => {
            in_room(app, db, actor, conversation, community, permission).await
        }
        (Kind::Support, _, Some(community)) => {
            in_support(app, db, actor, conversation, community, permission).await
        }
        (Kind::Lounge, _, Some(community)) => {
            in_lounge_chat(app, db, actor, conversation, community, permission).await
        }
        _ => Err(Error::NotFound("Conversation")),
    }
}

/// A lounge chat is private to its customer while they are a member: not even the lounge's creator may read
/// it.
async fn in_lounge_chat(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    lounge: Uuid,
    permission: Permission,
) -> Result<ConversationAccess> {
    if conversation.customer_id.as_ref() != Some(&actor.id) {
        return Err(Error::NotFound("Conversation"));
    }
    let access = in_room(app, db, actor, conversation, lounge, permission).await?;
    Ok(ConversationAccess { moderates: false, ..access })
}

/// Members may read; they may post unless muted, while the community is active.
async fn in_room(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    community: Uuid,
    permission: Permission,
) -> Result<ConversationAccess> {
    let refusal = permission.refusal();
    let own = match permission {
        Permission::Read => communities::get_current(app, db, actor, community, refusal).await?,
        Permission::Post | Permission::AskAgent => {
            communities::get_member_state(app, db, actor, community, refusal).await?
        }
    };
    Ok(ConversationAccess {
        conversation,
        moderates: communities::may(own.role, communities::Action::Moderate),
        valid_until: communities::valid_until(&own, app.clock.now()),
        person: Person::known_as(actor.clone(), own.display_name),
    })
}

/// The customer, member or not, and the team may read and post. Agents cannot be asked explicitly there.
async fn in_support(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    community: Uuid,
    permission: Permission,
) -> Result<ConversationAccess> {
    const CONVERSATION_NOT_FOUND: Error = Error::NotFound("Conversation");
    let own = communities::find_membership(db, community, &actor.id).await?;
    let is_customer = conversation.customer_id.as_ref() == Some(&actor.id);
    let role = own.as_ref().map(|own| own.role);
    let does = |action| !is_customer && role.is_some_and(|role| communities::may(role, action));
    if is_customer {
        communities::refuse_banned(app, db, community, &actor.id).await?;
    } else if !does(communities::Action::Serve) {
        return Err(CONVERSATION_NOT_FOUND);
    }
    match permission {
        Permission::Read => {}
        Permission::AskAgent => {
            return Err(Error::Forbidden("Only the agent of this chat can be asked here"));
        }
        Permission::Post if is_customer => _ = communities::get_active(db, community).await?,
        Permission::Post => _ = communities::get_member_state(app, db, actor, community, CANNOT_POST).await?,
    }
    Ok(ConversationAccess {
        conversation,
        moderates: does(communities::Action::Moderate),
        // After this time, role changes and bans on other servers take effect.
        valid_until: Some(app.clock.now() + RECHECK_AFTER),
        person: match own {
            Some(own) => Person::known_as(actor.clone(), own.display_name),
            None => communities::known_in(db, community, actor.clone()).await?,
        },
    })
}

/// Users who may see the space may read; its owner and participants may post while the session runs.
async fn in_session(
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    session: Uuid,
    permission: Permission,
) -> Result<ConversationAccess> {
    const CONVERSATION_NOT_FOUND: Error = Error::NotFound("Conversation");
    let session = space_session::Entity::find_by_id(session).one(db).await?.ok_or(CONVERSATION_NOT_FOUND)?;
    let space =
        spaces::get_visible(db, Some(actor), session.space_id).await.map_err(|error| match error {
            Error::NotFound(_) => CONVERSATION_NOT_FOUND,
            other => other,
        })?;
    let owns = space.owner_id == actor.id;
    if permission != Permission::Read {
        if !owns && !spaces::takes_part(db, session.id, &actor.id).await? {
            return Err(Error::Forbidden("Join the session to post in it"));
        }
        if spaces::has_ended(session.status) {
            return Err(spaces::ended());
        }
    }
    Ok(ConversationAccess { conversation, person: actor.clone().into(), moderates: owns, valid_until: None })
}

/// Checks the actor's permission in a conversation without a lock.
///
/// # Errors
/// As [`judge_access()`], and the refusal if the conversation does not exist.
pub(in crate::domain) async fn get_access(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    target: &Target,
    permission: Permission,
) -> Result<ConversationAccess> {
    let found = conversation::Entity::find().filter(target.condition()).one(db).await?;
    check_access(app, db, actor, found.ok_or_else(|| target.missing(permission))?, permission).await
}

/// Returns a conversation that the actor may read; `None` if it must appear not to exist.
///
/// # Errors
/// The refusal to read, if the conversation's existence is no secret.
pub async fn find_readable(app: &App, actor: &User, target: &Target) -> Result<Option<ConversationAccess>> {
    match get_access(app, app.db.read(), actor, target, Permission::Read).await {
        Ok(access) => Ok(Some(access)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the conversations of a space's sessions.
pub(in crate::domain) async fn list_of_space(db: &impl ConnectionTrait, space_id: Uuid) -> Result<Vec<Uuid>> {
    let sessions = space_session::Entity::find()
        .select_only()
        .column(space_session::Column::Id)
        .filter(space_session::Column::SpaceId.eq(space_id));
    Ok(conversation::Entity::find()
        .select_only()
        .column(conversation::Column::Id)
        .filter(conversation::Column::SpaceSessionId.in_subquery(sessions.into_query()))
        .into_tuple()
        .all(db)
        .await?)
}

impl Target {
    /// Returns the refusal if the conversation does not exist.
    pub(super) fn missing(&self, permission: Permission) -> Error {
        match self {
            Self::Conversation(_) => Error::NotFound("Conversation"),
            Self::Session(_) => Error::NotFound("Session"),
            Self::Room(_) => Error::Forbidden(permission.refusal()),
        }
    }
}

impl ConversationAccess {
    /// Returns the conversation with its proof.
    pub fn into_readable(self) -> ReadableConversation {
        ReadableConversation::checked(self.conversation)
    }
}
