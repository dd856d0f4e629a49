//! Sessions of a space: opened, listed, their state written by compare-and-set.

use std::collections::HashMap;

use entity::{
    conversation_event::Kind,
    participant,
    space_session::{self, Status},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, Iterable,
    Order as Direction, PaginatorTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Iden},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{
    access::{get_visible, hold, visible},
    participants::{Join, enter, record_participant},
    rules,
    session_status::{ended, has_ended, word},
};
use crate::{
    app::App,
    domain::{Order, PageRows, User, Window, conversations, count_each, newest_first},
    error::{Error, Result},
};

/// A session with its participant count.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SpaceSession {
    /// The session.
    pub session: space_session::Model,
    /// Number of connected participants.
    pub participant_count: i64,
}

impl FromQueryResult for SpaceSession {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            session: space_session::Model::from_query_result(row, prefix)?,
            participant_count: row.try_get(prefix, "participant_count")?,
        })
    }
}

/// Changes of a session; `None` keeps a value.
#[derive(Clone, Debug, Default)]
pub struct SessionChange {
    /// Replaces the app's state, an object of maximum 64 KiB; `Some(None)` empties it.
    pub state: Option<Option<Value>>,
    /// Version that the caller has read; a different stored version is refused.
    pub expected_version: Option<i64>,
    /// Phase of the session, defined by the app; `Some(None)` removes it.
    pub phase: Option<Option<String>>,
    /// New status.
    pub status: Option<Status>,
}

/// Maximum number of open sessions of a space that a user who opens another one takes part in.
const MAX_OPEN: u64 = 500;
/// Maximum number of sessions of a list without pages.
pub(super) const MAX_SESSIONS: u64 = 1000;

/// Selects sessions with their participant counts, in one statement.
fn select() -> Select<space_session::Entity> {
    space_session::Entity::find().expr_as(connected().into_query(), "participant_count")
}

/// The same without the states, which may be long: each is an empty object.
fn select_without_state() -> Select<space_session::Entity> {
    let mut select = space_session::Entity::find().select_only();
    for column in space_session::Column::iter() {
        select = select.column_as(without_state(column), column.to_string());
    }
    select.expr_as(connected().into_query(), "participant_count")
}

/// Returns the expression of a column, and an empty object for the state.
fn without_state(column: space_session::Column) -> Expr {
    match column {
        space_session::Column::State => Expr::val(Value::Object(Default::default())),
        column => Expr::col((space_session::Entity, column)),
    }
}

/// Selects the number of connected participants of the session of the statement around it.
pub(super) fn connected() -> Select<participant::Entity> {
    participant::Entity::find()
        .select_only()
        .expr(Expr::col((participant::Entity, participant::Column::Id)).count())
        .filter(
            Expr::col((participant::Entity, participant::Column::SessionId))
                .equals((space_session::Entity, space_session::Column::Id)),
        )
        .filter(participant::Column::IsConnected.eq(true))
}

/// Opens a session in a space that the actor may see, with the actor as participant.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] for an actor who takes part in 500 open sessions of the space.
pub async fn open_session(app: &App, actor: &User, space_id: Uuid) -> Result<SpaceSession> {
    let tx = app.begin(actor).await?;
    hold(&tx, space_id).await?;
    let space = get_visible(&tx, Some(actor), space_id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    refuse_many(&tx, actor, space.id).await?;
    let now = app.clock.now();
    let session = space_session::ActiveModel {
        id: Set(app.new_id()?),
        space_id: Set(space.id),
        status: Set(Status::Waiting),
        state: Set(Value::Object(Default::default())),
        version: Set(0),
        current_phase: Set(None),
        prize_pool: Set(0),
        started_at: Set(None),
        finished_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(&tx)
    .await?;
    conversations::open_for_session(app, &tx, session.id).await?;
    enter(app, &tx, actor, session.id, &Join::default(), None).await?;
    tx.commit(SpaceSession { session, participant_count: 1 }).await
}

/// Refuses an actor who takes part in too many open sessions of a space. The space is locked.
async fn refuse_many(tx: &impl ConnectionTrait, actor: &User, space_id: Uuid) -> Result<()> {
    let open = participant::Entity::find()
        .inner_join(space_session::Entity)
        .filter(participant::Column::UserId.eq(&actor.id))
        .filter(space_session::Column::SpaceId.eq(space_id))
        .filter(space_session::Column::Status.is_not_in([Status::Finished, Status::Cancelled]))
        .count(tx)
        .await?;
    if open >= MAX_OPEN {
        return Err(Error::Conflict(format!(
            "You take part in {MAX_OPEN} open sessions of this space; end or leave one first"
        )));
    }
    Ok(())
}

/// Lists the sessions of a space that the actor may see, newest first, on request without their states.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list_sessions(
    app: &App,
    actor: &User,
    space_id: Uuid,
    with_state: bool,
) -> Result<PageRows<SpaceSession>> {
    let space = get_visible(app.db.read(), Some(actor), space_id).await?;
    list_all_sessions(app, space.id, with_state).await
}

/// The newest thousand sessions of a space that the caller has already been shown, on request without their states.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_all_sessions(
    app: &App,
    space_id: Uuid,
    with_state: bool,
) -> Result<PageRows<SpaceSession>> {
    let window = Window::Forward { limit: MAX_SESSIONS, after: None };
    let list = if with_state { select() } else { select_without_state() };
    let list = list.filter(space_session::Column::SpaceId.eq(space_id));
    let list = newest_first(list, space_session::Column::CreatedAt, space_session::Column::Id, window);
    Ok(PageRows::new(list.into_model().all(app.db.read()).await?, window, None))
}

