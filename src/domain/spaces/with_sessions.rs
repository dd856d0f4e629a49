//! A space with its owner and all its sessions, in one statement. On PostgreSQL requests that arrive at once share the
//! statement, whatever space they ask for.
//!
//! The statement is text that is generated once: generating it for each request costs more than the rest of the
//! server's work.

use std::sync::LazyLock;

use entity::{space, space_session};
use sea_orm::{
    ConnectionTrait, DatabaseBackend, FromQueryResult, Iterable, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, RelationTrait, Statement, Value,
    sea_query::{Expr, ExprTrait, Iden, PostgresQueryBuilder, SimpleExpr, SqliteQueryBuilder},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    access::visible_to_expr,
    rows::{self, SpaceRow},
    sessions::{MAX_SESSIONS, SpaceSession, connected},
};
use crate::{
    app::App,
    database::{Batch, BatchLimits, Outcome},
    domain::{User, failed_batch, shared_read},
    error::Result,
};

/// Begins the names of a session's columns.
const SESSION: &str = "session_";
/// Name of the column with the place of the request.
const PLACE: &str = "place";

/// A space with its owner and its sessions.
type SpaceWithSessions = (SpaceRow, Vec<SpaceSession>);

/// Returns a space that the actor may see, with its owner and its newest thousand sessions, newest first, on request without
/// their states.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] if too many requests wait.
pub async fn find_with_sessions(
    app: &App,
    actor: Option<&User>,
    id: Uuid,
    with_state: bool,
) -> Result<Option<SpaceWithSessions>> {
    let actor = actor.map(|actor| actor.id.clone());
    if app.db.backend() != DatabaseBackend::Postgres {
        return find_one(app, actor, id, with_state).await;
    }
    shared_read::outcome(app.batchers.submit::<Spaces>(app, with_state, SpaceRequest { id, actor }).await)
}

/// Requests for spaces with or without the states of their sessions.
struct Spaces;

/// A space that an actor asks for.
struct SpaceRequest {
    id: Uuid,
    actor: Option<String>,
}

impl Batch for Spaces {
    type Context = App;
    type Key = bool;
    type Request = SpaceRequest;
    type Output = Result<Option<SpaceWithSessions>>;

    const NAME: &'static str = "spaces";
    // A space with a thousand sessions with states can be large.
    const LIMITS: BatchLimits = BatchLimits { requests: 32, ..BatchLimits::DEFAULT };

    fn weight(wanted: &SpaceRequest) -> usize {
        size_of::<SpaceRequest>() + wanted.actor.as_ref().map_or(0, String::len)
    }

    async fn run(
        app: App,
        with_state: bool,
        wanted: Vec<SpaceRequest>,
    ) -> Vec<Outcome<SpaceRequest, Self::Output>> {
        match find_each(&app, &wanted, with_state).await {
            Ok(found) => found.into_iter().map(|found| Outcome::Done(Ok(found))).collect(),
            Err(error) => failed_batch::share(error, wanted.len()),
        }
    }
}

/// The statements for SQLite: of one space, whose id and actor are the values; without and with states.
static OF_ONE: LazyLock<[String; 2]> = LazyLock::new(|| {
    [Some("'{}'"), None].map(|state| select("?1", "?2", state).into_query().to_string(SqliteQueryBuilder))
});

/// The statements for PostgreSQL: of the spaces in a list, which is the value; without and with states.
static OF_EACH: LazyLock<[String; 2]> = LazyLock::new(|| {
    [Some("CAST('{}' AS jsonb)"), None].map(|state| {
        let one = select("wanted.id", "wanted.actor", state).into_query().to_string(PostgresQueryBuilder);
        format!(
            "SELECT wanted.{PLACE}, found.* \
             FROM json_to_recordset($1::json) AS wanted({PLACE} int, id uuid, actor text) \
             CROSS JOIN LATERAL ({one}) AS found"
        )
    })
});

async fn find_one(
    app: &App,
    actor: Option<String>,
    id: Uuid,
    with_state: bool,
) -> Result<Option<SpaceWithSessions>> {
    let db = app.db.read();
    let sql = OF_ONE[usize::from(with_state)].as_str();
    let values = [Value::from(id), Value::from(actor)];
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    read(&rows.iter().collect::<Vec<_>>())
}

/// Finds the spaces of several requests, in their order.
async fn find_each(
    app: &App,
    wanted: &[SpaceRequest],
    with_state: bool,
) -> Result<Vec<Option<SpaceWithSessions>>> {
    let db = app.db.read();
    let list: Vec<_> = wanted
        .iter()
        .enumerate()
        .map(|(place, wanted)| json!({ PLACE: place, "id": wanted.id, "actor": wanted.actor }))
        .collect();
    let sql = OF_EACH[usize::from(with_state)].as_str();
    let values = [Value::from(serde_json::Value::Array(list).to_string())];
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let mut of_each: Vec<Vec<&QueryResult>> = wanted.iter().map(|_| Vec::new()).collect();
    for row in &rows {
        let place: i32 = row.try_get("", PLACE)?;
        if let Some(own) = usize::try_from(place).ok().and_then(|place| of_each.get_mut(place)) {
            own.push(row);
        }
    }
    of_each.iter().map(|rows| read(rows)).collect()
}

/// Reads a space from its rows, one for each session; a space without sessions is a row without a session.
fn read(rows: &[&QueryResult]) -> Result<Option<SpaceWithSessions>> {
    let Some(first) = rows.first() else { return Ok(None) };
    let space = rows::read(first)?;
    if first.try_get::<Option<Uuid>>(SESSION, "id")?.is_none() {
        return Ok(Some((space, Vec::new())));
    }
    let sessions = rows.iter().map(|row| SpaceSession::from_query_result(row, SESSION));
    Ok(Some((space, sessions.collect::<Result<_, _>>()?)))
}

/// Selects the space with this id that this actor may see, and its sessions with `state` instead of their own states, if
/// given. All three are expressions of SQL.
fn select(
    id: &'static str,
    actor: &'static str,
    state: Option<&'static str>,
) -> sea_orm::Select<space::Entity> {
    let mut select = rows::select_with(true, in_first_row)
        .join_rev(JoinType::LeftJoin, space_session::Relation::Space.def())
        .expr_as(connected().into_query(), format!("{SESSION}participant_count"));
    for column in space_session::Column::iter() {
        let alias = format!("{SESSION}{}", column.to_string());
        select = match (column, state) {
            (space_session::Column::State, Some(state)) => select.expr_as(Expr::cust(state), alias),
            (column, _) => select.column_as(column, alias),
        };
    }
    select
        .filter(Expr::col((space::Entity, space::Column::Id)).eq(Expr::cust(id)))
        .filter(visible_to_expr(actor))
        .order_by_desc(space_session::Column::CreatedAt)
        .order_by_desc(space_session::Column::Id)
        .limit(MAX_SESSIONS)
}

/// The value of a long column, in the first row only: each session is a row.
fn in_first_row(column: space::Column) -> SimpleExpr {
    Expr::cust(format!(
        "CASE WHEN ROW_NUMBER() OVER (ORDER BY space_sessions.created_at DESC, space_sessions.id DESC) = 1 \
         THEN spaces.{} END",
        column.to_string()
    ))
}
