//! Participants of space sessions.

use entity::{
    conversation_event::Kind,
    participant::{self, ControlMode},
    space_session, user,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, Order as Direction, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    access::{get_visible, hold},
    rules,
    session_status::{ended, has_ended},
};
use crate::{
    app::{App, Change},
    domain::{Order, UnitOfWork, User, Window, agents, conversations},
    error::{Error, Result},
};

/// Options of joining a session.
#[derive(Clone, Debug, Default)]
pub struct Join {
    /// Agent that plays for the participant; must be their own.
    pub agent_id: Option<String>,
    /// Role in the session, 1 to 50 characters; default `player`.
    pub role: Option<String>,
    /// Control of the participant's moves: by the user (default), by an agent or by both.
    pub control_mode: Option<ControlMode>,
}

/// Result of joining.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Joined {
    /// The participant, connected.
    pub participant: participant::Model,
    /// Whether the participant is new; `false` for a reconnection.
    pub created: bool,
}

/// Joins a session; idempotent, reconnects a participant who left.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Conflict`] if the session has ended.
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

/// Leaves a session; idempotent.
///
/// # Errors
/// [`Error::NotFound`] for the session, [`Error::Missing`] if the actor never participated.
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

/// Disconnects a participant and revalidates their access grants after commit.
pub(super) async fn disconnect(
    app: &App,
    tx: &UnitOfWork,
    participant: participant::Model,
    who: User,
) -> Result<participant::Model> {
    let mut row = participant.into_active_model();
    row.is_connected = Set(false);
    row.left_at = Set(Some(app.clock.now()));
    let participant = row.update(tx).await?;
    record_participant(app, tx, participant.session_id, Kind::ParticipantLeft, &who).await?;
    tx.publish([Change::Rights(who.id)]);
    Ok(participant)
}

/// Returns the actor's participant, also in a space that they may no longer see.
async fn get_own(
    tx: &UnitOfWork,
    actor: &User,
    space_id: Option<Uuid>,
    session_id: Uuid,
) -> Result<participant::Model> {
    let session = lock(tx, space_id, session_id).await?;
    if let Some(session) = &session
        && let Some(own) = find(tx, session.id, &actor.id).await?
    {
        return Ok(own);
    }
    get_of_space(tx, actor, space_id, session_id).await?;
    Err(Error::Missing("Not in this session"))
}

/// Lists the first `most` participants of each of these sessions, in the order of joining.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_participants(
    app: &App,
    sessions: &[Uuid],
    most: u64,
) -> Result<Vec<(participant::Model, Option<User>)>> {
    use participant::{Column, Entity};
    let order = Order { rank: None, at: Column::JoinedAt, id: Column::Id, direction: Direction::Asc };
    // The statement reads one row more than the window has.
    let window = Window::Forward { limit: most.saturating_sub(1), after: None };
    let select = order.parts(Entity::find(), &Condition::all(), Column::SessionId, sessions, window);
    Ok(select.find_also_related(user::Entity).all(app.db.read()).await?)
}

/// Inserts or reconnects the actor's participant.
pub(super) async fn enter(
    app: &App,
    tx: &UnitOfWork,
    actor: &User,
    session_id: Uuid,
    join: &Join,
    agent_id: Option<Uuid>,
) -> Result<Joined> {
    let role = match join.role.as_deref() {
        Some(role) => rules::ROLE.check(role)?,
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
    // The unique key decides between concurrent joins: one inserts, the others find its row.
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
    record_participant(app, tx, session_id, Kind::ParticipantJoined, actor).await?;
    Ok(Joined { participant, created })
}

/// Validates the id of an active agent of the actor's.
async fn get_own_agent(tx: &impl ConnectionTrait, actor: &User, id: &str) -> Result<Uuid> {
    let found = match Uuid::try_parse(id) {
        Ok(id) => agents::find_active(tx, id).await?,
        Err(_) => None,
    };
    let own = found.filter(|listing| listing.owner_id == actor.id);
    own.map(|listing| listing.id).ok_or_else(|| Error::invalid("agentId", "Agent not found or not yours"))
}

/// Records a participant's event in the session's conversation.
pub(super) async fn record_participant(
    app: &App,
    tx: &UnitOfWork,
    session: Uuid,
    kind: Kind,
    actor: &User,
) -> Result<()> {
    let now = app.clock.now();
    tx.publish(conversations::record_in_session(tx, now, session, kind, actor.clone().into()).await?);
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

/// Locks the session after its space, and returns it if it belongs to the space.
async fn lock(
    tx: &impl ConnectionTrait,
    space_id: Option<Uuid>,
    session_id: Uuid,
) -> Result<Option<space_session::Model>> {
    let found = space_session::Entity::find_by_id(session_id).one(tx).await?;
    let of_space = found.filter(|session| space_id.is_none_or(|id| id == session.space_id));
    let Some(session) = of_space else { return Ok(None) };
    hold(tx, session.space_id).await?;
    Ok(space_session::Entity::find_by_id(session_id).lock_exclusive().one(tx).await?)
}

/// Locks and returns the session; [`Error::NotFound`] unless it belongs to the space and the actor may see
/// that.
pub(super) async fn get_of_space(
    tx: &impl ConnectionTrait,
    actor: &User,
    space_id: Option<Uuid>,
    session_id: Uuid,
) -> Result<space_session::Model> {
    const SESSION_NOT_FOUND: Error = Error::NotFound("Session");
    let session = lock(tx, space_id, session_id).await?.ok_or(SESSION_NOT_FOUND)?;
    get_visible(tx, Some(actor), session.space_id).await.map_err(|error| match error {
        Error::NotFound(_) => SESSION_NOT_FOUND,
        other => other,
    })?;
    Ok(session)
}