/// The sessions of spaces that the caller has already been shown, newest first, by space: the same part of each, in one
/// statement, and in another their totals.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_recent_sessions(
    app: &App,
    spaces: &[Uuid],
    window: Window,
    total: bool,
) -> Result<HashMap<Uuid, PageRows<SpaceSession>>> {
    use space_session::Column;
    let (db, all) = (app.db.read(), Condition::all());
    let totals = if total {
        Some(count_each::<space_session::Entity>(db, all.clone(), Column::SpaceId, spaces).await?)
    } else {
        None
    };
    let order = Order { rank: None, at: Column::CreatedAt, id: Column::Id, direction: Direction::Desc };
    let list = order.parts(select(), &all, Column::SpaceId, spaces, window);
    let rows: Vec<SpaceSession> = list.into_model().all(db).await?;
    Ok(PageRows::of_each(spaces, rows, |row| row.session.space_id, window, totals.as_ref()))
}

/// Returns those of these sessions whose spaces the actor may see, in no order.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_visible_sessions(app: &App, actor_id: &str, ids: &[Uuid]) -> Result<Vec<SpaceSession>> {
    let seen = entity::space::Entity::find()
        .select_only()
        .column(entity::space::Column::Id)
        .filter(visible(Some(actor_id)));
    Ok(select()
        .filter(space_session::Column::Id.is_in(ids.iter().copied()))
        .filter(space_session::Column::SpaceId.in_subquery(seen.into_query()))
        .into_model()
        .all(app.db.read())
        .await?)
}

/// Finds a session of a space that the actor may see.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_session(app: &App, actor: &User, id: Uuid) -> Result<Option<SpaceSession>> {
    Ok(list_visible_sessions(app, &actor.id, &[id]).await?.pop())
}

/// Changes state, phase or status of a session if its version is the expected one. Owner of the space and
/// participants only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::VersionConflict`],
/// [`Error::Conflict`] for a status transition that is not allowed.
pub async fn update_session(
    app: &App,
    actor: &User,
    id: Uuid,
    change: SessionChange,
) -> Result<SpaceSession> {
    let tx = app.begin(actor).await?;
    // The row is locked, so that of two writers with one version the second sees the first's change.
    let found = space_session::Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
    let session = found.ok_or(Error::NotFound("Session"))?;
    let space = get_visible(&tx, Some(actor), session.space_id).await.map_err(|error| match error {
        Error::NotFound(_) => Error::NotFound("Session"),
        other => other,
    })?;
    if space.owner_id != actor.id && !takes_part(&tx, id, &actor.id).await? {
        return Err(Error::Forbidden("Only the space's owner and participants can change a session"));
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if change.state.is_none() && change.phase.is_none() && change.status.is_none() {
        return Err(Error::invalid("input", "No fields to update"));
    }
    if let Some(expected) = change.expected_version.filter(|expected| *expected != session.version) {
        return Err(Error::VersionConflict { expected, actual: session.version });
    }
    let now = app.clock.now();
    let (from, version) = (session.status, session.version);
    let started = session.started_at;
    let mut row = session.into_active_model();
    if let Some(state) = change.state {
        let state = state.unwrap_or_else(|| Value::Object(Default::default()));
        if !state.is_object() {
            return Err(Error::invalid("state", "state must be an object"));
        }
        row.state = Set(rules::small("state", state)?);
    }
    if let Some(phase) = change.phase {
        row.current_phase = Set(phase.map(rules::phase).transpose()?);
    }
    match change.status.filter(|to| *to != from) {
        Some(to) if !may_follow(from, to) => {
            let (from, to) = (word(from), word(to));
            return Err(Error::Conflict(format!("A session that is {from} cannot become {to}")));
        }
        Some(to) => {
            row.status = Set(to);
            if to == Status::Active && started.is_none() {
                row.started_at = Set(Some(now));
            }
            if has_ended(to) {
                row.finished_at = Set(Some(now));
            }
        }
        None if has_ended(from) => return Err(ended()),
        None => {}
    }
    row.version = Set(version + 1);
    row.updated_at = Set(now);
    row.update(&tx).await?;
    let session = get_session(&tx, id).await?;
    record_participant(app, &tx, id, Kind::SessionChanged, actor).await?;
    tx.commit(session).await
}

/// Returns a session with its participant count, without an access check.
pub(super) async fn get_session(db: &impl ConnectionTrait, id: Uuid) -> Result<SpaceSession> {
    let found = select().filter(space_session::Column::Id.eq(id)).into_model().one(db).await?;
    found.ok_or(Error::NotFound("Session"))
}

/// Status transitions: waiting → active ↔ paused → finished
///
/// cancelled; a waiting session can be cancelled too.
fn may_follow(from: Status, to: Status) -> bool {
    use Status::{Active, Cancelled, Finished, Paused, Waiting};
    matches!(
        (from, to),
        (Waiting, Active | Cancelled)
            | (Active, Paused | Finished | Cancelled)
            | (Paused, Active | Finished | Cancelled)
    )
}

/// Returns whether a user is a connected participant of a session.
pub(in crate::domain) async fn takes_part(
    db: &impl ConnectionTrait,
    session: Uuid,
    user: &str,
) -> Result<bool> {
    let count = participant::Entity::find()
        .filter(participant::Column::SessionId.eq(session))
        .filter(participant::Column::UserId.eq(user))
        .filter(participant::Column::IsConnected.eq(true))
        .count(db)
        .await?;
    Ok(count > 0)
}
