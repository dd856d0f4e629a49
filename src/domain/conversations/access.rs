//! Who may read and speak in a conversation, and as whom.

use chrono::{DateTime, Utc};
use entity::{
    conversation::{self, Kind},
    membership, participant, space_session,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::Person;
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
    pub conversation: conversation::Model,
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

pub(crate) fn session_scope(session: Uuid) -> String {
    format!("session:{session}")
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
        _ => Err(Error::NotFound("Conversation")),
    }
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
        Intent::Speak | Intent::Ask => {
            let own = communities::get_speaker(app, db, actor, community, refusal).await?;
            communities::get_active(db, community).await?;
            own
        }
    };
    Ok(Seat {
        conversation,
        moderates: communities::may(own.role, communities::Action::Moderate),
        valid_until: communities::valid_until(&own, app.clock.now()),
        person: Person::known_as(actor.clone(), own.display_name),
    })
}

/// Whoever sees the space reads; its owner and those who ever took part speak, while the session lasts.
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
/// for them.
pub(super) fn own(user_id: &str) -> Condition {
    let sessions = participant::Entity::find()
        .select_only()
        .column(participant::Column::SessionId)
        .filter(participant::Column::UserId.eq(user_id));
    let rooms = membership::Entity::find()
        .select_only()
        .column(membership::Column::CommunityId)
        .filter(membership::Column::UserId.eq(user_id));
    let in_room = Condition::all()
        .add(conversation::Column::Kind.eq(Kind::Room))
        .add(conversation::Column::CommunityId.in_subquery(rooms.into_query()));
    Condition::any()
        .add(in_room)
        .add(conversation::Column::CustomerId.eq(user_id))
        .add(conversation::Column::SpaceSessionId.in_subquery(sessions.into_query()))
}

/// Conversations by their ids, in no order, whoever asks: for those who have been shown what is in them.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_by_id(app: &App, ids: &[Uuid]) -> Result<Vec<conversation::Model>> {
    let of_these = conversation::Column::Id.is_in(ids.iter().copied());
    Ok(conversation::Entity::find().filter(of_these).all(app.db.read()).await?)
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
