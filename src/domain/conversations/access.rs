//! Access to conversations: who may read and post, under which name.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    conversation::{self, Kind},
    membership, space_session, support_chat,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QuerySelect, QueryTrait,
    sea_query::UnionType,
};
use uuid::Uuid;

use super::{
    Person,
    readable::{communities_of, of_own_sessions},
};
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

/// A conversation as addressed by clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// By its id.
    Conversation(Uuid),
    /// The room of a community.
    Room(Uuid),
    /// The chat of a space session.
    Session(Uuid),
}

impl Target {
    /// Returns the id that addresses it.
    pub(super) fn id(&self) -> Uuid {
        let (Self::Conversation(id) | Self::Room(id) | Self::Session(id)) = self;
        *id
    }
}

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

impl Target {
    pub(super) fn condition(&self) -> Condition {
        Condition::all().add(match self {
            Self::Conversation(id) => conversation::Column::Id.eq(*id),
            Self::Room(community) => conversation::Column::Scope.eq(room_scope(*community)),
            Self::Session(session) => conversation::Column::Scope.eq(session_scope(*session)),
        })
    }

    /// Returns whether it addresses this conversation.
    pub(super) fn is(&self, conversation: &conversation::Model) -> bool {
        match self {
            Self::Conversation(id) => conversation.id == *id,
            Self::Room(community) => {
                conversation.kind == Kind::Room && conversation.community_id == Some(*community)
            }
            Self::Session(session) => conversation.space_session_id == Some(*session),
        }
    }

    /// Returns the refusal if the conversation does not exist.
    pub(super) fn missing(&self, intent: Permission) -> Error {
        match self {
            Self::Conversation(_) => Error::NotFound("Conversation"),
            Self::Session(_) => Error::NotFound("Session"),
            Self::Room(_) => Error::Forbidden(intent.refusal()),
        }
    }
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

pub(crate) fn room_scope(community: Uuid) -> String {
    format!("room:{community}")
}

pub(crate) fn support_scope(community: Uuid, customer: &str) -> String {
    format!("support:{community}:{customer}")
}

pub(crate) fn session_scope(session: Uuid) -> String {
    format!("session:{session}")
}

/// Returns the unique key of a customer's lounge chat.
pub(crate) fn lounge_chat_scope(community: Uuid, customer: &str) -> String {
    format!("lounge:{community}:{customer}")
}

/// Checks the actor's permission in a conversation.
///
/// # Errors
/// The refusal.
pub(super) async fn judge_access(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    intent: Permission,
) -> Result<ConversationAccess> {
    match (conversation.kind, conversation.space_session_id, conversation.community_id) {
        (Kind::SpaceSession, Some(session), _) => in_session(db, actor, conversation, session, intent).await,
        (Kind::Room, _, Some(community)) => in_room(app, db, actor, conversation, community, intent).await,
        (Kind::Support, _, Some(community)) => {
            in_support(app, db, actor, conversation, community, intent).await
        }
        (Kind::Lounge, _, Some(community)) => {
            in_lounge_chat(app, db, actor, conversation, community, intent).await
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
    intent: Permission,
) -> Result<ConversationAccess> {
    if conversation.customer_id.as_ref() != Some(&actor.id) {
        return Err(Error::NotFound("Conversation"));
    }
    let access = in_room(app, db, actor, conversation, lounge, intent).await?;
    Ok(ConversationAccess { moderates: false, ..access })
}

/// Members may read; they may post unless muted, while the community is active.
async fn in_room(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    community: Uuid,
    intent: Permission,
) -> Result<ConversationAccess> {
    let refusal = intent.refusal();
    let own = match intent {
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
    intent: Permission,
) -> Result<ConversationAccess> {
    const HIDDEN: Error = Error::NotFound("Conversation");
    let own = communities::find_membership(db, community, &actor.id).await?;
    let is_customer = conversation.customer_id.as_ref() == Some(&actor.id);
    let role = own.as_ref().map(|own| own.role);
    let does = |action| !is_customer && role.is_some_and(|role| communities::may(role, action));
    if is_customer {
        communities::refuse_banned(app, db, community, &actor.id).await?;
    } else if !does(communities::Action::Serve) {
        return Err(HIDDEN);
    }
    match intent {
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
    intent: Permission,
) -> Result<ConversationAccess> {
    const HIDDEN: Error = Error::NotFound("Conversation");
    let session = space_session::Entity::find_by_id(session).one(db).await?.ok_or(HIDDEN)?;
    let space =
        spaces::get_visible(db, Some(actor), session.space_id).await.map_err(|error| match error {
            Error::NotFound(_) => HIDDEN,
            other => other,
        })?;
    let owns = space.owner_id == actor.id;
    if intent != Permission::Read {
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
    intent: Permission,
) -> Result<ConversationAccess> {
    let found = conversation::Entity::find().filter(target.condition()).one(db).await?;
    judge_access(app, db, actor, found.ok_or_else(|| target.missing(intent))?, intent).await
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

/// Condition for a user's own conversations: as member, session participant or customer; support chats also
/// as assignee. `among` restricts it to these conversations.
pub(super) fn own(user_id: &str, now: DateTime<Utc>, among: Option<&[Uuid]>) -> Condition {
    let as_member = conversation::Column::CommunityId.in_subquery(communities_of(user_id));
    let in_room = Condition::all().add(conversation::Column::Kind.eq(Kind::Room)).add(as_member.clone());
    let as_customer = Condition::all()
        .add(conversation::Column::CustomerId.eq(user_id))
        .add(conversation::Column::CommunityId.not_in_subquery(communities::banned_from(user_id, now)))
        // A lounge chat requires a membership.
        .add(Condition::any().add(conversation::Column::Kind.ne(Kind::Lounge)).add(as_member));
    let assigned = support_chat::Entity::find()
        .select_only()
        .column(support_chat::Column::ConversationId)
        .apply_if(among, |select, ids| {
            select.filter(support_chat::Column::ConversationId.is_in(ids.iter().copied()))
        })
        .filter(support_chat::Column::AssigneeId.eq(user_id))
        .filter(support_chat::Column::CommunityId.in_subquery(on_team(user_id)));
    // A union, so that each part uses its own index; alternatives in one condition would scan the table.
    let ids = |condition: Condition| {
        conversation::Entity::find()
            .select_only()
            .column(conversation::Column::Id)
            .apply_if(among, |select, ids| select.filter(conversation::Column::Id.is_in(ids.iter().copied())))
            .filter(condition)
            .into_query()
    };
    let mut all = ids(in_room);
    all.union(UnionType::All, ids(as_customer))
        .union(UnionType::All, assigned.into_query())
        .union(UnionType::All, ids(of_own_sessions(user_id)));
    Condition::all().add(conversation::Column::Id.in_subquery(all))
}

/// Selects the communities whose customers the user serves.
pub(super) fn on_team(user_id: &str) -> sea_orm::sea_query::SelectStatement {
    let serving = membership::Role::iter().filter(|role| communities::may(*role, communities::Action::Serve));
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(user_id))
        .filter(membership::Column::Role.is_in(serving));
    own.into_query()
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
