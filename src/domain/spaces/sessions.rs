//! Sessions of a space: opened, listed, their state written by compare-and-set.

use entity::{
    conversation_event::Kind,
    participant,
    space_session::{self, Status},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryResult, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{
    access::{get_visible, visible},
    participants::{Join, enter, tell},
    rules,
};
use crate::{
    app::App,
    domain::{Error, Result, Slice, User, Window, conversations, newest_first, text},
};

/// A session and how many are connected to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SpaceSession {
    /// The row.
    pub session: space_session::Model,
    /// Participants who are there now.
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

/// Changes to a session; `None` leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub struct SessionChange {
    /// The app's own state, as a whole.
    pub state: Option<Value>,
    /// The version that the caller read; another one stored is refused.
    pub expected_version: Option<i64>,
    /// The app's own word for where it stands.
    pub phase: Option<String>,
    /// Where in its life it goes.
    pub status: Option<Status>,
}

/// Sessions with their counts, in one statement.
fn select() -> Select<space_session::Entity> {
    let connected = participant::Entity::find()
        .select_only()
        .expr(Expr::col((participant::Entity, participant::Column::Id)).count())
        .filter(
            Expr::col((participant::Entity, participant::Column::SessionId))
                .equals((space_session::Entity, space_session::Column::Id)),
        )
        .filter(participant::Column::IsConnected.eq(true));
    space_session::Entity::find().expr_as(connected.into_query(), "participant_count")
}

/// Opens a session in a space that the actor may see; the actor takes part at once.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn open_session(app: &App, actor: &User, space_id: Uuid) -> Result<SpaceSession> {
    let tx = app.begin(actor).await?;
    let space = get_visible(&tx, Some(actor), space_id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
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

/// The sessions of a space that the actor may see, newest first.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list_sessions(app: &App, actor: &User, space_id: Uuid) -> Result<Slice<SpaceSession>> {
    let space = get_visible(app.db.read(), Some(actor), space_id).await?;
    list_recent_sessions(app, space.id, None, false).await
}

/// The sessions of a space that the caller has already been shown.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_recent_sessions(
    app: &App,
    space_id: Uuid,
    window: Option<Window>,
    total: bool,
) -> Result<Slice<SpaceSession>> {
    let of_space = space_session::Column::SpaceId.eq(space_id);
    let total = if total {
        Some(space_session::Entity::find().filter(of_space.clone()).count(app.db.read()).await?)
    } else {
        None
    };
    // REST lists them all; a thousand is where even that ends.
    let window = window.unwrap_or(Window::Forward { limit: 1000, after: None });
    let list = select().filter(of_space);
    let list = newest_first(list, space_session::Column::CreatedAt, space_session::Column::Id, window);
    let rows = list.into_model().all(app.db.read()).await?;
    Ok(Slice::new(rows, window, total))
}

/// Finds a session of a space that the actor may see.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_session(app: &App, actor: &User, id: Uuid) -> Result<Option<SpaceSession>> {
    let seen = entity::space::Entity::find()
        .select_only()
        .column(entity::space::Column::Id)
        .filter(visible(Some(&actor.id)));
    Ok(select()
        .filter(space_session::Column::Id.eq(id))
        .filter(space_session::Column::SpaceId.in_subquery(seen.into_query()))
        .into_model()
        .one(app.db.read())
        .await?)
}

/// Writes a session's state, phase or status, if the version is the expected one. The space's owner and those who
/// take part may.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::VersionConflict`], [`Error::Conflict`] for
/// a status that cannot follow.
pub async fn update_session(
    app: &App,
    actor: &User,
    id: Uuid,
    change: SessionChange,
) -> Result<SpaceSession> {
    let tx = app.begin(actor).await?;
    // The row is locked, so that of two writers with one version the second sees the first's.
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
        if !state.is_object() {
            return Err(Error::invalid("state", "state must be an object"));
        }
        row.state = Set(rules::small("state", state)?);
    }
    if let Some(phase) = change.phase {
        row.current_phase = Set(Some(text::at_most("phase", phase, 100)?));
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
    tell(app, &tx, id, Kind::SessionChanged, actor).await?;
    tx.commit(session).await
}

/// A session with its count, for those who have been shown it.
pub(super) async fn get_session(db: &impl ConnectionTrait, id: Uuid) -> Result<SpaceSession> {
    let found = select().filter(space_session::Column::Id.eq(id)).into_model().one(db).await?;
    found.ok_or(Error::NotFound("Session"))
}

/// waiting → active ↔ paused → finished | cancelled; what waits can be cancelled too.
fn may_follow(from: Status, to: Status) -> bool {
    use Status::{Active, Cancelled, Finished, Paused, Waiting};
    matches!(
        (from, to),
        (Waiting, Active | Cancelled)
            | (Active, Paused | Finished | Cancelled)
            | (Paused, Active | Finished | Cancelled)
    )
}

/// Whether a session is over.
pub(in crate::domain) fn has_ended(status: Status) -> bool {
    matches!(status, Status::Finished | Status::Cancelled)
}

/// The refusal of what an ended session does not do.
pub(in crate::domain) fn ended() -> Error {
    Error::Conflict("The session has ended".to_owned())
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Active => "active",
        Status::Paused => "paused",
        Status::Finished => "finished",
        Status::Cancelled => "cancelled",
    }
}

/// Whether somebody takes part in a session and has not left it.
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
