//! Who may read and speak in a conversation, and as whom.

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
    readable::{banned_from, communities_of, of_own_sessions},
};
use crate::{
    app::App,
    domain::{Error, Result, User, communities, spaces},
};

/// The refusal of one who speaks in a room and is no member.
const NOT_SPEAKING: &str = "You must be a member to send messages";
/// The refusal of one who asks an agent in a room and is no member.
const NOT_ASKING: &str = "You must be a member";
/// The refusal of one who reads a room and is no member.
const NOT_READING: &str = "You must be a member to view messages";

/// How long a right in a support chat is good for before it is asked for again.
const DOUBT: TimeDelta = TimeDelta::minutes(1);

/// A conversation as clients name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// By its own id.
    Conversation(Uuid),
    /// The room of a community.
    Room(Uuid),
    /// The chat of a space session.
    Session(Uuid),
}

impl Target {
    /// The id by which it is named.
    pub(super) fn id(&self) -> Uuid {
        let (Self::Conversation(id) | Self::Room(id) | Self::Session(id)) = self;
        *id
    }
}

/// What somebody wants in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// To read.
    Read,
    /// To say or change something.
    Speak,
    /// To ask an agent, which takes what speaking takes.
    Ask,
}

/// Somebody's place in a conversation, where they may do what they want to.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The conversation.
    pub(in crate::domain) conversation: conversation::Model,
    /// As whom they are known there.
    pub person: Person,
    /// Whether they keep order there.
    pub moderates: bool,
    /// When the right runs out unless it is renewed.
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

    /// The refusal where there is no such conversation.
    pub(super) fn missing(&self, intent: Intent) -> Error {
        match self {
            Self::Conversation(_) => Error::NotFound("Conversation"),
            Self::Session(_) => Error::NotFound("Session"),
            Self::Room(_) => Error::Forbidden(intent.refusal()),
        }
    }
}

