//! Taking part in a session: joined once however often one joins, left, listed.

use entity::{
    conversation_event::Kind,
    participant::{self, ControlMode},
    space_session, user,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    access::get_visible,
    sessions::{ended, has_ended},
};
use crate::{
    app::App,
    domain::{Error, Result, User, Write, agents, conversations, text},
};

/// How somebody joins.
#[derive(Clone, Debug, Default)]
pub struct Join {
    /// The agent that plays for them; it must be their own.
    pub agent_id: Option<String>,
    /// What they are in the session; `player` unless given.
    pub role: Option<String>,
    /// Who decides their moves; a person unless given.
    pub control_mode: Option<ControlMode>,
}

/// A participant and whether joining made it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Joined {
    /// The participant, connected.
    pub participant: participant::Model,
    /// False when they had taken part before.
    pub created: bool,
}

/// Joins a session; joining again reconnects and changes nothing else.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Conflict`] when the session is over.
pub async fn join(
    app: &App,
    actor: &User,
    space_id: Option<Uuid>,
    session_id: Uuid,
    join: Join,
) -> Result<Joined> {
    let tx = app.begin(actor).await?;
    if let Some(space_id) = space_id {
        get_visible(&tx, Some(actor), space_id).await?;
    }
    let session = get_of_space(&tx, actor, space_id, session_id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let agent_id = match &join.agent_id {
        Some(id) => Some(get_own_agent(&tx, actor, id).await?),
        None => None,
    };
    if has_ended(session.status) {
        return Err(ended());
    }
    let joined = enter(app, &tx, actor, session.id, &join, agent_id).await?;
    tx.commit(joined).await
}

/// Leaves a session; leaving again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for the session, [`Error::Missing`] for one who never took part.
pub async fn leave(
    app: &App,
    actor: &User,
    space_id: Option<Uuid>,
    session_id: Uuid,
) -> Result<participant::Model> {
    let tx = app.begin(actor).await?;
    let participant = get_own(&tx, actor, space_id, session_id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if !participant.is_connected {
        return tx.commit(participant).await;
    }
    let participant = disconnect(app, &tx, participant, actor.clone()).await?;
    tx.commit(participant).await
}

/// Ends somebody's part in a session. Whatever they listen to asks again whether they may.
pub(super) async fn disconnect(
    app: &App,
    tx: &Write,
    participant: participant::Model,
    who: User,
) -> Result<participant::Model> {
    let mut row = participant.into_active_model();
    row.is_connected = Set(false);
    row.left_at = Set(Some(app.clock.now()));
    let participant = row.update(tx).await?;
    tell(app, tx, participant.session_id, Kind::ParticipantLeft, &who).await?;
    tx.after(move |app| app.access.changed(&who.id));
    Ok(participant)
}

/// The actor's own part in a session, which they know of even where the space is hidden from them by now.
async fn get_own(
    tx: &Write,
    actor: &User,
    space_id: Option<Uuid>,
    session_id: Uuid,
) -> Result<participant::Model> {
    let session = space_session::Entity::find_by_id(session_id).lock_exclusive().one(tx).await?;
    let session = session.filter(|session| space_id.is_none_or(|id| id == session.space_id));
    if let Some(session) = &session
        && let Some(own) = find(tx, session.id, &actor.id).await?
    {
        return Ok(own);
    }
    get_of_space(tx, actor, space_id, session_id).await?;
    Err(Error::Missing("Not in this session"))
}

/// Who takes part in these sessions, in the order they joined.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_participants(
    app: &App,
    sessions: &[Uuid],
) -> Result<Vec<(participant::Model, Option<User>)>> {
    Ok(participant::Entity::find()
        .filter(participant::Column::SessionId.is_in(sessions.iter().copied()))
        .find_also_related(user::Entity)
        .order_by_asc(participant::Column::JoinedAt)
        .order_by_asc(participant::Column::Id)
        .all(app.db.read())
        .await?)
}

/// Makes or reconnects the actor's participant.
pub(super) async fn enter(
    app: &App,
    tx: &Write,
    actor: &User,
    session_id: Uuid,
    join: &Join,
    agent_id: Option<Uuid>,
) -> Result<Joined> {
    let role = match join.role.as_deref() {
        Some(role) => text::name("role", role, 50, "role must be 1-50 characters")?,
        None => "player".to_owned(),
    };
    let new = participant::ActiveModel {
        id: Set(app.new_id()?),
        session_id: Set(session_id),
        user_id: Set(actor.id.clone()),
        agent_id: Set(agent_id),
        role: Set(role),
        control_mode: Set(join.control_mode.unwrap_or(ControlMode::Human)),
        is_connected: Set(true),
        joined_at: Set(app.clock.now()),
        left_at: Set(None),
    };
    // The unique key decides between joins at once: one inserts, the others find its row.
    let made = participant::Entity::insert(new)
        .on_conflict(
            OnConflict::columns([participant::Column::SessionId, participant::Column::UserId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    let created = made > 0;
    let participant = find(tx, session_id, &actor.id).await?.ok_or(Error::NotFound("Session"))?;
    if participant.is_connected && !created {
        return Ok(Joined { participant, created });
    }
    let participant = if created {
        participant
    } else {
        let mut row = participant.into_active_model();
        row.is_connected = Set(true);
        row.update(tx).await?
    };
    tell(app, tx, session_id, Kind::ParticipantJoined, actor).await?;
    Ok(Joined { participant, created })
}

/// An agent that answers and that the actor wrote.
async fn get_own_agent(tx: &impl ConnectionTrait, actor: &User, id: &str) -> Result<Uuid> {
    let found = match Uuid::try_parse(id) {
        Ok(id) => agents::find_active(tx, id).await?,
        Err(_) => None,
    };
    let own = found.filter(|listing| listing.owner_id == actor.id);
    own.map(|listing| listing.id).ok_or_else(|| Error::invalid("agentId", "Agent not found or not yours"))
}

/// Writes what happened to a session into the log of its chat.
pub(super) async fn tell(app: &App, tx: &Write, session: Uuid, kind: Kind, actor: &User) -> Result<()> {
    let now = app.clock.now();
    tx.tell(conversations::record_in_session(tx, now, session, kind, actor.clone().into()).await?);
    Ok(())
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    session: Uuid,
    user: &str,
) -> Result<Option<participant::Model>> {
    Ok(participant::Entity::find()
        .filter(participant::Column::SessionId.eq(session))
        .filter(participant::Column::UserId.eq(user))
        .one(db)
        .await?)
}

/// The session, locked; not found unless it belongs to the space and the actor may see that.
pub(super) async fn get_of_space(
    tx: &impl ConnectionTrait,
    actor: &User,
    space_id: Option<Uuid>,
    session_id: Uuid,
) -> Result<space_session::Model> {
    const HIDDEN: Error = Error::NotFound("Session");
    let found = space_session::Entity::find_by_id(session_id).lock_exclusive().one(tx).await?;
    let session = found.filter(|session| space_id.is_none_or(|id| id == session.space_id)).ok_or(HIDDEN)?;
    get_visible(tx, Some(actor), session.space_id).await.map_err(|error| match error {
        Error::NotFound(_) => HIDDEN,
        other => other,
    })?;
    Ok(session)
}