impl Intent {
    fn refusal(self) -> &'static str {
        match self {
            Self::Read => NOT_READING,
            Self::Speak => NOT_SPEAKING,
            Self::Ask => NOT_ASKING,
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

/// What makes a talk in a lounge the only one of its customer there.
pub(crate) fn talk_scope(community: Uuid, customer: &str) -> String {
    format!("lounge:{community}:{customer}")
}

/// The actor's place in a conversation.
///
/// # Errors
/// Why they may not do there what they want to.
pub(super) async fn seat(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    intent: Intent,
) -> Result<Seat> {
    match (conversation.kind, conversation.space_session_id, conversation.community_id) {
        (Kind::SpaceSession, Some(session), _) => in_session(db, actor, conversation, session, intent).await,
        (Kind::Room, _, Some(community)) => in_room(app, db, actor, conversation, community, intent).await,
        (Kind::Support, _, Some(community)) => {
            in_support(app, db, actor, conversation, community, intent).await
        }
        (Kind::Lounge, _, Some(community)) => in_talk(app, db, actor, conversation, community, intent).await,
        _ => Err(Error::NotFound("Conversation")),
    }
}

/// The talk with a lounge's agent is its customer's alone, as long as they are a member: not even the lounge's creator
/// reads it.
async fn in_talk(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    lounge: Uuid,
    intent: Intent,
) -> Result<Seat> {
    if conversation.customer_id.as_ref() != Some(&actor.id) {
        return Err(Error::NotFound("Conversation"));
    }
    let seat = in_room(app, db, actor, conversation, lounge, intent).await?;
    Ok(Seat { moderates: false, ..seat })
}

/// Members read, and speak unless they are muted, as long as the community is open.
async fn in_room(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    community: Uuid,
    intent: Intent,
) -> Result<Seat> {
    let refusal = intent.refusal();
    let own = match intent {
        Intent::Read => communities::get_current(app, db, actor, community, refusal).await?,
        Intent::Speak | Intent::Ask => communities::get_speaker(app, db, actor, community, refusal).await?,
    };
    Ok(Seat {
        conversation,
        moderates: communities::may(own.role, communities::Action::Moderate),
        valid_until: communities::valid_until(&own, app.clock.now()),
        person: Person::known_as(actor.clone(), own.display_name),
    })
}

/// The customer reads and speaks, a member or not, and so does the team; the community's agents are not asked by name.
async fn in_support(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    community: Uuid,
    intent: Intent,
) -> Result<Seat> {
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
        Intent::Read => {}
        Intent::Ask => return Err(Error::Forbidden("In this chat its own agent answers")),
        Intent::Speak if is_customer => _ = communities::get_active(db, community).await?,
        Intent::Speak => _ = communities::get_speaker(app, db, actor, community, NOT_SPEAKING).await?,
    }
    Ok(Seat {
        conversation,
        moderates: does(communities::Action::Moderate),
        // What another server changes of roles and bans is noticed then.
        valid_until: Some(app.clock.now() + DOUBT),
        person: match own {
            Some(own) => Person::known_as(actor.clone(), own.display_name),
            None => communities::known_in(db, community, actor.clone()).await?,
        },
    })
}

/// Whoever sees the space reads; its owner and those who take part speak, while the session lasts.
async fn in_session(
    db: &impl ConnectionTrait,
    actor: &User,
    conversation: conversation::Model,
    session: Uuid,
    intent: Intent,
) -> Result<Seat> {
    const HIDDEN: Error = Error::NotFound("Conversation");
    let session = space_session::Entity::find_by_id(session).one(db).await?.ok_or(HIDDEN)?;
    let space =
        spaces::get_visible(db, Some(actor), session.space_id).await.map_err(|error| match error {
            Error::NotFound(_) => HIDDEN,
            other => other,
        })?;
    let owns = space.owner_id == actor.id;
    if intent != Intent::Read {
        if !owns && !spaces::takes_part(db, session.id, &actor.id).await? {
            return Err(Error::Forbidden("Join the session to speak in it"));
        }
        if spaces::has_ended(session.status) {
            return Err(spaces::ended());
        }
    }
    Ok(Seat { conversation, person: actor.clone().into(), moderates: owns, valid_until: None })
}

/// The actor's place in a conversation, read without a lock.
///
/// # Errors
/// As [`seat()`], and where there is no such conversation.
pub(in crate::domain) async fn get_seat(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &User,
    target: &Target,
    intent: Intent,
) -> Result<Seat> {
    let found = conversation::Entity::find().filter(target.condition()).one(db).await?;
    seat(app, db, actor, found.ok_or_else(|| target.missing(intent))?, intent).await
}

/// A conversation that the actor may read; none where they may not know of it.
///
/// # Errors
/// Why they may not read what they may know of.
pub async fn find_readable(app: &App, actor: &User, target: &Target) -> Result<Option<Seat>> {
    match get_seat(app, app.db.read(), actor, target, Intent::Read).await {
        Ok(seat) => Ok(Some(seat)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a conversation must fulfil to be one of somebody's own: they are a member, take part in the session, or it is
/// for them; a support chat also while it is theirs to answer.
pub(super) fn own(user_id: &str, now: DateTime<Utc>) -> Condition {
    let as_member = conversation::Column::CommunityId.in_subquery(communities_of(user_id));
    let in_room = Condition::all().add(conversation::Column::Kind.eq(Kind::Room)).add(as_member.clone());
    let as_customer = Condition::all()
        .add(conversation::Column::CustomerId.eq(user_id))
        .add(conversation::Column::CommunityId.not_in_subquery(banned_from(user_id, now)))
        // The talk with a lounge takes a membership.
        .add(Condition::any().add(conversation::Column::Kind.ne(Kind::Lounge)).add(as_member));
    let assigned = support_chat::Entity::find()
        .select_only()
        .column(support_chat::Column::ConversationId)
        .filter(support_chat::Column::AssigneeId.eq(user_id))
        .filter(support_chat::Column::CommunityId.in_subquery(on_team(user_id)));
    // A union: each part by an index of its own. Alternatives in one condition would read the whole table.
    let ids = |condition: Condition| {
        conversation::Entity::find()
            .select_only()
            .column(conversation::Column::Id)
            .filter(condition)
            .into_query()
    };
    let mut all = ids(in_room);
    all.union(UnionType::All, ids(as_customer))
        .union(UnionType::All, assigned.into_query())
        .union(UnionType::All, ids(of_own_sessions(user_id)));
    Condition::all().add(conversation::Column::Id.in_subquery(all))
}

/// The communities whose customers somebody serves.
pub(super) fn on_team(user_id: &str) -> sea_orm::sea_query::SelectStatement {
    let serving = membership::Role::iter().filter(|role| communities::may(*role, communities::Action::Serve));
    let own = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(user_id))
        .filter(membership::Column::Role.is_in(serving));
    own.into_query()
}

/// The chats of a space's sessions.
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
